"""The validator's work: the list in its order, one question after the other, and asking back."""

from __future__ import annotations

import html
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.core import mail
from django.test import Client

from assessments.models import Assessment, EvidencedLevel, Sample, SentBack
from assessments.models.sample import checklist_of
from assessments.reminders import remind
from assessments.status import Status
from organisations.letter import Kind
from organisations.models import Message, Muted, User
from organisations.roles import Role
from tests.cast import bring_to, make_answers, make_guest, make_message, make_round, say
from tests.evidence import evidence_url
from tests.pages import answer_url
from tests.test_reminders import MONDAY, at
from tests.test_sending_back import ASKED, OTHER, QUESTION, make_checked, send

ClientOf = Callable[[str], Client]


@pytest.fixture
def round_(cast: dict[str, User]) -> Assessment:
    return make_checked(cast)


def page_of(round_: Assessment, question: str = QUESTION) -> str:
    return f"/rondes/{round_.pk}/bewijs/{question}/"


def reply_to(round_: Assessment, question: str = QUESTION) -> str:
    return f"{answer_url(round_, question)}teruggegeven/"


def record(client: Client, round_: Assessment, question: str, **more: str) -> str:
    data = {"which": "evidenced", "evidenced-level": "2", "evidenced-words": "Gezien.", **more}
    reply = client.post(page_of(round_, question), data)
    assert reply.status_code == 302
    return reply.headers["Location"]


def ask(client: Client, round_: Assessment, who: User, text: str = ASKED) -> int:
    data = {"which": "back", "contributor": str(who.pk), f"back-{who.pk}-text": text}
    reply = client.post(page_of(round_), data)
    assert (
        reply.status_code == 302 or html.escape(text.strip()) in reply.content.decode()
    )  # nothing typed is lost
    return reply.status_code


def seen(client: Client, address: str) -> str:
    return " ".join(client.get(address).content.decode().split())


# The list


def test_the_list_has_each_question_once_legal_minimums_first_and_then_the_sample(
    cast: dict[str, User],
) -> None:
    round_ = make_round(cast, people=("bram", "fatima"))
    make_answers(round_, cast["bram"], level=3)
    make_answers(round_, cast["fatima"], level=0, questions=[OTHER, "PA-11", "PA-01"])
    bring_to(round_, Status.VALIDATION, cast["anna"])
    Sample.objects.create(
        assessment=round_, seed="4f", size=1, questions=[OTHER, "NZ-01"], drawn_by=cast["vera"]
    )
    groups = {why.name: [one.question.id for one in rows] for why, rows in checklist_of(round_).groups()}
    legal = [one.id for one in round_.content.questions if one.legal_minimum is not None]
    assert groups["LEGAL"] == legal
    assert groups["SAMPLE"] == [OTHER, "NZ-01"]
    assert groups["DIFFERS"] == ["PA-11"]
    assert sum(map(len, groups.values())) == len(round_.content.questions)


def test_what_is_still_to_do_is_one_click_away(
    cast: dict[str, User], round_: Assessment, client_of: ClientOf
) -> None:
    Sample.draw(
        round_, 3, cast["vera"]
    )  # of the two answers one is on a legal minimum, so this takes the other
    vera, address = client_of("vera"), f"/rondes/{round_.pk}/bewijs/"
    assert "0 van 2 gedaan" in seen(vera, address)
    record(vera, round_, OTHER)
    page = seen(vera, f"{address}?toon=doen")
    assert "1 van 2 gedaan" in page and "Nog te doen (1)" in page
    assert page_of(round_) in page and page_of(round_, OTHER) not in page
    send(round_, cast)
    assert page_of(round_) in seen(vera, f"{address}?toon=terug")
    assert "Er is hier nu niets." in seen(vera, f"{address}?toon=doen")


def test_a_question_that_came_back_asks_for_the_validator_again(
    cast: dict[str, User], round_: Assessment, client_of: ClientOf
) -> None:
    sent = send(round_, cast, question=OTHER)
    assert checklist_of(round_).sent_back == 1 and not checklist_of(round_).of(OTHER).waits
    sent.settle(cast["bram"], "Zie de notulen.")
    assert "Op 1 vraag kwam een reactie." in seen(client_of("vera"), f"/rondes/{round_.pk}/bewijs/")
    EvidencedLevel.record(round_, OTHER, 3, "", cast["vera"])
    assert checklist_of(round_).came_back == 0


