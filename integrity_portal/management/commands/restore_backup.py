"""manage.py restore_backup: fills an empty installation from a backup, and compares what is there then."""

from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser

from integrity_portal.backups.folder import BackupRefused, is_behind, put_back
from organisations.log.acts import Act
from organisations.models.log import write


class Command(BaseCommand):
    help = "Zet een reservekopie terug in een lege installatie (docs/production.md)."
    requires_migrations_checks = False

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("map", type=Path)

    def handle(self, *args: Any, map: Path, **options: Any) -> None:
        try:
            manifest = put_back(map)
        except (BackupRefused, OSError) as fault:
            raise CommandError(f"De reservekopie is niet teruggezet. {fault}") from fault
        files = len(manifest["files"]) - 1
        self.stdout.write(f"{sum(manifest['rows'].values())} rijen en {files} bestanden zijn terug.")
        if manifest["keys"]:
            self.stdout.write(f"Zet zelf terug: {', '.join(manifest['keys'])}.")
        if is_behind():
            self.stdout.write("De kopie is van een eerdere versie. Draai nu manage.py migrate.")
            return
        call_command("verify_log", stdout=self.stdout)
        told = {"kopie van": manifest["made_at"]}
        write(Act.OPERATION, "reservekopie teruggezet", who="", detail=told)
