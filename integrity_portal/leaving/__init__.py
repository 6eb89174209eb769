"""An organisation's way out: everything of it in one archive, restored elsewhere, and then removed here."""
