"""Who serves whom inside the organisation: relations, needs, agreements."""
