"""Mail on its way out: written in the transaction of what it tells, and sent by the worker.

Each message goes out at most once by itself. It is claimed before the mail server gets it and marked as sent
after. When the worker dies in between, or the connection does, nobody can know whether the server took it: to
send again would be a second mail half of the time. A second "you are asked" makes people distrust the portal,
while a missing one is seen by the administrator. So such a message stays claimed, stands as "onzeker" on the
administrator's page, and goes out again only when a person says so. What surely did not go (no connection, a
refusal) is tried again by itself, with growing pauses and an end.
"""

from __future__ import annotations

import hashlib
import logging
import smtplib
from collections.abc import Iterable
from datetime import timedelta
from email.utils import parseaddr
from enum import StrEnum

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import ValidationError
from django.core.mail import EmailMultiAlternatives, get_connection
from django.core.validators import validate_email
from django.db import models
from django.utils import timezone

from organisations.holding import lets
from organisations.letter import OPTIONAL, SUBJECT_LIMIT, TRACELESS, Kind, Letter
from organisations.policy import May

logger = logging.getLogger(__name__)

# After each failed attempt; when they are used up the message has failed. A day and a half in all.
PAUSES = tuple(timedelta(minutes=minutes) for minutes in (10, 30, 2 * 60, 8 * 60, 24 * 60))
# A mail server gets this long; whatever is still claimed then has lost its worker.
CERTAIN_FOR = timedelta(minutes=10)
# A message that could not be sent keeps its words this long; its link is of no use after that anyway.
KEPT_FOR = timedelta(days=30)
REFUSALS = (smtplib.SMTPResponseException, smtplib.SMTPRecipientsRefused, smtplib.SMTPNotSupportedError)


class State(StrEnum):
    """Where a message is; the value is the word on the page."""

    WAITING = "wacht"
    SENDING = "wordt verstuurd"
    SENT = "verstuurd"
    UNCERTAIN = "onzeker"
    FAILED = "niet gelukt"


class MessageQuerySet(models.QuerySet["Message"]):
    def editable_by(self, user: AbstractBaseUser | AnonymousUser) -> MessageQuerySet:
        return self.filter(
            lets(May.MANAGE, prefix="organisation__memberships__roles__"),
            organisation__memberships__user=user.pk or 0,
            organisation__memberships__user__is_active=True,
        )

    def unsent(self) -> MessageQuerySet:
        return self.filter(claimed_at=None, sent_at=None, gave_up_at=None)

    def stuck(self) -> MessageQuerySet:
        """What needs a person: it failed, or it is uncertain whether it went."""
        lost = models.Q(sent_at=None, claimed_at__lt=timezone.now() - CERTAIN_FOR)
        return self.filter(lost | models.Q(gave_up_at__isnull=False))

    def post(self, letters: Iterable[Letter]) -> bool:
        """Puts in the outbox what was not there before and is wanted; whether that was anything.

        Call it in the transaction of what the letters tell, and then enqueue `tasks.deliver`. Three queries.
        """
        by_key = {letter.key: letter for letter in letters}
        known = set(self.filter(key__in=by_key).values_list("key", flat=True))
        users = {letter.user.pk for letter in by_key.values() if letter.user}
        muted = set(Muted.objects.filter(user__in=users).values_list("user_id", "kind"))
        new = [
            Message.written(letter)
            for key, letter in by_key.items()
            if key not in known and (letter.user.pk if letter.user else 0, letter.kind) not in muted
        ]
        # Another process may have been first since: then its message stands.
        self.bulk_create(new, ignore_conflicts=True)
        return bool(new)

    def withdraw(self, occasion: str) -> None:
        """Takes back what did not go out yet, of every occasion whose key begins like this."""
        on_its_way = models.Q(gave_up_at=None, claimed_at__gte=timezone.now() - CERTAIN_FOR)
        self.filter(key__startswith=occasion, sent_at=None).exclude(on_its_way).delete()

    def claim_next(self) -> Message | None:
        """The message that is due longest, for whoever calls and nobody else; none when there is none."""
        while found := self.unsent().filter(due_at__lte=timezone.now()).order_by("due_at", "pk").first():
            found.claimed_at, found.attempts = timezone.now(), found.attempts + 1
            claim = {"claimed_at": found.claimed_at, "attempts": found.attempts}
            if self.unsent().filter(pk=found.pk).update(**claim):
                return found
        return None

    def send_due(self) -> None:
        """Sends what is due, oldest first, until there is nothing left or the mail server cannot be reached.

        Not inside a transaction: each claim must be in the database before the mail server hears of it.
        """
        while (message := self.claim_next()) and message.send():
            pass

    def forget(self) -> None:
        """Blanks the words of what was not sent and will not be any more; what leaves no trace goes whole."""
        old = self.stuck().filter(created_at__lt=timezone.now() - KEPT_FOR)
        old.filter(kind__in=TRACELESS).delete()
        old.exclude(text="", html="").update(text="", html="")


