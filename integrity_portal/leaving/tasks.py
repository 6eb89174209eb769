"""An archive is made by a worker, since it can take minutes."""

from __future__ import annotations

import logging
import secrets
from pathlib import Path
from typing import Final

from django.db import transaction
from django_tasks import task

from integrity_portal.leaving.gathering import NotYet, Tell, gather
from organisations import walls
from organisations.models import Departure, Organisation
from organisations.models.departure import archive_storage

# What went wrong is for whoever runs the portal: the code leads them to it in the server's own log.
FAILED: Final = (
    "Het ligt niet aan u. Laat een nieuw archief maken. Lukt het dan weer niet? Geef dan de code {code} door "
    "aan wie het portaal voor u draait."
)
logger = logging.getLogger(__name__)


def ask_for(organisation: Organisation) -> None:
    """Has a new archive made. Raises DepartureRefused."""
    with transaction.atomic():
        departure = Departure.ask(organisation)
        make_archive.enqueue(departure.pk, organisation.pk)


@task()
def make_archive(departure_id: int, organisation_id: int) -> None:
    """Makes the archive and keeps it, unless nobody wants it any more. What goes wrong is kept and raised."""
    with walls.only(organisation_id):
        departure = Departure.objects.select_related("organisation").filter(pk=departure_id).first()
        if departure is None or departure.made_at or departure.organisation is None:
            return
        target = Path(archive_storage().path(departure.file))
        target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        try:
            with target.open("wb") as opened:
                target.chmod(0o600)
                digest = gather(departure.organisation, opened, _told_beside(departure))
        except NotYet as fault:
            target.unlink(missing_ok=True)
            departure.fail(str(fault))
            return
        except Exception:
            target.unlink(missing_ok=True)
            code = secrets.token_hex(4)
            logger.exception("The archive of organisation %s failed, code %s", organisation_id, code)
            departure.fail(FAILED.format(code=code))
            raise
        finally:
            archive_storage().delete(departure.progress_file)
        departure.keep(digest, target.stat().st_size)


def _told_beside(departure: Departure) -> Tell:
    """Writes beside the archive how far it is: what reads it all shows nobody anything until its end."""
    path = Path(archive_storage().path(departure.progress_file))

    def tell(done: int, every: int) -> None:
        path.write_text(f"{done} van {every}")

    return tell


def progress(departure: Departure) -> str:
    """How many of how many tables are in the archive, such as "3 van 50"; empty before it began."""
    try:
        return Path(archive_storage().path(departure.progress_file)).read_text()
    except FileNotFoundError:
        return ""
