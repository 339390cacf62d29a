"""What departments tell their customers: pages, banners, and the requests of a major incident."""
