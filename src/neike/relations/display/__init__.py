"""Relations, needs and agreements as pages show them: in words, and as drawings."""
