"""Template tags about people's texts."""
