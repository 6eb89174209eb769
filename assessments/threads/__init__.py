"""Talking beside the answers."""
