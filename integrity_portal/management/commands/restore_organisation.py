"""manage.py restore_organisation: an archive of this or an earlier version, into an empty installation."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from integrity_portal.leaving.archive import Archive, ArchiveRefused
from integrity_portal.leaving.restoring import check_log, restore
from organisations.models.log import chain_of


class Command(BaseCommand):
    help = "Zet het archief van een organisatie terug in een lege installatie (docs/archief.md)."
    requires_migrations_checks = False

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("bestand", type=Path)
        parser.add_argument(
            "--controleer", action="store_true", help="controleert alleen het bestand en zet niets terug"
        )

    def handle(self, *args: Any, bestand: Path, controleer: bool, **options: Any) -> None:
        try:
            with Archive(bestand) as archive:
                organisation = archive.manifest["organisation"]
                if controleer:
                    archive.check()
                else:
                    restore(archive)
        except ArchiveRefused as fault:
            raise CommandError(str(fault)) from fault
        if not controleer and (found := check_log(chain_of(organisation["pk"]))):
            raise CommandError("\n".join(["Het logboek in het archief klopt niet:", *found]))
        done = "klopt" if controleer else "is teruggezet"
        self.stdout.write(f"Het archief van {organisation['name']} {done}. Controlegetal: {archive.digest}")
        for path in archive.manifest["missing"]:
            self.stdout.write(f"Dit bestand ontbrak al: {path}")
