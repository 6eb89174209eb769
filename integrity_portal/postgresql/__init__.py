"""Django's way to PostgreSQL, with what the portal needs besides (an ENGINE of Django's DATABASES)."""
