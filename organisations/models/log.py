"""The log as it is kept: entries that are only added, and per chain where it stands."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from django.db import connection, models, transaction
from django.utils import timezone

from organisations import walls
from organisations.log import context
from organisations.log.acts import ACT_CHOICES, RESULT_CHOICES, Act, Result
from organisations.log.chain import CHAIN, LAST, START, UPTO, Anchor, Line

if TYPE_CHECKING:
    from organisations.models.organisation import Organisation
    from organisations.models.user import User

PORTAL = "portaal"  # the chain of what belongs to no organisation
WHO_LIMIT, WHAT_LIMIT = 200, 300
CHUNK = 1000


class LogHead(models.Model):
    """Where a chain stands: the number and digest of its newest entry. Held while a next one is added."""

    chain = models.CharField("keten", max_length=40, primary_key=True)
    number = models.PositiveBigIntegerField("nummer", default=0)
    digest = models.CharField("controlegetal", max_length=64, default=START)

    class Meta:
        verbose_name = "stand van het logboek"
        verbose_name_plural = "standen van het logboek"

    def __str__(self) -> str:
        return f"{self.chain} {self.number} {self.digest}"

    def as_anchor(self) -> Anchor:
        return Anchor(self.chain, self.number, self.digest)


class LogQuerySet(models.QuerySet["LogEntry"]):
    def closable(self, chain: str, before: datetime) -> LogQuerySet:
        """The oldest entries of a chain, as far as all are of before this moment; costs a query itself."""
        older, newer = self.filter(chain=chain, at__lt=before), self.filter(chain=chain, at__gte=before)
        first = newer.order_by("number").values_list("number", flat=True).first()
        return older if first is None else older.filter(number__lt=first)

    def lines(self) -> Iterator[tuple[Line, str]]:
        """The entries as the chain sees them, each with its kept digest, by number."""
        return ((entry.line, entry.digest) for entry in self.by_number())

    def by_number(self) -> Iterator[LogEntry]:
        """The entries of one chain, the oldest first, some thousand at a time: a log may be long.

        Each time by a query of its own; `.iterator()` would have PostgreSQL keep a cursor (settings.py).
        """
        rest = self.order_by("number", "pk")
        while found := list(rest[:CHUNK]):
            yield from found
            last = found[-1]
            beyond = models.Q(number__gt=last.number) | models.Q(number=last.number, pk__gt=last.pk)
            rest = self.filter(beyond).order_by("number", "pk")


class LogEntry(models.Model):
    """One act of one person, or of the portal itself. Written once, never changed.

    It names people in text and has no key to them: they may leave, the log stays.
    """

    chain = models.CharField("keten", max_length=40)
    organisation = models.ForeignKey(
        "organisations.Organisation",
        models.PROTECT,
        null=True,
        related_name="log",
        verbose_name="organisatie",
    )
    number = models.PositiveBigIntegerField("nummer")
    at = models.DateTimeField("wanneer")
    who = models.CharField("wie", max_length=WHO_LIMIT, blank=True)
    who_id = models.PositiveBigIntegerField("kenmerk van wie", null=True)
    act = models.CharField("wat", max_length=20, choices=ACT_CHOICES)
    what = models.CharField("waarop", max_length=WHAT_LIMIT, blank=True)
    result = models.CharField("resultaat", max_length=10, choices=RESULT_CHOICES)
    whence = models.CharField("vanaf", max_length=45, blank=True)
    detail = models.JSONField("bijzonderheden", default=dict)
    previous = models.CharField("vorige controlegetal", max_length=64)
    digest = models.CharField("controlegetal", max_length=64)

    objects = LogQuerySet.as_manager()

    class Meta:
        verbose_name = "regel van het logboek"
        verbose_name_plural = "logboek"
        ordering = ["-at", "-pk"]
        constraints = [models.UniqueConstraint(fields=["chain", "number"], name="one_entry_a_number")]
        indexes = [models.Index(fields=["organisation", "-at"], name="log_of_an_organisation")]

    def __str__(self) -> str:
        return f"{self.chain} {self.number}: {self.act}"

    @property
    def line(self) -> Line:
        return Line(
            chain=self.chain,
            number=self.number,
            at=moment(self.at),
            who=self.who,
            who_id=self.who_id,
            act=self.act,
            what=self.what,
            result=self.result,
            whence=self.whence,
            detail=self.detail,
            previous=self.previous,
        )


def moment(at: datetime) -> str:
    """A moment as the chain writes it: UTC, with microseconds."""
    return at.astimezone(UTC).isoformat(timespec="microseconds")


def chain_of(organisation: Organisation | int | None) -> str:
    """The name of the chain that an organisation's acts are written in."""
    return PORTAL if organisation is None else f"organisatie-{_key(organisation)}"


