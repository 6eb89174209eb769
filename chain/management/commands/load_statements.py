from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from chain.models import ChangedText, PublishedStatements, TamperedDocument
from chain.reading import FaultyQuestionnaire, read_statements


class Command(BaseCommand):
    help = "Publishes the lists of statements in a folder of YAML files, all or none. Repeatable."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", help="such as fixtures/statements")

    def handle(self, *args: Any, **options: Any) -> None:
        files = sorted(Path(options["folder"]).glob("*.yaml"))
        if not files:
            raise CommandError(f"There are no YAML files in {options['folder']}.")
        try:
            with transaction.atomic():
                for file in files:
                    row, created = PublishedStatements.objects.publish(read_statements(file))
                    said = "published" if created else "was published already, nothing changed"
                    self.stdout.write(f"{row} ({row.digest[:12]}…): {said}")
        except FaultyQuestionnaire as refusal:
            raise CommandError(
                f"{len(refusal.faults)} faults, nothing was published:\n{refusal}"
            ) from refusal
        except (ChangedText, TamperedDocument) as refusal:
            raise CommandError(str(refusal)) from refusal
