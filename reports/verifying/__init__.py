"""Verifying a report: what is in the file, recomputed and compared. Pure: no Django, no database."""
