"""manage.py archive_organisation: all of one organisation in one file, for its way out."""

import os
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from integrity_portal.leaving.gathering import NotYet, gather
from organisations.log.acts import Act
from organisations.models import Organisation
from organisations.models.log import write


class Command(BaseCommand):
    help = "Maakt het archief van een organisatie: al haar gegevens en bestanden (docs/archief.md)."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("organisatie", help="de korte naam in adressen, zoals waterrijk")
        parser.add_argument("bestand", type=Path, help="waar het archief komt; mag er nog niet zijn")

    def handle(self, *args: Any, organisatie: str, bestand: Path, **options: Any) -> None:
        try:
            organisation = Organisation.objects.get(slug=organisatie)
        except Organisation.DoesNotExist as fault:
            raise CommandError(f"Er is geen organisatie {organisatie}.") from fault
        write(Act.EXPORT, "archief van de organisatie", organisation=organisation, who="")
        try:
            target = os.fdopen(os.open(bestand, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb")
        except OSError as fault:
            raise CommandError(f"Het archief kan daar niet komen: {fault}") from fault
        try:
            with target:
                digest = gather(organisation, target)
        except BaseException as fault:
            bestand.unlink()
            if isinstance(fault, NotYet):
                raise CommandError(str(fault)) from fault
            raise
        self.stdout.write(f"Het archief van {organisation} is gemaakt. Controlegetal: {digest}")
