"""Verifies a report as `python -m reports.verify` does, and says what this portal knows of it."""

import sys
from argparse import ArgumentParser, Namespace
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from reports.recognising import LIBRARY, standing_lines
from reports.verify import add_options, run


class Command(BaseCommand):
    help = (
        "Verifies a report (PDF or JSON): exit status 0 when all is right, 1 for a difference, 2 unreadable."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        add_options(parser)

    def handle(self, **options: Any) -> None:
        options["roots"] = options["roots"] or settings.SEAL_ROOTS
        if status := run(Namespace(**options), LIBRARY, standing_lines):
            sys.exit(status)