def _key(organisation: Organisation | int | None) -> int | None:
    return organisation if organisation is None or isinstance(organisation, int) else organisation.pk


def write(
    act: Act,
    what: str = "",
    *,
    organisation: Organisation | int | None = None,
    who: User | str | None = None,
    result: Result = Result.DONE,
    detail: Mapping[str, Any] | None = None,
) -> LogEntry:
    """Adds an entry to the organisation's chain, or to the portal's own; in the transaction of the act.

    `who` is whom the page is for unless said otherwise, "" for the portal itself. No secret and nothing of an
    answer may stand in `what` or `detail`. Three statements; who writes in the same chain waits for the end
    of the transaction. Also who may see nothing of the organisation can so be written about in its chain.
    """
    chain = chain_of(organisation)
    name, key = _named(context.who() if who is None else who)
    with walls.only(_key(organisation)), transaction.atomic():
        head = _held(chain)
        entry = LogEntry(
            chain=chain,
            organisation_id=_key(organisation),
            number=head.number + 1,
            at=timezone.now(),
            who=name[:WHO_LIMIT],
            who_id=key,
            act=act,
            what=what[:WHAT_LIMIT],
            result=result,
            whence=context.whence(),
            detail=dict(detail or {}),
            previous=head.digest,
        )
        entry.digest = entry.line.digest
        entry.save(force_insert=True)
        LogHead.objects.filter(chain=chain).update(number=entry.number, digest=entry.digest)
    return entry


def close_off(organisation: Organisation | int | None, before: datetime, detail: Mapping[str, Any]) -> int:
    """Removes the entries of before this moment, and closes them off by an entry that tells so; how many.

    What is left is still proven, with the place where it begins (organisations/log/chain.py). Nothing happens
    when there are none. PostgreSQL refuses to remove what is younger than a year, or not closed off.
    """
    chain = chain_of(organisation)
    with transaction.atomic():
        _held(chain)
        old = LogEntry.objects.closable(chain, before)
        last, count = old.order_by("number").last(), old.count()
        if last is None:
            return 0
        told = {UPTO: last.number, LAST: last.digest, "aantal regels": count, **detail}
        write(Act.CLOSING, "logboek", organisation=organisation, who="", detail=told)
        _cut(chain, last.number)
    return count


def end_chain(organisation: int) -> LogHead | None:
    """Removes all entries of an organisation that is not there any more; where its chain ended.

    The portal's own chain tells that, and so an archive of the organisation is still proven. PostgreSQL
    refuses it while the organisation is there. In a transaction.
    """
    chain = chain_of(organisation)
    if not LogHead.objects.filter(chain=chain).exists():
        return None
    head, entries = _held(chain), LogEntry.objects.filter(chain=chain)
    told = {CHAIN: chain, UPTO: head.number, LAST: head.digest, "aantal regels": entries.count()}
    write(Act.CLOSING, "logboek van een organisatie die vertrok", who="", detail=told)
    _cut(chain, head.number)
    return head


def _cut(chain: str, upto: int) -> None:
    """Removes the entries up to this one, as PostgreSQL lets it."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT organisations_log_cut(%s, %s)", [chain, upto])
    else:
        LogEntry.objects.filter(chain=chain, number__lte=upto).delete()


def _held(chain: str) -> LogHead:
    """Where the chain stands, held until the transaction ends; the first time it is made."""
    heads = LogHead.objects.select_for_update().filter(chain=chain)
    if head := heads.first():
        return head
    LogHead.objects.get_or_create(chain=chain)
    return heads.get()


def _named(who: object) -> tuple[str, int | None]:
    """How somebody stands in the log, and their key; nobody for who did not sign in."""
    if isinstance(who, str):
        return who, None
    key: int | None = getattr(who, "pk", None)
    return (f"{who.name} <{who.email}>", key) if key else ("", None)  # type: ignore[attr-defined]
