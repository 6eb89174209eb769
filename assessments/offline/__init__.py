"""Answering without a connection: a workbook, and reading it back."""
