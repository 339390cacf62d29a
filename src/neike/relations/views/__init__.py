"""Pages of relations: one's own, one relation, those of a department, needs and agreements."""
