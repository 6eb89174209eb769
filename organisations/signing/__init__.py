"""Signing in: what a session has proven, the second factor, one's own sessions, and the pages about these."""
