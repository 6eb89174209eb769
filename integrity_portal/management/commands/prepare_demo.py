"""manage.py prepare_demo: for bin/start, all of the demo's data in one go; prints who can sign in."""

from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from assessments.models import Adoption
from integrity_portal import demo
from reports.tasks import ask_for


class Command(BaseCommand):
    help = "Zet de database en de demogegevens klaar en noemt de accounts. Kan vaker: wat er is, blijft."

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError("Dit is er alleen voor de demo (DEMO=1).")
        call_command("migrate", verbosity=0)
        call_command("createcachetable", verbosity=0)
        call_command("load_demo", stdout=self.stderr)
        for adoption in Adoption.objects.all():
            ask_for(adoption)  # the worker that bin/start starts makes the PDF at once
        organisation = ""
        for account in demo.accounts():
            if account.organisation != organisation:
                organisation = account.organisation
                self.stdout.write(f"{organisation}:")
            self.stdout.write(f"  {account.email:<40} {', '.join(account.roles)}")
        self.stdout.write(f"Wachtwoord van iedereen: {demo.PASSWORD}")
