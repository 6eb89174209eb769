"""Mail is written with what it tells, goes out at most once by itself, and breaks no page."""

from __future__ import annotations

import smtplib
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from organisations import outbox
from organisations.house_style import tints
from organisations.letter import OPTIONAL, SUBJECT_LIMIT, Kind, Letter, one_line
from organisations.models import Invitation, Message, Muted, Organisation, User
from organisations.outbox import CERTAIN_FOR, KEPT_FOR, PAUSES, State
from tests.cast import make_message

ClientOf = Callable[[str], Client]
INVITE = "/leden/uitnodigen/waterrijk/"
NEW = {"name": "Noor Nieuw", "email": "noor@waterrijk.example", "job": "", "roles": ["contributor"]}
LONG_AGO = CERTAIN_FOR + timedelta(seconds=1)


class Server:
    """A mail server that does as it is told."""

    def __init__(self, at_opening: Exception | None = None, at_sending: Exception | None = None) -> None:
        self.at_opening, self.at_sending = at_opening, at_sending
        self.tried = 0

    def __call__(self) -> Server:
        return self

    def open(self) -> None:
        self.tried += 1
        if self.at_opening:
            raise self.at_opening

    def send_messages(self, messages: list[Any]) -> int:
        if self.at_sending:
            raise self.at_sending
        return len(messages)

    def close(self) -> None:
        raise smtplib.SMTPServerDisconnected("gone before the goodbye")


@pytest.fixture
def use(monkeypatch: pytest.MonkeyPatch) -> Callable[[Server], Server]:
    def use(server: Server) -> Server:
        monkeypatch.setattr(outbox, "get_connection", server)
        return server

    return use


def letter(who: User, **changes: Any) -> Letter:
    fields: dict[str, Any] = {
        "kind": Kind.ASKED,
        "key": "test/1",
        "organisation": who.memberships.get().organisation,
        "to": who.email,
        "name": who.name,
        "subject": "Dag",
        "template": "organisations/mail/invitation",
        "user": who,
    }
    return Letter(**fields | changes)


def fresh(message: Message) -> Message:
    return Message.objects.get(pk=message.pk)


# Written with what it tells


def test_a_mail_is_undone_with_what_it_tells(cast: dict[str, User]) -> None:
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        assert Message.objects.post([letter(cast["bram"])])
        raise ZeroDivisionError
    assert not Message.objects.exists()


def test_an_occasion_has_one_mail(cast: dict[str, User]) -> None:
    assert Message.objects.post([letter(cast["bram"]), letter(cast["bram"], subject="Nog eens")])
    assert not Message.objects.post([letter(cast["bram"])])
    assert Message.objects.count() == 1


def test_who_does_not_want_a_kind_gets_the_other_kinds(cast: dict[str, User]) -> None:
    Muted.only(cast["bram"], [Kind.ASKED])
    kinds = {f"test/{kind}": kind for kind in Kind}
    Message.objects.post([letter(cast["bram"], key=key, kind=kind) for key, kind in kinds.items()])
    assert set(Message.objects.values_list("kind", flat=True)) == set(Kind) - {Kind.ASKED}


@pytest.mark.parametrize(
    "address", ["", "geen adres", "a@b.example\nBcc: c@d.example", "a@b.example,c@d.example"]
)
def test_an_address_that_cannot_be_right_is_not_tried(address: str, cast: dict[str, User]) -> None:
    Message.objects.post([letter(cast["bram"], to=address)])
    Message.objects.send_due()
    message = Message.objects.get()
    assert (message.state, message.fault) == (State.FAILED, "Dit e-mailadres klopt niet.")
    assert not mail.outbox


@given(st.text(max_size=300))
def test_a_subject_is_one_line_whatever_it_holds(text: str) -> None:
    found = Letter(Kind.ASKED, "k", Organisation(), "a@b.example", "", text, "").line
    assert len(found) <= SUBJECT_LIMIT and found.isprintable() and "\n" not in found and "\r" not in found
    assert one_line(found).startswith(found.strip())


