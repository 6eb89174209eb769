#!/usr/bin/env python
"""Runs the management commands of the portal."""

import os
import sys

from django.core.management import execute_from_command_line

from organisations import walls

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "integrity_portal.settings")
    walls.lift_outside_requests()  # whoever runs commands has the database anyway
    execute_from_command_line(sys.argv)