class Message(models.Model):
    """A mail in the outbox. Its words hold links that let people in, so they are blanked once it is sent.

    Of a kind that leaves no trace the whole row goes then: the delete is what marks it as sent.
    """

    organisation = models.ForeignKey(
        "organisations.Organisation", models.CASCADE, related_name="messages", verbose_name="organisatie"
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, null=True, related_name="messages", verbose_name="gebruiker"
    )
    to = models.EmailField("aan")
    kind = models.CharField("soort", max_length=20, choices=Kind)
    subject = models.CharField("onderwerp", max_length=SUBJECT_LIMIT)
    text = models.TextField("tekst", blank=True)
    html = models.TextField("met opmaak", blank=True)
    key = models.CharField("gelegenheid", max_length=120, unique=True)
    created_at = models.DateTimeField("geschreven", default=timezone.now)
    due_at = models.DateTimeField("te versturen vanaf", default=timezone.now)
    attempts = models.PositiveSmallIntegerField("pogingen", default=0)
    claimed_at = models.DateTimeField("opgepakt", null=True)
    sent_at = models.DateTimeField("verstuurd", null=True)
    gave_up_at = models.DateTimeField("opgegeven", null=True)
    fault = models.CharField("wat er misging", max_length=200, blank=True)

    objects = MessageQuerySet.as_manager()

    class Meta:
        verbose_name = "bericht"
        verbose_name_plural = "berichten"
        ordering = ["-created_at", "-pk"]
        indexes = [
            models.Index(
                fields=["due_at"],
                condition=models.Q(claimed_at=None, sent_at=None, gave_up_at=None),
                name="message_unsent",
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(sent_at=None) | models.Q(text="", html=""), name="sent_message_is_blank"
            ),
            models.CheckConstraint(
                condition=models.Q(sent_at=None) | models.Q(gave_up_at=None), name="message_sent_or_failed"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.subject} ({self.to})"

    @classmethod
    def written(cls, letter: Letter) -> Message:
        """The letter as a message, not saved; one to an address that cannot be right has failed already."""
        text, html = letter.render()
        message = cls(
            organisation=letter.organisation,
            user=letter.user,
            to=letter.to,
            kind=letter.kind,
            subject=letter.line,
            text=text,
            html=html,
            key=letter.key,
        )
        try:
            validate_email(letter.to)
        except ValidationError:
            message.gave_up_at, message.fault = timezone.now(), "Dit e-mailadres klopt niet."
        return message

    @property
    def state(self) -> State:
        if self.sent_at:
            return State.SENT
        if self.gave_up_at:
            return State.FAILED
        if self.claimed_at is None:
            return State.WAITING
        lost = self.claimed_at < timezone.now() - CERTAIN_FOR
        return State.UNCERTAIN if lost else State.SENDING

    @property
    def can_go_again(self) -> bool:
        return bool(self.text) and self.state in (State.FAILED, State.UNCERTAIN)

    def as_mail(self) -> EmailMultiAlternatives:
        """With an identity of its own that does not change: who gets it twice after all can tell."""
        host = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2] or "localhost"
        identity = hashlib.sha256(f"{self.pk} {self.key}".encode()).hexdigest()[:32]
        headers = {"Message-ID": f"<{identity}@{host}>", "Auto-Submitted": "auto-generated"}
        mail = EmailMultiAlternatives(self.subject, self.text, None, [self.to], headers=headers)
        mail.attach_alternative(self.html, "text/html")
        return mail

    def send(self) -> bool:
        """Gives the claimed message to the mail server; whether that could be reached."""
        server = get_connection()
        try:
            server.open()
        except OSError as fault:  # of which smtplib's faults are a kind
            self._did_not_go(f"De mailserver is niet te bereiken ({type(fault).__name__}).")
            return False
        try:
            server.send_messages([self.as_mail()])
        except REFUSALS as refusal:
            code = _code(refusal)
            # 5xx is for good (RFC 5321, 4.2.1), except that of the sender: the settings can be put right.
            for_good = code >= 500 and not isinstance(refusal, smtplib.SMTPSenderRefused)
            self._did_not_go(f"De mailserver weigert dit bericht (code {code}).", for_good)
        except Exception:
            # It may have gone, or not. It stays claimed; see above.
            logger.exception("Message %s: unknown whether it was sent", self.pk)
        else:
            self._went()
        finally:
            _close(server)
        return True

    def _went(self) -> None:
        if self.kind in TRACELESS:
            Message.objects.filter(pk=self.pk).delete()
            return
        gone = {"sent_at": timezone.now(), "text": "", "html": "", "fault": ""}
        Message.objects.filter(pk=self.pk).update(**gone)

    def _did_not_go(self, fault: str, for_good: bool = False) -> None:
        """Plans the next attempt, or gives up."""
        now = timezone.now()
        if for_good or self.attempts > len(PAUSES):
            self.gave_up_at = now
        else:
            self.due_at = now + PAUSES[self.attempts - 1]
        self.claimed_at, self.fault = None, fault
        self.save(update_fields=["gave_up_at", "due_at", "claimed_at", "fault"])

    def go_again(self) -> bool:
        """Sends a message that failed or is uncertain as if it were new; whether it was one."""
        fresh = {"claimed_at": None, "gave_up_at": None, "attempts": 0, "due_at": timezone.now(), "fault": ""}
        stuck = Message.objects.stuck().filter(pk=self.pk).exclude(text="")
        return bool(stuck.update(**fresh))


