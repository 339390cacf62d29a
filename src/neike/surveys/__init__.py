"""What the served say: ratings of requests and legs."""
