from typing import Any

from django.core.management.base import BaseCommand, CommandError

from assessments.models import Adoption
from reports.models import ReportFile
from reports.tasks import make_report


class Command(BaseCommand):
    help = "Maakt van elke vastgestelde ronde het verslag als PDF dat er nog niet is."

    def handle(self, **options: Any) -> None:
        """Makes them here and now; after one that fails it goes on, and ends with an error."""
        made = ReportFile.objects.current().filter(made_at__isnull=False).values("adoption")
        failed = 0
        for adoption in Adoption.objects.exclude(pk__in=made).defer("document").order_by("pk"):
            try:
                make_report.call(adoption.pk)
                self.stdout.write(f"Verslag gemaakt: vaststelling {adoption.pk}")
            except Exception as fault:  # whatever it is, the other reports are not to blame
                failed += 1
                self.stderr.write(f"Verslag mislukt: vaststelling {adoption.pk}: {fault}")
        if failed:
            raise CommandError(f"{failed} verslagen konden niet worden gemaakt")
