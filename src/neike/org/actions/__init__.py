"""What people can do to the organisation."""
