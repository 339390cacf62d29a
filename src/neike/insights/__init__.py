"""What the log says: who serves whom, how promises were kept, who waits for whom."""
