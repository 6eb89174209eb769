"""Checking: what the evidence carries, what goes back with a question, which sample is drawn."""
