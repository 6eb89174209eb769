"""The departure of an organisation: its archive, the day on which it goes, and the statement that it went."""

from __future__ import annotations

import secrets
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, Final

from django.core.files.storage import Storage, storages
from django.db import models, transaction
from django.utils import timezone

from organisations.log.acts import Act
from organisations.models.log import write

if TYPE_CHECKING:
    from organisations.models.organisation import Organisation

WAIT_DAYS: Final = 14  # between asking that all goes and its going: time to think better of it
KEPT_DAYS: Final = 7  # that an archive can be downloaded
PATIENCE: Final = timedelta(hours=1)  # after which an archive that is being made is taken for broken off


class DepartureRefused(Exception):
    """What cannot be done now; its text says why, in Dutch."""


def archive_storage() -> Storage:
    """Below no address: an archive leaves only through the view that asks who wants it."""
    return storages["archives"]


class Departure(models.Model):
    """One try to leave. When the organisation is gone the row stays, as the statement of its destruction.

    It names nobody. `code` is the address of that statement, for who cannot sign in any more.
    """

    organisation = models.ForeignKey(
        "organisations.Organisation",
        models.SET_NULL,
        null=True,
        related_name="departures",
        verbose_name="organisatie",
    )
    name = models.CharField("naam", max_length=120)
    code = models.CharField("code", max_length=43, unique=True)
    asked_at = models.DateTimeField("gevraagd op", default=timezone.now)
    made_at = models.DateTimeField("archief gemaakt op", null=True)
    digest = models.CharField("controlegetal van het archief", max_length=64, blank=True)
    size = models.PositiveBigIntegerField("bytes", default=0)
    failure = models.TextField("wat er misging", blank=True)
    fetched_at = models.DateTimeField("archief gedownload op", null=True)
    goes_on = models.DateField("verdwijnt op", null=True)
    gone_at = models.DateTimeField("vernietigd op", null=True)
    counts = models.JSONField("hoeveel", default=dict)  # rows by the title of their table

    class Meta:
        verbose_name = "vertrek"
        verbose_name_plural = "vertrekken"
        ordering = ["-asked_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["organisation"],
                condition=models.Q(gone_at=None),
                name="one_departure_at_a_time",
            ),
            models.CheckConstraint(
                condition=models.Q(goes_on=None) | models.Q(fetched_at__isnull=False),
                name="nothing_goes_before_the_archive_was_fetched",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @classmethod
    def ask(cls, organisation: Organisation) -> Departure:
        """Wants a new archive, in place of an earlier one. Raises `DepartureRefused` once a day is set."""
        with transaction.atomic():
            type(organisation).objects.select_for_update().get(pk=organisation.pk)
            earlier = cls.objects.filter(organisation=organisation, gone_at=None).first()
            if earlier and earlier.goes_on:
                raise DepartureRefused("De dag van vertrek staat al vast. Trek die eerst in.")
            if earlier:
                earlier.throw_away()
                earlier.delete()
            write(Act.EXPORT, "archief van de organisatie gevraagd", organisation=organisation)
            return cls.objects.create(
                organisation=organisation, name=organisation.name, code=secrets.token_urlsafe(32)
            )

    @classmethod
    def of(cls, organisation: Organisation, digest: str) -> Departure:
        """The departure of this organisation, new if need be, with an archive that is kept elsewhere."""
        new = {"name": organisation.name, "code": secrets.token_urlsafe(32)}
        departure, _ = cls.objects.get_or_create(organisation=organisation, gone_at=None, defaults=new)
        departure.digest = digest
        departure.save(update_fields=["digest"])
        return departure

    @property
    def file(self) -> str:
        """The name of the archive in its storage."""
        return f"{self.code}.zip"

    @property
    def progress_file(self) -> str:
        """The name of what tells how far the archive is, beside it while it is made."""
        return f"{self.code}.txt"

    @property
    def is_there(self) -> bool:
        """Whether the archive can be downloaded."""
        return bool(self.made_at) and archive_storage().exists(self.file)

    @property
    def is_awaited(self) -> bool:
        return not self.made_at and not self.has_failed

    @property
    def has_failed(self) -> bool:
        late = self.asked_at < timezone.now() - PATIENCE
        return not self.made_at and (bool(self.failure) or late)

    @property
    def available_until(self) -> date | None:
        return timezone.localdate(self.made_at) + timedelta(days=KEPT_DAYS) if self.made_at else None

    def is_old(self, today: date) -> bool:
        """Whether the archive lacks what people did since: it can no longer be downloaded."""
        return self.available_until is not None and self.available_until < today

    def keep(self, digest: str, size: int) -> None:
        """The archive is there."""
        self.made_at, self.digest, self.size, self.failure = timezone.now(), digest, size, ""
        self.save(update_fields=["made_at", "digest", "size", "failure"])

    def fail(self, why: str) -> None:
        self.failure = why
        self.save(update_fields=["failure"])

    def fetch(self) -> None:
        """Somebody who may read it all downloads the archive; in the log."""
        with transaction.atomic():
            self.fetched_at = timezone.now()
            self.save(update_fields=["fetched_at"])
            write(Act.EXPORT, "archief van de organisatie", organisation=self.organisation_id)

    def plan(self, today: date) -> None:
        """All goes after WAIT_DAYS. Raises `DepartureRefused` when no archive of now was downloaded."""
        with transaction.atomic():
            self._hold()
            if self.fetched_at is None:
                raise DepartureRefused("Download eerst het archief.")
            if self.goes_on:
                raise DepartureRefused("De dag van vertrek staat al vast.")
            if self.is_old(today):
                raise DepartureRefused("Het archief is niet meer van nu. Laat eerst een nieuw maken.")
            self.goes_on = today + timedelta(days=WAIT_DAYS)
            self.save(update_fields=["goes_on"])
            told: dict[str, Any] = {"verdwijnt op": self.goes_on.isoformat(), "archief": self.digest}
            write(Act.DELETE, "vertrek vastgelegd", organisation=self.organisation_id, detail=told)

    def call_off(self) -> None:
        """The organisation stays after all. Raises `DepartureRefused` when it went meanwhile."""
        with transaction.atomic():
            self._hold()
            self.goes_on = None
            self.save(update_fields=["goes_on"])
            write(Act.DELETE, "vertrek ingetrokken", organisation=self.organisation_id)

    def _hold(self) -> None:
        """Reads the row as it is now, held until the transaction ends. Raises `DepartureRefused`."""
        held = Departure.objects.select_for_update().filter(gone_at=None)
        try:
            self.refresh_from_db(from_queryset=held)
        except Departure.DoesNotExist as gone:
            raise DepartureRefused("Dit is intussen veranderd. Bekijk de pagina opnieuw.") from gone

    @classmethod
    def tidy(cls) -> None:
        """Throws away the archives of which the week is over, also one that was broken off half-way.

        Who needs one after all asks for it anew.
        """
        old = timezone.now() - timedelta(days=KEPT_DAYS + 1)
        for departure in cls.objects.filter(
            models.Q(made_at__lt=old) | models.Q(made_at=None, asked_at__lt=old)
        ):
            departure.throw_away()

    def throw_away(self) -> None:
        """The file goes, with what tells how far it is; the row stays."""
        for name in (self.file, self.progress_file):
            archive_storage().delete(name)