def test_what_was_taken_back_did_not_come_back(cast: dict[str, User], round_: Assessment) -> None:
    send(round_, cast, question=OTHER).settle(cast["vera"])
    check = checklist_of(round_).of(OTHER)
    assert not (check.sent_back or check.came_back or check.waits)


def test_the_validators_own_first_page_says_what_there_is_to_check(
    cast: dict[str, User], round_: Assessment, client_of: ClientOf
) -> None:
    vera, address = client_of("vera"), f"/rondes/{round_.pk}/bewijs/"
    assert "<span>1 vraag te controleren</span>" in seen(vera, "/") and address in seen(vera, "/")
    sent = send(round_, cast, question=OTHER)  # neither a legal minimum nor drawn
    sent.settle(cast["bram"], "Zie de notulen.")
    assert "<span>2 vragen te controleren, 1 reactie gekomen</span>" in seen(vera, "/")
    for question in (OTHER, QUESTION):
        EvidencedLevel.record(round_, question, 3, "", cast["vera"])
    assert "<span>er wacht nu geen vraag op u</span>" in seen(vera, "/")
    assert "Te controleren" not in seen(client_of("anna"), "/")


def test_with_a_guest_whose_link_ended_meanwhile_the_page_says_what_helps(
    cast: dict[str, User], client_of: ClientOf
) -> None:
    round_ = make_round(cast)
    guest, _ = make_guest(round_)
    say(round_, guest.user, QUESTION, level=3)
    bring_to(round_, Status.VALIDATION, cast["anna"])
    SentBack.send(round_, QUESTION, guest.user, ASKED, cast["vera"])
    vera, anna, gone = client_of("vera"), client_of("anna"), "link van deze gast is niet meer geldig."
    page = seen(vera, page_of(round_))
    assert "Gerda Gast (extern)" in page and "Er is nog geen reactie." in page and gone not in page
    guest.revoke()
    assert f"{gone} De coördinator kan bij Gasten een nieuwe link sturen." in seen(vera, page_of(round_))
    assert f'{gone} Stuur bij <a href="/rondes/{round_.pk}/gasten/">Gasten</a>' in seen(anna, page_of(round_))
    bring_to(round_, Status.ADOPTED, cast["anna"])
    assert gone not in seen(vera, page_of(round_))


# One question after the other


def test_recording_goes_on_to_the_next_that_waits_and_comes_round_to_the_list(
    cast: dict[str, User], round_: Assessment, client_of: ClientOf
) -> None:
    Sample.draw(round_, 3, cast["vera"])
    vera = client_of("vera")
    assert record(vera, round_, OTHER, next="1") == page_of(round_)
    assert record(vera, round_, QUESTION) == page_of(round_)  # "blijf hier"
    assert record(vera, round_, QUESTION, next="1") == f"/rondes/{round_.pk}/bewijs/"
    assert "Er wacht nu geen vraag meer op u." in seen(vera, f"/rondes/{round_.pk}/bewijs/")


def test_everyone_has_their_standing_and_who_answered_themselves_reads_that(
    cast: dict[str, User], client_of: ClientOf
) -> None:
    round_ = make_round(cast, people=("chris",), organisation="hoogezand", leader="chris")
    say(round_, cast["chris"], QUESTION, level=3)
    bring_to(round_, Status.VALIDATION, cast["chris"])
    page = seen(client_of("chris"), page_of(round_))
    assert "U beantwoordde deze vraag zelf." in page and ">ingediend</span>" in page
    assert "Geef terug met een vraag" not in page
    cast["guus"].memberships.all().delete()
    round_.organisation.admit(cast["guus"], [Role.VALIDATOR])  # who checks what Chris answered himself
    record(client_of("guus"), round_, QUESTION)
    assert ">gevalideerd</span>" in seen(client_of("chris"), page_of(round_))


# Asking back


def test_asking_back_is_told_by_mail_and_once(
    cast: dict[str, User], round_: Assessment, client_of: ClientOf
) -> None:
    vera = client_of("vera")
    assert ask(vera, round_, cast["bram"]) == 302
    assert ask(vera, round_, cast["bram"], "Nog <eens>?") == 422  # by now there is nothing to ask
    (letter,) = mail.outbox
    assert letter.to == ["bram@waterrijk.example"]
    assert letter.subject == "De validator vraagt u iets over PA-01: Jaarronde 2026"
    assert f"http://testserver{reply_to(round_)}" in letter.body and ASKED not in letter.body
    assert "U krijgt dit bericht omdat" in letter.body and "/account/berichten/" in letter.body
    page = seen(vera, page_of(round_))
    assert "teruggegeven" in page and ASKED in page and "Haal terug" in page
    assert 'name="evidenced-level"' not in page


