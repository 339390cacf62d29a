"""Taking the organisation over from a table: read a file, plan what would change, apply it row by row."""
