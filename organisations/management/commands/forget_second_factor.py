"""For the only administrator who lost the second factor: on the server, by who runs the installation."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from organisations.models import User
from organisations.signing.changing import forget_factors
from organisations.signing.factors import has_factor


class Command(BaseCommand):
    help = "Takes the second factor of one person away; they set up a new one at the next sign-in."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("email")

    def handle(self, *args: Any, **options: Any) -> None:
        user = User.objects.filter(email=options["email"].strip().lower(), is_guest=False).first()
        if user is None or not has_factor(user):
            raise CommandError("Nobody with this address has a second factor.")
        forget_factors(user)
        self.stdout.write(f"{user.email}: gone, and signed out everywhere. A mail tells them.")