def test_names_cannot_add_a_header_or_a_tag(cast: dict[str, User]) -> None:
    evil = "Eva\r\nBcc: kwaad@example.com <img src=x>"
    words = {"inviter": evil, "link": "https://x.example/", "until": timezone.now()}
    Message.objects.post([letter(cast["bram"], name=evil, subject=evil, words=words)])
    message = Message.objects.get()
    headers = message.as_mail().message().as_string().partition("\n\n")[0]
    assert not any(line.startswith("Bcc") for line in headers.splitlines())
    assert "<img" not in message.html and "Beste Eva Bcc:" in message.text


def test_a_mail_has_the_name_and_the_colours_of_its_organisation(
    cast: dict[str, User], client_of: ClientOf
) -> None:
    Organisation.objects.filter(slug="waterrijk").update(theme="waterrijk")
    client_of("bea").post(INVITE, NEW)
    (sent,) = mail.outbox
    assert isinstance(sent, mail.EmailMultiAlternatives)
    html = str(sent.alternatives[0][0])
    for text in (html, str(sent.body)):
        assert "Gemeente Waterrijk" in text and "U krijgt dit bericht omdat Bea" in text
        assert "http://testserver/uitnodiging/" in text and "None" not in text
    assert tints("waterrijk")["tint500"] in html and tints("portaal")["tint500"] not in html
    assert "<script" not in html and "src=" not in html and str(sent.subject) in html


def test_a_house_style_that_is_gone_leaves_the_portals_own() -> None:
    assert tints("weg") == tints("portaal") and tints("portaal")["tint500"].startswith("#")


# Sent at most once


def test_what_is_sent_is_blank_and_not_sent_again(cast: dict[str, User]) -> None:
    message = make_message(cast["bram"], text="Met een geheime link")
    for _ in range(2):
        Message.objects.send_due()
    assert [sent.to for sent in mail.outbox] == [[cast["bram"].email]]
    sent = fresh(message)
    assert (sent.state, sent.text, sent.html, sent.attempts) == (State.SENT, "", "", 1)
    assert sent.subject == message.subject and not sent.go_again()


def test_the_database_keeps_no_words_of_a_sent_mail(cast: dict[str, User]) -> None:
    message = make_message(cast["bram"])
    with pytest.raises(IntegrityError), transaction.atomic():
        Message.objects.filter(pk=message.pk).update(sent_at=timezone.now())


def test_a_message_is_claimed_by_one(cast: dict[str, User]) -> None:
    message = make_message(cast["bram"])
    claimed = Message.objects.claim_next()
    assert claimed == message and fresh(message).state == State.SENDING
    assert Message.objects.claim_next() is None


