"""manage.py remove_organisation: removes an organisation that has its archive, at once and for good."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from integrity_portal.leaving.archive import Archive, ArchiveRefused
from integrity_portal.leaving.removing import RemovalRefused, remove
from organisations.letter import address
from organisations.models import Departure, Organisation


class Command(BaseCommand):
    help = "Verwijdert een organisatie met alles wat van haar is. Dit kan niet ongedaan worden gemaakt."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("organisatie", help="de korte naam in adressen, zoals waterrijk")
        parser.add_argument("archief", type=Path, help="haar archief, van archive_organisation")

    def handle(self, *args: Any, organisatie: str, archief: Path, **options: Any) -> None:
        organisation = Organisation.objects.filter(slug=organisatie).first()
        if organisation is None:
            raise CommandError(f"Er is geen organisatie {organisatie}.")
        try:
            with Archive(archief) as archive:
                archive.check()
                if archive.manifest["organisation"]["pk"] != organisation.pk:
                    raise CommandError("Dit is het archief van een andere organisatie.")
            departure = Departure.of(organisation, archive.digest)
            remove(departure)
        except (ArchiveRefused, RemovalRefused) as fault:
            raise CommandError(str(fault)) from fault
        for title, number in departure.counts.items():
            self.stdout.write(f"{title}: {number}")
        where = address("leaving_statement", departure.code)
        self.stdout.write(
            f"{organisation} is verwijderd. De verklaring van vernietiging staat op {where}\n"
            "Bewaar dit adres en geef het aan de organisatie: het portaal toont het nergens anders."
        )
