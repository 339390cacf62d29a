"""How needs and agreements are shown: in words, and as drawings."""