def test_a_claim_that_another_was_first_to_make_is_not_ours(
    cast: dict[str, User], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between looking and claiming."""
    message = make_message(cast["bram"])
    unsent = outbox.MessageQuerySet.unsent
    looks = iter([unsent(Message.objects.all())])

    def snatched(rows: outbox.MessageQuerySet) -> outbox.MessageQuerySet:
        found = next(looks, None)
        if found is not None:
            return found
        Message.objects.filter(pk=message.pk).update(claimed_at=timezone.now())
        return unsent(rows)

    monkeypatch.setattr(outbox.MessageQuerySet, "unsent", snatched)
    assert Message.objects.claim_next() is None


def test_what_may_have_gone_is_uncertain_and_waits_for_a_person(
    cast: dict[str, User], client_of: ClientOf, use: Callable[[Server], Server]
) -> None:
    message = make_message(cast["bram"])
    use(Server(at_sending=smtplib.SMTPServerDisconnected("in the middle")))
    Message.objects.send_due()
    assert fresh(message).state == State.SENDING
    Message.objects.update(claimed_at=timezone.now() - LONG_AGO)
    assert fresh(message).state == State.UNCERTAIN
    use(Server())
    Message.objects.send_due()
    assert fresh(message).state == State.UNCERTAIN
    page = client_of("bea").get("/organisaties/waterrijk/berichten/").content.decode()
    assert "onzeker" in page and message.subject in page and "Dag." not in page
    assert client_of("bea").post(f"/berichten/{message.pk}/opnieuw/").status_code == 302
    assert fresh(message).state == State.SENT


def test_what_is_on_its_way_is_not_sent_again(cast: dict[str, User], client_of: ClientOf) -> None:
    message = make_message(cast["bram"], claimed_at=timezone.now())
    client_of("bea").post(f"/berichten/{message.pk}/opnieuw/")
    assert fresh(message).state == State.SENDING and not mail.outbox


def test_the_same_mail_has_the_same_identity(cast: dict[str, User]) -> None:
    one, other = make_message(cast["bram"]), make_message(cast["bram"])
    identities = [message.as_mail().extra_headers["Message-ID"] for message in (one, fresh(one), other)]
    assert identities[0] == identities[1] != identities[2]


# Tried again, with an end


def test_it_is_tried_again_with_growing_pauses_and_an_end(
    cast: dict[str, User], use: Callable[[Server], Server]
) -> None:
    message = make_message(cast["bram"])
    server = use(Server(at_opening=ConnectionRefusedError()))
    waited = []
    for _ in range(20):
        Message.objects.send_due()
        if fresh(message).state == State.WAITING:
            waited.append(fresh(message).due_at - timezone.now())
            Message.objects.update(due_at=timezone.now())
    assert [timedelta(minutes=round(pause.total_seconds() / 60)) for pause in waited] == list(PAUSES)
    assert sorted(waited) == waited and server.tried == len(PAUSES) + 1
    assert fresh(message).state == State.FAILED and "niet te bereiken" in fresh(message).fault


def test_it_is_not_tried_before_its_time(cast: dict[str, User]) -> None:
    make_message(cast["bram"], due_at=timezone.now() + timedelta(minutes=1))
    Message.objects.send_due()
    assert not mail.outbox


def test_a_server_that_is_away_is_asked_once_and_not_for_each_message(
    cast: dict[str, User], use: Callable[[Server], Server]
) -> None:
    for _ in range(5):
        make_message(cast["bram"])
    server = use(Server(at_opening=TimeoutError()))
    Message.objects.send_due()
    assert server.tried == 1 and Message.objects.unsent().count() == 5


@pytest.mark.parametrize(
    "refusal, state",
    [
        (smtplib.SMTPRecipientsRefused({"x": (550, b"no such user")}), State.FAILED),
        (smtplib.SMTPRecipientsRefused({"x": (451, b"greylisted")}), State.WAITING),
        (smtplib.SMTPRecipientsRefused({}), State.WAITING),
        (smtplib.SMTPDataError(554, b"spam"), State.FAILED),
        (smtplib.SMTPDataError(452, b"full"), State.WAITING),
        (smtplib.SMTPSenderRefused(550, b"not you", "x"), State.WAITING),
        (smtplib.SMTPNotSupportedError(), State.WAITING),
        (TimeoutError(), State.SENDING),
        (ValueError(), State.SENDING),
    ],
    ids=repr,
)
def test_a_refusal_is_for_good_for_now_or_no_answer_at_all(
    refusal: Exception, state: State, cast: dict[str, User], use: Callable[[Server], Server]
) -> None:
    message, after = make_message(cast["bram"]), make_message(cast["fatima"])
    use(Server(at_sending=refusal))
    Message.objects.send_due()
    assert fresh(message).state == state and fresh(after).attempts == 1


def test_the_administrator_is_told_where_they_look_at_members(
    cast: dict[str, User], client_of: ClientOf
) -> None:
    words, bea = "zijn zeker aangekomen", client_of("bea")
    make_message(cast["bram"])
    make_message(cast["chris"], gave_up_at=timezone.now())
    assert words not in bea.get("/leden/").content.decode()
    make_message(cast["bram"], gave_up_at=timezone.now())
    assert words in bea.get("/leden/").content.decode()
    assert words not in client_of("anna").get("/leden/").content.decode()


def test_what_failed_can_go_again_by_hand(cast: dict[str, User], client_of: ClientOf) -> None:
    message = make_message(cast["bram"], gave_up_at=timezone.now(), fault="Weg.", attempts=6)
    page = client_of("bea").get("/organisaties/waterrijk/berichten/").content.decode()
    assert "niet gelukt" in page and "Weg." in page
    client_of("bea").post(f"/berichten/{message.pk}/opnieuw/")
    assert fresh(message).state == State.SENT and len(mail.outbox) == 1


def test_what_was_not_sent_is_forgotten_after_a_month(cast: dict[str, User], client_of: ClientOf) -> None:
    before = timezone.now() - KEPT_FOR - timedelta(days=1)
    old = make_message(cast["bram"], gave_up_at=before, created_at=before)
    new = make_message(cast["bram"], gave_up_at=timezone.now())
    Message.objects.forget()
    assert (fresh(old).text, fresh(old).can_go_again, fresh(new).can_go_again) == ("", False, True)
    client_of("bea").post(f"/berichten/{old.pk}/opnieuw/")
    assert fresh(old).state == State.FAILED and not mail.outbox


# Invitations


def test_a_mail_server_that_is_away_breaks_no_page(
    cast: dict[str, User], client_of: ClientOf, use: Callable[[Server], Server]
) -> None:
    use(Server(at_opening=OSError("no route")))
    response = client_of("bea").post(INVITE, NEW, follow=True)
    assert "Noor Nieuw gaat per e-mail weg" in response.content.decode()
    assert Message.objects.get().state == State.WAITING and Invitation.objects.count() == 1


def test_an_invitation_that_is_withdrawn_or_replaced_is_not_mailed(
    cast: dict[str, User], client_of: ClientOf, use: Callable[[Server], Server]
) -> None:
    use(Server(at_opening=OSError()))
    client_of("bea").post(INVITE, NEW)
    pk, first = Invitation.objects.get().pk, Message.objects.get()
    client_of("bea").post(f"/uitnodigingen/{pk}/opnieuw/")
    assert Message.objects.get() != first and Message.objects.get().key != first.key
    client_of("bea").post(f"/uitnodigingen/{pk}/intrekken/")
    assert not Message.objects.exists()


def test_another_municipalitys_mail_does_not_exist(cast: dict[str, User], client_of: ClientOf) -> None:
    message = make_message(cast["bram"], gave_up_at=timezone.now())
    assert client_of("chris").post(f"/berichten/{message.pk}/opnieuw/").status_code == 404
    page = client_of("chris").get("/organisaties/hoogezand/berichten/").content.decode()
    assert message.to not in page and fresh(message).state == State.FAILED


# What a person wants


def test_everyone_chooses_their_own_mail(cast: dict[str, User], client_of: ClientOf) -> None:
    bram = client_of("bram")
    page = bram.get("/account/berichten/").content.decode()
    assert page.count("checked") == len(OPTIONAL) and 'value="invitation"' not in page
    assert bram.post("/account/berichten/", {"wanted": ["deadline"]}).status_code == 302
    assert set(cast["bram"].muted.values_list("kind", flat=True)) == {*OPTIONAL} - {"deadline"}
    assert bram.get("/account/berichten/").content.decode().count("checked") == 1
    bram.post("/account/berichten/", {"wanted": [*OPTIONAL]})
    assert not Muted.objects.exists()


def test_none_of_it_is_a_choice_too_and_an_unknown_kind_is_not(
    cast: dict[str, User], client_of: ClientOf
) -> None:
    client_of("bram").post("/account/berichten/", {"wanted": ["reclame"]})
    assert not Muted.objects.exists()
    client_of("bram").post("/account/berichten/", {})
    assert cast["bram"].muted.count() == len(OPTIONAL) and not cast["anna"].muted.exists()
