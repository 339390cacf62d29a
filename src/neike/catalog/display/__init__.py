"""How plans and changes of the catalogue are put into words and pictures."""
