"""Somebody from outside answers by a personal link: who gives it, until when, and what the mail says."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone

from assessments.guests.forms import suggested_end
from assessments.letters import turns
from assessments.models import Assessment, Assignment, GuestPass, GuestRefused
from assessments.status import Status
from organisations.models import Message, Organisation, User
from tests.cast import THEME, bring_to, make_guest, make_round, say

ClientOf = Callable[[str], Client]
PA = "/".join(THEME)
ADDRESS = "adviseur@buiten.example"


def day(days: int) -> str:
    return (timezone.localdate() + timedelta(days=days)).isoformat()


def add(client: Client, round_: Assessment, **changes: object) -> tuple[int, str]:
    """Adds a guest as the form does; the status and the page."""
    data: dict[str, Any] = {"name": "Gerda Gast", "email": ADDRESS, "asked": [PA], "until": day(30)}
    response = client.post(f"/rondes/{round_.pk}/gasten/", data | changes)
    return response.status_code, response.content.decode()


def links() -> list[str]:
    """The paths of the personal links that were mailed, the oldest first."""
    found = [re.search(r"http://testserver(/gast/\S+/)", str(one.body)) for one in mail.outbox]
    return [one[1] for one in found if one]


@pytest.fixture
def round_(cast: dict[str, User]) -> Assessment:
    return make_round(cast)


# The coordinator gives a link


def test_the_coordinator_gives_themes_and_questions_to_somebody_without_an_account(
    round_: Assessment, client_of: ClientOf
) -> None:
    link, other = round_.content.links[0], round_.content.links[1]
    theme = other.themes[0]
    single = f"{other.slug}/{theme.slug}/{theme.questions[1].id}"
    assert add(client_of("anna"), round_, asked=[PA, f"{PA}/PA-01", single])[0] == 302
    guest = GuestPass.objects.get().user
    given = set(round_.assignments.filter(user=guest).values_list("link", "theme", "question"))
    assert given == {(link.slug, PA.split("/")[1], ""), (other.slug, theme.slug, theme.questions[1].id)}
    assert (guest.email, guest.is_guest) == (ADDRESS, True)
    assert not guest.is_active and not guest.has_usable_password()


def test_the_mail_says_who_asks_what_until_when_and_holds_the_link(
    round_: Assessment, client_of: ClientOf
) -> None:
    add(client_of("anna"), round_, note="U kent de praktijk.\nDank u!", asked=[f"{PA}/PA-01"])
    (message,) = mail.outbox
    assert message.to == [ADDRESS]
    assert message.subject == "Uw persoonlijke link: Jaarronde 2026 van Gemeente Waterrijk"
    text, html = str(message.body), str(message.alternatives[0][0])  # type: ignore[attr-defined]
    for body in (text, html):
        assert "Beste Gerda Gast," in body and "Anna van Gemeente Waterrijk vraagt u" in body
        assert "U kent de praktijk." in body and "ongeveer 5 minuten" in body
        assert links()[0] in body and "account/berichten" not in body
    assert "Er staat 1 vraag voor u klaar" in text
    assert f"tot en met {(timezone.localdate() + timedelta(30)).day} " in text


def test_the_token_is_in_the_mail_alone(round_: Assessment, client_of: ClientOf) -> None:
    anna = client_of("anna")
    add(anna, round_)
    token = links()[0].split("/")[-2]
    assert len(token) >= 43
    assert token not in str(list(GuestPass.objects.values())) + str(list(Message.objects.values()))
    pk = GuestPass.objects.get().pk
    for page in ("", f"{pk}/", f"{pk}/intrekken/"):
        assert token not in anna.get(f"/rondes/{round_.pk}/gasten/{page}").content.decode()
    assert token not in Client().get(links()[0]).content.decode()


@pytest.mark.parametrize(
    "changes, message",
    [
        ({"name": ""}, "Dit veld is verplicht."),
        ({"name": "Gerda\nBcc: kwaad@x.example"}, "Hier staat een teken dat niet te lezen is"),
        ({"email": "geen adres"}, "Voer een geldig e-mailadres in."),
        (
            {"email": "Bram@Waterrijk.example"},
            "Dit adres heeft al een account. Geef de vragen via de verdeling.",
        ),
        ({"email": "chris@hoogezand.example"}, "Dit adres heeft al een account."),
        ({"asked": []}, "Kies ten minste één thema of vraag."),
        ({"asked": ["pro-actie/bestaat-niet"]}, "hoort niet bij de ronde"),
        ({"until": day(-1)}, "Deze dag is al voorbij."),
        ({"until": day(184)}, "Kies een dag tot en met"),
        ({"until": "morgen"}, "Voer een geldige datum in."),
        ({"note": "x" * 4001}, "De tekst is te lang"),
    ],
    ids=str,
)
def test_bad_input_is_refused_in_words_and_sends_nothing(
    changes: dict[str, object], message: str, round_: Assessment, client_of: ClientOf
) -> None:
    status, page = add(client_of("anna"), round_, **changes)
    assert status == 422 and message in page
    assert not mail.outbox and not GuestPass.objects.exists() and not User.objects.filter(is_guest=True)


def test_what_was_typed_stays_when_something_is_wrong(round_: Assessment, client_of: ClientOf) -> None:
    question = f"{PA}/{round_.content.theme(*THEME).questions[1].id}"
    page = add(client_of("anna"), round_, name="", note="Let op mij", asked=[question])[1]
    assert "Let op mij" in page and ADDRESS in page
    assert re.search(rf'value="{question}"[^>]*checked', page)


def test_nobody_is_a_guest_twice_in_one_round(round_: Assessment, client_of: ClientOf) -> None:
    add(client_of("anna"), round_)
    status, page = add(client_of("anna"), round_, email=ADDRESS.upper())
    assert status == 422 and "Deze persoon is al gast in deze ronde." in page
    with pytest.raises(GuestRefused):
        make_guest(round_, email=ADDRESS)
    assert len(mail.outbox) == GuestPass.objects.count() == 1


def test_once_the_round_is_closed_nobody_is_added(
    cast: dict[str, User], round_: Assessment, client_of: ClientOf
) -> None:
    bring_to(round_, Status.CLOSED, cast["anna"])
    status, page = add(client_of("anna"), round_)
    assert status == 409 and "U kunt niemand meer toevoegen" in page
    with pytest.raises(GuestRefused):
        make_guest(round_)
    assert not User.objects.filter(is_guest=True).exists()


@pytest.mark.parametrize("last_day, end", [(None, 28), (-3, 28), (10, 38), (180, 183)])
def test_the_end_that_is_suggested_leaves_time_for_a_question_of_the_validator(
    last_day: int | None, end: int, round_: Assessment
) -> None:
    today = timezone.localdate()
    round_.deadline = None if last_day is None else today + timedelta(days=last_day)
    assert suggested_end(round_) == today + timedelta(days=end)


def test_a_guest_of_a_round_that_is_not_open_hears_when_it_opens(
    cast: dict[str, User], client_of: ClientOf
) -> None:
    round_, anna = make_round(cast, Status.PREPARED), client_of("anna")
    add(anna, round_)
    assert not mail.outbox
    assert "gaat weg zodra de ronde opengaat" in anna.get(f"/rondes/{round_.pk}/gasten/").content.decode()
    anna.post(f"/rondes/{round_.pk}/status/open/")
    assert sorted(one.to[0] for one in mail.outbox) == [ADDRESS, "bram@waterrijk.example"]
    assert Client().get(links()[0]).status_code == 200


def test_a_theme_with_only_a_guest_is_not_without_people(cast: dict[str, User]) -> None:
    round_ = make_round(cast, Status.DRAFT, people=())
    without = round_.facts().themes_without_people
    guest, _ = make_guest(round_, [("pro-actie", "richting-en-voorbeeld", "")])
    assert round_.facts().themes_without_people == without - 1
    guest.revoke()
    assert round_.facts().themes_without_people == without


# Another link, another end, none any more


def edit(client: Client, guest: GuestPass, **data: str) -> int:
    url = f"/rondes/{guest.assessment_id}/gasten/{guest.pk}/"
    return client.post(url, {"until": day(60), **data}).status_code


def test_a_new_link_ends_the_old_one(round_: Assessment, client_of: ClientOf) -> None:
    add(client_of("anna"), round_)
    assert edit(client_of("anna"), GuestPass.objects.get(), new="1") == 302
    old, new = links()
    assert Client().get(old).status_code == 302 and Client().get(new).status_code == 200
    assert GuestPass.objects.get().last_day == date.fromisoformat(day(60))


def test_a_new_link_takes_a_mail_back_that_did_not_go_yet(round_: Assessment, client_of: ClientOf) -> None:
    add(client_of("anna"), round_)
    Message.objects.update(sent_at=None, claimed_at=None)
    edit(client_of("anna"), GuestPass.objects.get(), new="1")
    assert Message.objects.count() == 1
    Message.objects.update(sent_at=None, claimed_at=None)
    client_of("anna").post(f"/rondes/{round_.pk}/gasten/{GuestPass.objects.get().pk}/intrekken/")
    assert not Message.objects.exists()


def test_another_end_keeps_the_link(round_: Assessment, client_of: ClientOf) -> None:
    add(client_of("anna"), round_, until=day(0))
    assert edit(client_of("anna"), GuestPass.objects.get()) == 302
    assert len(mail.outbox) == 1 and Client().get(links()[0]).status_code == 200
    assert edit(client_of("anna"), GuestPass.objects.get(), until=day(400)) == 422


def test_a_new_link_revives_a_guest_whose_link_was_ended(round_: Assessment, client_of: ClientOf) -> None:
    anna = client_of("anna")
    add(anna, round_)
    url = f"/rondes/{round_.pk}/gasten/{GuestPass.objects.get().pk}/intrekken/"
    assert "blijven staan en tellen mee" in anna.get(url).content.decode()
    anna.post(url)
    assert "ingetrokken" in anna.get(f"/rondes/{round_.pk}/gasten/").content.decode()
    assert edit(anna, GuestPass.objects.get()) == 302
    assert GuestPass.objects.get().state == "geldig" and len(links()) == 2


def test_the_page_says_what_became_of_each_link(round_: Assessment, client_of: ClientOf) -> None:
    anna, url = client_of("anna"), f"/rondes/{round_.pk}/gasten/"
    assert "Er zijn nog geen gasten" in anna.get(url).content.decode()
    add(anna, round_)
    page = anna.get(url).content.decode()
    assert "Gerda Gast" in page and "geldig" in page and "mail: verstuurd" in page and "nog niet" in page
    GuestPass.objects.update(expires_at=timezone.now() - timedelta(seconds=1), used_at=timezone.now())
    assert "verlopen" in anna.get(url).content.decode()


def test_an_answer_of_a_guest_stays_and_counts_after_the_link_ended(
    cast: dict[str, User], round_: Assessment, client_of: ClientOf
) -> None:
    guest, _ = make_guest(round_)
    say(round_, guest.user, "PA-01", level=3)
    guest.revoke()
    assert "Gerda Gast (extern)" in client_of("anna").get(f"/rondes/{round_.pk}/voortgang/").content.decode()
    bring_to(round_, Status.ADOPTED, cast["anna"])
    assert round_.adoption and round_.adoption.frozen()["round"]["contributors"] == 1
    assert round_.adoption.frozen()["answers"][0]["contributor"] == "c1"
    assert "Gerda" not in round_.adoption.document


def test_a_guest_with_a_later_turn_hears_when_it_comes(cast: dict[str, User]) -> None:
    round_ = make_round(cast, people=())
    guest, _ = make_guest(round_, [(*THEME, "")])
    round_.assignments.update(turn=2)
    first = round_.assignments.create(link=THEME[0], theme=THEME[1], user=cast["bram"])
    with turns(round_):
        Assignment.hand_in(round_, cast["bram"], [first.pk])
    (message,) = [one for one in mail.outbox if one.to == [guest.user.email]]
    assert "aan de beurt" in message.subject and "/rondes/" not in message.body


# Two organisations, one guest


def test_what_another_organisation_typed_is_shown_to_neither(cast: dict[str, User]) -> None:
    here = make_round(cast)
    there = make_round(cast, organisation="hoogezand", leader="chris", people=("chris",))
    ours, _ = make_guest(here, name="Gerda Gast")
    theirs, _ = make_guest(there, name="Mevrouw G. (let op)")
    assert ours.user == theirs.user
    user = User.objects.get(pk=ours.user.pk)
    assert user.name == user.email
    assert [one.name for one in GuestPass.objects.all()] == ["Gerda Gast", "Mevrouw G. (let op)"]


def test_the_next_round_of_the_same_organisation_may_put_a_name_right(cast: dict[str, User]) -> None:
    make_guest(make_round(cast, year=2025), name="Gerda Gats")
    guest, _ = make_guest(make_round(cast), name="Gerda Gast")
    assert User.objects.get(pk=guest.user.pk).name == "Gerda Gast"


def test_a_guest_is_of_the_organisation_that_asked(cast: dict[str, User], client_of: ClientOf) -> None:
    guest, _ = make_guest(make_round(cast))
    for page in ("", "intrekken/"):
        url = f"/rondes/{guest.assessment_id}/gasten/{guest.pk}/{page}"
        assert client_of("chris").get(url).status_code == client_of("chris").post(url).status_code == 404
    other = make_round(cast, organisation="hoogezand", leader="chris", people=("chris",))
    url = f"/rondes/{other.pk}/gasten/{guest.pk}/intrekken/"
    assert client_of("chris").post(url).status_code == 404
    assert Organisation.objects.count() == 2 and GuestPass.objects.get().is_valid
