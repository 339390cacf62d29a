"""Database objects Django does not know (triggers), re-installed after every migrate."""
