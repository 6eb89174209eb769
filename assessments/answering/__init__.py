"""What a contributor works at: their questions, a theme with its cards, saving, handing in."""
