from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from chain.models import ChangedText, PublishedQuestionnaire, TamperedDocument
from chain.reading import FaultyQuestionnaire, read_folder


class Command(BaseCommand):
    help = "Publishes the questionnaire in a folder of YAML files. Repeatable: a version is published once."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", help="such as fixtures/questionnaire")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            questionnaire = read_folder(options["folder"])
            row, created = PublishedQuestionnaire.objects.publish(questionnaire)
        except FaultyQuestionnaire as refusal:
            raise CommandError(
                f"{len(refusal.faults)} faults, nothing was published:\n{refusal}"
            ) from refusal
        except (ChangedText, TamperedDocument) as refusal:
            raise CommandError(str(refusal)) from refusal
        said = "published" if created else "was published already, nothing changed"
        self.stdout.write(f"{row} ({len(questionnaire.questions)} questions, {row.digest[:12]}…): {said}")
