"""The WSGI entry point."""

import os

from django.core.wsgi import get_wsgi_application
from django.urls import resolve

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "integrity_portal.settings")

application = get_wsgi_application()
resolve("/")  # loads all views now: gunicorn's processes share what is loaded before they are forked
