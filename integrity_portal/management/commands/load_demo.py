"""manage.py load_demo: the demo municipalities with their people and rounds; repeatable."""

from io import StringIO
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from chain.models import PublishedQuestionnaire
from chain.reading import read_folder
from integrity_portal import demo, demo_trust
from integrity_portal.demo_surveys import load_surveys

ROUNDS = (
    "waterrijk-2024",
    "waterrijk-2025",
    "waterrijk-2026-hermeting",
    "waterrijk-2026",
    "hoogezand-2026",
)


class Command(BaseCommand):
    help = "Zet de demogemeenten klaar, met hun mensen en rondes. Kan vaker: wat er is, blijft."

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError(
                "De demogegevens hebben bekende wachtwoorden en horen alleen in de demo (DEMO=1)."
            )
        folder = Path(settings.BASE_DIR) / "fixtures" / "questionnaire"
        with transaction.atomic():
            questionnaire, _ = PublishedQuestionnaire.objects.publish(read_folder(folder))
            for organisation in demo.read("cast")["organisations"]:
                demo.load_organisation(organisation)
            call_command("load_statements", str(folder.parent / "statements"), stdout=StringIO())
            made = [demo.load_round(demo.read(name), questionnaire, load_surveys) for name in ROUNDS]
            demo_trust.look_after(demo.read("trust"))
        self.stdout.write(f"Demo klaar: {sum(one is not None for one in made)} nieuwe rondes.")
