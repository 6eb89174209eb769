"""manage.py backup: the database and the files of evidence in a new folder; keys apart."""

import os
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from integrity_portal.backups import keys
from integrity_portal.backups.folder import BackupRefused, back_up
from organisations.log.acts import Act, Result
from organisations.models.log import write


class Command(BaseCommand):
    help = "Maakt een reservekopie van de installatie in een nieuwe map (docs/production.md)."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("map", type=Path, help="mag er nog niet zijn")
        parser.add_argument(
            "--sleutels", type=Path, metavar="BESTAND", help="schrijf ook de geheimen, in dit bestand apart"
        )

    def handle(self, *args: Any, map: Path, sleutels: Path | None, **options: Any) -> None:
        told = {"sleutels apart": bool(sleutels)}
        try:
            manifest = back_up(map)
            if sleutels:
                keys.write(sleutels, os.environ)
        except (BackupRefused, OSError) as fault:
            write(Act.OPERATION, "reservekopie", who="", result=Result.FAILED, detail=told)
            raise CommandError(f"De reservekopie is niet gelukt. {fault}") from fault
        write(Act.OPERATION, "reservekopie gemaakt", who="", detail=told)
        files = len(manifest["files"]) - 1
        self.stdout.write(f"{sum(manifest['rows'].values())} rijen en {files} bestanden staan in {map}.")
        if not sleutels and manifest["keys"]:
            self.stdout.write(f"Niet erin, bewaar apart: {', '.join(manifest['keys'])}.")
