"""Files and links beside a question."""