def test_who_does_not_want_the_mail_gets_none_and_who_cannot_sign_in_nothing_at_all(
    cast: dict[str, User], round_: Assessment, client_of: ClientOf
) -> None:
    Muted.only(cast["bram"], [Kind.SENT_BACK])
    User.objects.filter(pk=cast["fatima"].pk).update(is_active=False)
    assert [ask(client_of("vera"), round_, cast[name]) for name in ("bram", "fatima")] == [302, 422]
    assert not Message.objects.exists()


def test_taking_back_also_takes_back_the_mail_of_that_one_alone(
    cast: dict[str, User], round_: Assessment, client_of: ClientOf
) -> None:
    sent = send(round_, cast)
    for number in (sent.pk, f"{sent.pk}1"):
        make_message(cast["bram"], key=f"round/{round_.pk}/sent_back/{number}/")
    data = {"which": "take_back", "sent": str(sent.pk)}
    assert client_of("vera").post(page_of(round_), data).status_code == 302
    assert [one.key for one in Message.objects.all()] == [f"round/{round_.pk}/sent_back/{sent.pk}1/"]
    assert SentBack.objects.get().was_taken_back
    again = client_of("vera").post(page_of(round_), data, follow=True)
    assert "intussen afgehandeld" in again.content.decode()


def test_an_empty_question_is_refused_at_the_field_of_that_person(
    cast: dict[str, User], round_: Assessment, client_of: ClientOf
) -> None:
    vera = client_of("vera")
    assert [ask(vera, round_, cast["bram"], text) for text in ("", " \n")] == [422, 422]
    who = cast["bram"].pk
    data = {"which": "back", "contributor": str(who), f"back-{who}-text": "x" * 4001}
    page = vera.post(page_of(round_), data).content.decode()
    assert "De tekst is te lang: 4001 tekens." in page and page.count("<details open>") == 1
    assert not SentBack.objects.exists()


def test_only_the_validator_sends_back_or_takes_back(
    cast: dict[str, User], round_: Assessment, client_of: ClientOf
) -> None:
    anna = client_of("anna")
    assert ask(anna, round_, cast["bram"]) == 422
    sent = send(round_, cast)
    anna.post(page_of(round_), {"which": "take_back", "sent": str(sent.pk)})
    assert SentBack.objects.open().count() == 1
    assert "Haal terug" not in seen(anna, page_of(round_))


def test_what_comes_after_adoption_is_given_back_to_be_copied(
    cast: dict[str, User], round_: Assessment, client_of: ClientOf
) -> None:
    bring_to(round_, Status.ADOPTED, cast["anna"])
    who = cast["bram"].pk
    for data in (
        {"which": "back", "contributor": str(who), f"back-{who}-text": "Waar <precies>?"},
        {"which": "evidenced", "evidenced-level": "2", "evidenced-words": "Waar <precies>?"},
    ):
        page = client_of("vera").post(page_of(round_), data)
        assert page.status_code == 409
        assert "Dit is niet opgeslagen" in page.content.decode()
        assert "Waar &lt;precies&gt;?" in page.content.decode()


# The reply


def test_the_contributor_reads_the_question_changes_the_answer_and_replies(
    cast: dict[str, User], round_: Assessment, client_of: ClientOf
) -> None:
    ask(client_of("vera"), round_, cast["bram"])
    bram = client_of("bram")
    page = seen(bram, reply_to(round_))
    assert ASKED in page and "Vera" in page and evidence_url(round_) in page
    say(round_, cast["bram"], QUESTION, 1, level=2, explanation="In het beleid van 2023.")
    reply = bram.post(reply_to(round_), {"text": "Ik heb het <beleid> erbij gezet."})
    assert reply.headers["Location"] == f"/rondes/{round_.pk}/vragen/"
    told = seen(client_of("vera"), page_of(round_))
    assert "Ik heb het &lt;beleid&gt; erbij gezet." in told and "Wat sindsdien veranderde" in told
    assert "<del>3 Gedaan</del>" in told and "<ins>2 Vastgelegd</ins>" in told
    assert "<ins>In het beleid van 2023.</ins>" in told and "fatima het.</del>" not in told
    assert "Ik heb het &lt;beleid&gt; erbij gezet." in seen(bram, reply_to(round_))


