"""manage.py destroy_due: what the worker does at night, by hand; with --proef it only says what would go."""

from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from organisations.models import Organisation
from retention.destroying import destroy_due, repeat_statements
from retention.due import due


class Command(BaseCommand):
    help = "Vernietigt wat zijn bewaartermijn voorbij is. Met --proef staat er alleen wat er weg zou gaan."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--proef", action="store_true", help="vernietig niets, zeg alleen wat er weg zou gaan"
        )
        parser.add_argument(
            "--dag", metavar="JJJJ-MM-DD", help="met --proef: alsof het deze dag was, anders vandaag"
        )
        parser.add_argument(
            "--organisatie", metavar="NAAM", help="alleen deze, bij de korte naam in adressen"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        day = _day(options["dag"]) if options["dag"] else timezone.localdate()
        if options["dag"] and not options["proef"]:
            raise CommandError("Een andere dag kan alleen met --proef.", returncode=2)
        organisations = Organisation.objects.order_by("slug")
        if options["organisatie"]:
            organisations = organisations.filter(slug=options["organisatie"])
            if not organisations:
                raise CommandError("Deze organisatie is er niet.", returncode=2)
        for organisation in organisations:
            self._of(organisation, day, only_say=options["proef"])

    def _of(self, organisation: Organisation, day: date, *, only_say: bool) -> None:
        if only_say:
            for one in due(organisation, day):
                why = f" BLIJFT: {' '.join(one.reasons)}" if one.reasons else ""
                told = ", ".join(f"{number} {word}" for word, number in one.counts.items())
                self.stdout.write(f"{organisation.slug}: {one.kind.rule.title}, {one.what}: {told}.{why}")
            return
        repeat_statements()
        for statement in destroy_due(organisation, day):
            self.stdout.write(f"{organisation.slug}: {statement}")


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as fault:
        raise CommandError("Schrijf de dag als 2026-12-31.", returncode=2) from fault
