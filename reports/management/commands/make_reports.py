from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from assessments.models import Adoption
from reports.models import ReportFile
from reports.norms import COUNCIL
from reports.tasks import make_report


class Command(BaseCommand):
    help = "Maakt van elke vastgestelde ronde het verslag als PDF dat er nog niet is."

    def handle(self, **options: Any) -> None:
        """Makes them here and now; after one that fails it goes on, and ends with an error."""
        failed = 0
        for adoption in Adoption.objects.select_related("assessment").order_by("pk"):
            try:
                self._make(adoption)
            except Exception as fault:  # whatever it is, the other reports are not to blame
                failed += 1
                self.stderr.write(f"Verslag mislukt: vaststelling {adoption.pk}: {fault}")
        if failed:
            raise CommandError(f"{failed} verslagen konden niet worden gemaakt")

    def _make(self, adoption: Adoption) -> None:
        files = ReportFile.objects.brief()
        file = files.of(adoption)
        if file is None:
            with transaction.atomic():
                file, _ = files.want(adoption, COUNCIL)
        if not file.is_made:
            file.again()
            make_report.call(file.pk)
            self.stdout.write(f"Verslag gemaakt: vaststelling {adoption.pk}")
