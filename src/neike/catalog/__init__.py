"""What departments offer: services, request forms and versioned service standards."""