def _code(refusal: Exception) -> int:
    """The mail server's answer; of several recipients' the first, and 0 when there is none."""
    if isinstance(refusal, smtplib.SMTPRecipientsRefused):
        return int(next(iter(refusal.recipients.values()), (0, b""))[0])
    return int(getattr(refusal, "smtp_code", 0))


def _close(server: object) -> None:
    """What happens after the message went, or did not, changes nothing about that."""
    try:
        server.close()  # type: ignore[attr-defined]
    except OSError:
        logger.info("The mail server closed the connection itself")


class Muted(models.Model):
    """A kind of mail that a person does not want."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="muted")
    kind = models.CharField("soort", max_length=20, choices=[(kind.value, kind.label) for kind in OPTIONAL])

    class Meta:
        verbose_name = "ongewenst bericht"
        verbose_name_plural = "ongewenste berichten"
        constraints = [models.UniqueConstraint(fields=["user", "kind"], name="kind_muted_once")]

    def __str__(self) -> str:
        return Kind(self.kind).label

    @staticmethod
    def only(user: AbstractBaseUser, kinds: Iterable[str]) -> None:
        """From now on the user does without exactly these kinds."""
        wanted = set(kinds)
        Muted.objects.filter(user=user.pk).exclude(kind__in=wanted).delete()
        new = [Muted(user_id=user.pk, kind=kind) for kind in wanted]
        Muted.objects.bulk_create(new, ignore_conflicts=True)
