"""Live updates as they are served: several server processes on one database, and a browser."""
