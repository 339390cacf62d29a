"""Forms of the pages about relations, needs and agreements."""