def test_a_reply_needs_no_words_and_says_when_nothing_changed(
    cast: dict[str, User], round_: Assessment, client_of: ClientOf
) -> None:
    send(round_, cast)
    assert client_of("bram").post(reply_to(round_), {"text": ""}).status_code == 302
    page = seen(client_of("vera"), page_of(round_))
    assert "geen reactie in woorden" in page and "Het antwoord zelf is niet veranderd." in page


@pytest.mark.parametrize("meanwhile", ["taken back", "adopted"])
def test_a_reply_that_comes_too_late_is_given_back(
    meanwhile: str, cast: dict[str, User], round_: Assessment, client_of: ClientOf
) -> None:
    sent = send(round_, cast)
    if meanwhile == "adopted":
        bring_to(round_, Status.ADOPTED, cast["anna"])
    else:
        sent.settle(cast["vera"])
    page = client_of("bram").post(reply_to(round_), {"text": "Zie <bijlage> 3."})
    assert page.status_code == 409
    assert "Zie &lt;bijlage&gt; 3." in page.content.decode()
    assert "Stuur terug naar de validator" not in page.content.decode()


def test_a_question_to_one_is_no_page_for_another(
    cast: dict[str, User], round_: Assessment, client_of: ClientOf
) -> None:
    assert client_of("bram").get(reply_to(round_)).status_code == 404
    send(round_, cast)
    for name in ("fatima", "anna", "vera", "chris"):
        assert client_of(name).get(reply_to(round_)).status_code == 404
        assert client_of(name).post(reply_to(round_), {"text": "x"}).status_code == 404
    assert SentBack.objects.open().count() == 1


def test_evidence_is_added_on_the_page_while_it_is_sent_back(
    cast: dict[str, User], round_: Assessment, client_of: ClientOf
) -> None:
    data = {"title": "Code", "dated": "2026-03-01", "url": "https://intranet.example/code"}
    bram = client_of("bram")
    assert bram.post(evidence_url(round_), data).status_code == 409
    sent = send(round_, cast)
    assert bram.post(evidence_url(round_), data).status_code == 302
    sent.settle(cast["bram"])
    assert bram.post(evidence_url(round_), data).status_code == 409
    assert round_.evidence.count() == 1


# The weekly digest


def test_the_digest_names_what_the_validator_waits_for_until_it_is_settled(
    cast: dict[str, User], round_: Assessment
) -> None:
    sent = [send(round_, cast, question=question) for question in (QUESTION, OTHER)]
    remind(at(MONDAY))
    (letter,) = mail.outbox
    assert letter.to == ["bram@waterrijk.example"]
    assert "De validator wacht op uw reactie bij PA-01, PA-10." in letter.body
    assert "omdat de validator iets van u wil weten" in letter.body
    for one in sent:
        one.settle(cast["bram"])
    remind(at(MONDAY + timedelta(days=7)))
    assert len(mail.outbox) == 1


def test_the_digest_is_silent_to_who_cannot_reply(cast: dict[str, User], round_: Assessment) -> None:
    send(round_, cast)
    send(round_, cast, "fatima")
    cast["bram"].memberships.get().set_roles([Role.EXECUTIVE])
    User.objects.filter(pk=cast["fatima"].pk).update(is_active=False)
    remind(at(MONDAY))
    assert not mail.outbox


# Adopting all the same


def test_who_adopts_reads_how_many_are_still_away_and_may_go_on(
    cast: dict[str, User], round_: Assessment, client_of: ClientOf
) -> None:
    for name in ("bram", "fatima"):
        send(round_, cast, name)
    address = f"/rondes/{round_.pk}/status/adopted/"
    assert "2 antwoorden zijn teruggegeven" in seen(client_of("anna"), address)
    assert client_of("anna").post(address).status_code == 302
    assert Assessment.objects.get().status == Status.ADOPTED
    assert "Hier kwam geen reactie op." in seen(client_of("vera"), page_of(round_))


def test_whoever_lost_the_role_checks_nothing_any_more(
    cast: dict[str, User], round_: Assessment, client_of: ClientOf
) -> None:
    cast["vera"].memberships.get().set_roles([Role.COORDINATOR])
    assert ask(client_of("vera"), round_, cast["bram"]) == 422
    assert not SentBack.objects.exists()
