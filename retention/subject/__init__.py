"""Everything that is kept of one person, for that person (AVG, articles 15 and 20)."""
