"""The pages of relations, needs and agreements."""
