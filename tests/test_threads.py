"""Talking beside the answer: who reads along, what is said, taken back, settled, and where it never goes."""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.core import mail
from django.db import connection
from django.http.response import HttpResponseBase
from django.template.loader import render_to_string
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from assessments.models import Assessment, Assignment, Remark, Thread
from assessments.models.remark import TalkIsOver, questions_with_talk, readers
from assessments.status import LIFE, RUNNING, Status
from organisations.letter import Kind
from organisations.models import Message, Muted, User
from reports.models import report_of
from tests.cast import THEME, bring_to, make_answers, make_guest, make_round
from tests.pages import answer_url

ClientOf = Callable[[str], Client]
QUESTION = "PA-01"
OTHER = "PV-01"


@pytest.fixture
def round_(cast: dict[str, User]) -> Assessment:
    """Bram has all themes; Fatima has one question, PA-01, and no more."""
    round_ = make_round(cast)
    link, theme = THEME
    Assignment.objects.create(
        assessment=round_, link=link, theme=theme, question=QUESTION, user=cast["fatima"]
    )
    return round_


# Who reads along


def test_whoever_has_the_question_and_who_leads_or_validates_reads_along(
    round_: Assessment, cast: dict[str, User]
) -> None:
    assert [user.name for user in readers(round_, QUESTION)] == ["Anna", "Bram", "Fatima", "Vera"]
    assert [user.name for user in readers(round_, OTHER)] == ["Anna", "Bram", "Vera"]


def test_who_left_or_was_switched_off_does_not_read_along(round_: Assessment, cast: dict[str, User]) -> None:
    cast["bram"].memberships.get().set_roles(["executive"])
    User.objects.filter(pk=cast["vera"].pk).update(is_active=False)
    assert [user.name for user in readers(round_, QUESTION)] == ["Anna", "Fatima"]


def test_a_thread_is_visible_to_exactly_those_people(round_: Assessment, cast: dict[str, User]) -> None:
    for question in (QUESTION, OTHER):
        Thread.say(round_, question, cast["bram"], "Hier is over te praten.")
    seen = {
        name: [one.question for one in Thread.objects.visible_to(user, round_).order_by("pk")]
        for name, user in cast.items()
    }
    assert {name for name, threads in seen.items() if threads == [QUESTION, OTHER]} == {
        "anna",
        "bram",
        "vera",
    }
    assert seen["fatima"] == [QUESTION]
    assert not any(seen[name] for name in ("guus", "greet", "bea", "chris"))
    assert [one.id for one in questions_with_talk(round_, cast["fatima"])] == [QUESTION]


# Saying


@pytest.mark.parametrize("status", [*LIFE, Status.WITHDRAWN])
def test_one_talks_while_the_round_runs_and_reads_after(status: Status, cast: dict[str, User]) -> None:
    round_ = make_round(cast)
    make_answers(round_, cast["bram"], questions=[QUESTION])
    thread = Thread.say(round_, QUESTION, cast["bram"], "Eerder gezegd.").thread
    if LIFE.index(Status.OPEN) < (LIFE.index(status) if status in LIFE else 0):
        bring_to(round_, status, cast["anna"])
    Assessment.objects.filter(pk=round_.pk).update(status=status)
    if status in RUNNING:
        Thread.say(round_, QUESTION, cast["anna"], "Nu gezegd.")
        thread.settle(cast["anna"])
        thread.reopen()
    else:
        for late in (
            lambda: Thread.say(round_, QUESTION, cast["anna"], "Te laat gezegd."),
            lambda: thread.settle(cast["anna"]),
            thread.reopen,
        ):
            with pytest.raises(TalkIsOver):
                late()
    assert Remark.objects.count() == 1 + (status in RUNNING)


def test_a_button_that_is_pressed_twice_says_it_once(round_: Assessment, cast: dict[str, User]) -> None:
    first = Thread.say(round_, QUESTION, cast["bram"], "Ja.", [cast["anna"]])
    assert Thread.say(round_, QUESTION, cast["bram"], "Ja.", [cast["anna"]]) == first
    Thread.say(round_, QUESTION, cast["anna"], "Ja.")
    Thread.say(round_, "PA-02", cast["bram"], "Ja.")
    Remark.objects.update(at=timezone.now() - timedelta(seconds=61))
    assert Thread.say(round_, QUESTION, cast["bram"], "Ja.") != first
    assert [one.author.name for one in Remark.objects.filter(thread__question=QUESTION)] == [
        "Bram",
        "Anna",
        "Bram",
    ]


def test_nobody_mentions_themselves(round_: Assessment, cast: dict[str, User]) -> None:
    remark = Thread.say(round_, QUESTION, cast["bram"], "Ik kijk.", [cast["bram"], cast["anna"]])
    assert [user.name for user in remark.mentioned.all()] == ["Anna"]


# Taking back and settling


def test_what_is_taken_back_is_gone_but_that_it_was_said_is_not(
    round_: Assessment, cast: dict[str, User]
) -> None:
    remark = Thread.say(round_, QUESTION, cast["bram"], "Jan de Vries deed het.", [cast["anna"]])
    assert not remark.take_back(cast["anna"])
    remark.refresh_from_db()
    assert remark.text
    assert remark.take_back(cast["bram"]) and remark.take_back(cast["bram"])
    remark.refresh_from_db()
    assert (remark.text, remark.taken_back_at is None, remark.mentioned.count()) == ("", False, 0)


def test_a_name_that_slipped_in_is_taken_back_also_after_the_adoption(
    round_: Assessment, cast: dict[str, User]
) -> None:
    remark = Thread.say(round_, QUESTION, cast["bram"], "Jan de Vries deed het.")
    Assessment.objects.filter(pk=round_.pk).update(status=Status.ARCHIVED)
    assert remark.take_back(cast["bram"])


def test_a_settled_thread_opens_again_with_the_next_remark(round_: Assessment, cast: dict[str, User]) -> None:
    thread = Thread.say(round_, QUESTION, cast["bram"], "Klopt dit?").thread
    thread.settle(cast["anna"])
    thread.settle(cast["vera"])
    thread.refresh_from_db()
    assert thread.settled_by == cast["anna"]
    Thread.say(round_, QUESTION, cast["bram"], "Toch nog iets.")
    thread.refresh_from_db()
    assert thread.settled_at is None


# What others make of it


def test_what_can_be_printed_is_grouped_by_question_without_what_was_taken_back(
    round_: Assessment, cast: dict[str, User], django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for question in (QUESTION, "PA-02", "PA-03"):
        Thread.say(round_, question, cast["bram"], f"Over {question}.", [cast["anna"]])
    Thread.say(round_, QUESTION, cast["anna"], "En nog iets.", [cast["bram"], cast["vera"]])
    Remark.objects.get(thread__question="PA-02").take_back(cast["bram"])
    elsewhere = make_round(cast, year=2025)
    Thread.say(elsewhere, QUESTION, cast["bram"], "In een andere ronde.")
    with django_assert_num_queries(2):
        found = Thread.objects.printable(round_, [QUESTION, "PA-02"])
        said = {
            question: [
                (one.author.name, one.text, sorted(user.name for user in one.mentioned.all())) for one in all_
            ]
            for question, all_ in found.items()
        }
    assert said == {
        QUESTION: [("Bram", "Over PA-01.", ["Anna"]), ("Anna", "En nog iets.", ["Bram", "Vera"])],
    }
    assert Thread.objects.counted(round_, [QUESTION, "PA-02", "PA-09"]) == {QUESTION: 2}


# The pages


def thread_url(round_: Assessment, question: str = QUESTION) -> str:
    return f"{answer_url(round_, question)}gesprek/"


def shown(page: HttpResponseBase) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]*>", " ", page.getvalue().decode())).split())


def test_a_remark_is_said_and_read_by_everyone_who_has_the_question(
    round_: Assessment, client_of: ClientOf
) -> None:
    url = thread_url(round_)
    reply = client_of("fatima").post(url, {"text": "  Waar staat de code?\r\nIk vind hem niet.\r\n"})
    remark = Remark.objects.get()
    assert reply["Location"] == f"{url}#opmerking-{remark.pk}"
    assert remark.text == "Waar staat de code?\nIk vind hem niet."
    for name in ("anna", "bram", "fatima", "vera"):
        page = client_of(name).get(url)
        assert (
            "Fatima" in shown(page) and "Waar staat de code?\nIk vind hem niet." in page.getvalue().decode()
        )
        assert "lezen mee" in shown(page) and "komt niet in het verslag" in shown(page)
        assert ("Neem deze opmerking terug" in shown(page)) == (name == "fatima")


def test_a_question_one_was_not_given_has_no_thread(round_: Assessment, client_of: ClientOf) -> None:
    Thread.say(round_, "PA-02", round_.created_by, "Onder ons.")
    fatima = client_of("fatima")
    assert fatima.get(thread_url(round_, "PA-02")).status_code == 404
    assert fatima.post(thread_url(round_, "PA-02"), {"text": "Dag."}).status_code == 404
    wrong = thread_url(round_).replace("pro-actie", "preventie")
    assert fatima.get(wrong).status_code == 404
    assert client_of("anna").get(wrong).status_code == 404
    assert client_of("anna").get(thread_url(round_).replace("PA-01", "PA-99")).status_code == 404
    page = fatima.get(f"/rondes/{round_.pk}/gesprekken/")
    assert page.status_code == 200 and "Onder ons" not in shown(page)


def test_what_is_typed_is_shown_as_text_and_never_as_markup(
    round_: Assessment, cast: dict[str, User], client_of: ClientOf
) -> None:
    nasty = "<script>alert(1)</script> & <b>\n{{ round }} @Anna" + "x" * 300
    User.objects.filter(pk=cast["anna"].pk).update(name="Anna <i>")
    client_of("bram").post(thread_url(round_), {"text": nasty, "mentioned": cast["anna"].pk})
    for url in (thread_url(round_), f"/rondes/{round_.pk}/gesprekken/"):
        page = client_of("bram").get(url).getvalue().decode()
        assert "<script>alert" not in page and "<i>" not in page and "<b>" not in page
        assert "&lt;script&gt;alert(1)&lt;/script&gt; &amp;" in page


@pytest.mark.parametrize(
    "text, says",
    [
        ("", "Schrijf uw opmerking op."),
        (" \r\n ", "Schrijf uw opmerking op."),
        ("x" * 2001, "De tekst is te lang: 2001 tekens. Er passen er 2000 in."),
        ("Zie\x00 hier", "In de tekst staan onleesbare tekens."),
    ],
    ids=["empty", "blank", "too long", "unreadable"],
)
def test_a_remark_that_cannot_be_placed_comes_back_with_the_reason(
    text: str, says: str, round_: Assessment, client_of: ClientOf
) -> None:
    page = client_of("bram").post(thread_url(round_), {"text": text})
    assert page.status_code == 422 and says in shown(page) and text.strip() in page.getvalue().decode()
    assert not Remark.objects.exists() and not Thread.objects.exists()


def test_two_thousand_signs_fit_line_ends_counted_once(round_: Assessment, client_of: ClientOf) -> None:
    assert client_of("bram").post(thread_url(round_), {"text": "é\r\n" * 999 + "én"}).status_code == 302
    assert len(Remark.objects.get().text) == 2000


def test_what_comes_too_late_is_given_back(round_: Assessment, client_of: ClientOf) -> None:
    Assessment.objects.filter(pk=round_.pk).update(status=Status.ADOPTED)
    for text, given_back in (("Net <te> laat.", "Net <te> laat."), ("", "")):
        page = client_of("bram").post(thread_url(round_), {"text": text})
        assert page.status_code == 409 and given_back in shown(page)
        assert "De ronde is intussen vastgesteld. Uw opmerking is niet geplaatst." in shown(page)
    assert not Remark.objects.exists()


def test_with_script_the_talk_alone_comes_back(round_: Assessment, client_of: ClientOf) -> None:
    bram, script = client_of("bram"), {"HX-Request": "true"}
    page = bram.post(thread_url(round_), {"text": "Hier."}, headers=script)
    text = page.getvalue().decode()
    assert page.status_code == 200 and "<html" not in text and "Hier." in text
    assert "Uw opmerking is geplaatst." in text and 'hx-swap-oob="innerHTML"' in text
    page = bram.post(thread_url(round_), {"text": "x" * 2001}, headers=script)
    assert page.status_code == 422 and "<html" not in page.getvalue().decode() and "x" * 2001 in shown(page)


def test_taking_back_is_asked_first_and_only_the_author_can(
    round_: Assessment, cast: dict[str, User], client_of: ClientOf
) -> None:
    remark = Thread.say(round_, QUESTION, cast["bram"], "Jan de Vries deed het.")
    take_back = {"take_back": remark.pk}
    assert "Dit kunt u niet terugdraaien" in shown(client_of("bram").get(thread_url(round_)))
    assert client_of("anna").post(thread_url(round_), take_back).status_code == 404
    assert client_of("bram").post(thread_url(round_, "PA-02"), take_back).status_code == 404
    for odd in ("", "x", "9" * 30, "²"):
        assert client_of("bram").post(thread_url(round_), {"take_back": odd}).status_code == 404
    assert client_of("bram").post(thread_url(round_), take_back).status_code == 302
    page = shown(client_of("anna").get(thread_url(round_)))
    assert "Jan de Vries" not in page and "Teruggenomen." in page and "Bram" in page


def test_anybody_in_the_thread_settles_it_and_opens_it_again(
    round_: Assessment, cast: dict[str, User], client_of: ClientOf
) -> None:
    url = thread_url(round_)
    assert client_of("fatima").post(url, {"settle": "1"}).status_code == 404  # nothing was said yet
    Thread.say(round_, QUESTION, cast["bram"], "Klopt dit?")
    client_of("fatima").post(url, {"settle": "1"})
    page = shown(client_of("vera").get(url))
    assert "afgerond door Fatima" in page and "Open het gesprek opnieuw" in page
    client_of("vera").post(url, {"reopen": "1"})
    assert "Rond het gesprek af" in shown(client_of("bram").get(url))
    Assessment.objects.filter(pk=round_.pk).update(status=Status.ADOPTED)
    page = shown(client_of("bram").post(url, {"settle": "1"}, follow=True))
    assert "U kunt het gesprek alleen nog lezen." in page and "Klopt dit?" in page
    assert "Rond het gesprek af" not in page and "Zeg iets" not in page


# Mentioning


def test_who_is_ticked_or_typed_is_mentioned_and_gets_a_mail_without_the_text(
    round_: Assessment, cast: dict[str, User], client_of: ClientOf
) -> None:
    ticked = {"text": "Geheim: @vera, wat vindt u? @Bram @Guus", "mentioned": [cast["anna"].pk]}
    client_of("bram").post(thread_url(round_), ticked)
    assert [user.name for user in Remark.objects.get().mentioned.order_by("name")] == ["Anna", "Vera"]
    sent = sorted(mail.outbox, key=lambda one: one.to)
    assert [one.to for one in sent] == [["anna@waterrijk.example"], ["vera@waterrijk.example"]]
    for one in sent:
        said = one.message().as_string() + str(one.body)
        assert one.subject == "Bram noemt u in een gesprek: Jaarronde 2026"
        assert "vraag PA-01" in str(one.body) and thread_url(round_) in str(one.body)
        assert "Geheim" not in said and thread_url(round_) in said
    page = client_of("anna").get(thread_url(round_)).getvalue().decode()
    assert '<span class="mention mention--me">@Anna</span>' in page
    assert '<span class="mention">@Vera</span>' in page


def test_pressed_twice_there_is_one_mail(
    round_: Assessment, cast: dict[str, User], client_of: ClientOf
) -> None:
    for _ in range(2):
        client_of("bram").post(thread_url(round_), {"text": "Ziet u dit, @Anna?"})
    assert (Remark.objects.count(), Message.objects.filter(kind=Kind.MENTIONED).count()) == (1, 1)


def test_who_cannot_read_along_cannot_be_mentioned(
    round_: Assessment, cast: dict[str, User], client_of: ClientOf
) -> None:
    for name in ("guus", "chris", "bram"):  # somebody else's role, another municipality, oneself
        data = {"text": "Kijkt u mee?", "mentioned": cast[name].pk}
        page = client_of("bram").post(thread_url(round_), data)
        assert page.status_code == 422 and "kan dit gesprek niet meer lezen" in shown(page)
        assert "Kijkt u mee?" in shown(page)
    client_of("bram").post(thread_url(round_, "PA-02"), {"text": "@Fatima @Guus @Chris kijkt u mee?"})
    assert not Remark.objects.get().mentioned.exists() and not Message.objects.exists()


def test_a_mention_taken_back_before_it_was_sent_is_not_sent(
    round_: Assessment, cast: dict[str, User], client_of: ClientOf
) -> None:
    bram = client_of("bram")
    for text in ("Eerst, @Anna.", "Dan, @Anna."):
        bram.post(thread_url(round_), {"text": text})
    # As if the worker had not come round to them yet.
    Message.objects.update(sent_at=None, claimed_at=None, text="Dag.", html="<p>Dag.</p>")
    first, second = Remark.objects.order_by("pk")
    bram.post(thread_url(round_), {"take_back": first.pk})
    assert [one.key for one in Message.objects.all()] == [f"mentioned/{second.pk}/{cast['anna'].pk}"]


def test_who_does_without_such_mail_gets_none(
    round_: Assessment, cast: dict[str, User], client_of: ClientOf
) -> None:
    Muted.only(cast["anna"], [Kind.MENTIONED])
    client_of("bram").post(thread_url(round_), {"text": "Ziet u dit, @Anna?"})
    assert Remark.objects.get().mentioned.exists() and not Message.objects.exists()


# All threads of a round


def listed(page: HttpResponseBase) -> list[str]:
    return re.findall(r"<strong>(\S+) ", page.getvalue().decode())


def test_open_threads_come_first_and_those_that_mention_me_before_the_others(
    round_: Assessment, cast: dict[str, User], client_of: ClientOf
) -> None:
    url = f"/rondes/{round_.pk}/gesprekken/"
    assert "Er is nog niets gezegd." in shown(client_of("anna").get(url))
    assert "ga naar uw vragen" in shown(client_of("bram").get(url))
    anna = [cast["anna"]]
    for question, mentioned in (("PA-01", []), ("PA-02", anna), ("PA-03", []), ("PA-04", anna)):
        Thread.say(round_, question, cast["bram"], f"Over {question}.", mentioned)
    Thread.objects.get(question="PA-04").settle(cast["bram"])
    assert listed(client_of("anna").get(url)) == ["PA-02", "PA-03", "PA-01", "PA-04"]
    assert listed(client_of("bram").get(url)) == ["PA-03", "PA-02", "PA-01", "PA-04"]
    assert listed(client_of("fatima").get(url)) == ["PA-01"]
    assert listed(client_of("anna").get(f"{url}?toon=afgerond")) == ["PA-04"]
    assert listed(client_of("anna").get(f"{url}?toon=open")) == ["PA-02", "PA-03", "PA-01"]
    assert len(listed(client_of("anna").get(f"{url}?toon=onzin"))) == 4
    assert "Er is nog geen gesprek afgerond." in shown(client_of("fatima").get(f"{url}?toon=afgerond"))


def test_the_list_shows_the_last_remark_that_was_not_taken_back(
    round_: Assessment, cast: dict[str, User], client_of: ClientOf
) -> None:
    Thread.say(round_, QUESTION, cast["bram"], "Het eerste.")
    last = Thread.say(round_, QUESTION, cast["anna"], "Het laatste.")
    url = f"/rondes/{round_.pk}/gesprekken/"
    assert "Anna" in shown(client_of("vera").get(url)) and "2 opmerkingen" in shown(
        client_of("vera").get(url)
    )
    last.take_back(cast["anna"])
    page = shown(client_of("vera").get(url))
    assert "Het eerste." in page and "Het laatste." not in page and "1 opmerking" in page
    Remark.objects.get(text="Het eerste.").take_back(cast["bram"])
    assert "Alles is teruggenomen." in shown(client_of("vera").get(url))


def test_many_threads_and_remarks_cost_as_much_as_one(
    round_: Assessment,
    cast: dict[str, User],
    client_of: ClientOf,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    bram, pages = client_of("bram"), [thread_url(round_), f"/rondes/{round_.pk}/gesprekken/"]
    everyone = [cast[name] for name in ("anna", "bram", "fatima", "vera")]
    Thread.say(round_, QUESTION, cast["bram"], "Hier.", everyone)
    with CaptureQueriesContext(connection) as asked:
        for page in pages:
            bram.get(page)
    for number in range(20):
        for user in everyone:
            Thread.say(round_, QUESTION, user, f"Nog iets: {number}.", everyone)
            Thread.say(round_, f"PA-{number % 9 + 1:02}", user, f"Ook hier: {number}.", everyone)
    with django_assert_num_queries(len(asked)):
        for page in pages:
            bram.get(page)


def test_a_guest_talks_about_the_questions_they_were_given_and_no_others(
    round_: Assessment, cast: dict[str, User], client_of: ClientOf
) -> None:
    _, token = make_guest(round_)
    guest = Client()
    guest.post(f"/gast/{token}/")
    Thread.say(round_, "PA-02", cast["bram"], "Onder ons.")
    client_of("bram").post(thread_url(round_), {"text": "@Gerda Gast, ziet u dit ook?"})
    assert mail.outbox[-1].to == ["gast@buiten.example"] and thread_url(round_) not in str(
        mail.outbox[-1].body
    )
    assert guest.post(thread_url(round_), {"text": "Ja, @Bram."}).status_code == 302
    assert "Ja, @Bram." in shown(client_of("anna").get(thread_url(round_)))
    assert guest.get(thread_url(round_, "PA-02")).status_code == 404
    assert listed(guest.get(f"/rondes/{round_.pk}/gesprekken/")) == [QUESTION]


def test_the_threads_are_reached_from_the_pages_around_a_question(
    round_: Assessment, cast: dict[str, User], client_of: ClientOf
) -> None:
    make_answers(round_, cast["bram"])
    Thread.say(round_, QUESTION, cast["bram"], "Hier.")
    for name, page in (("anna", ""), ("bram", "vragen/")):
        start = client_of(name).get(f"/rondes/{round_.pk}/{page}").content.decode()
        assert f'href="/rondes/{round_.pk}/gesprekken/"' in start
    progress = client_of("vera").get(f"/rondes/{round_.pk}/voortgang/")
    assert thread_url(round_) in progress.content.decode() and "1 opmerking bij PA-01" in shown(progress)
    bring_to(round_, Status.VALIDATION, cast["anna"])
    judgement = client_of("vera").get(f"/rondes/{round_.pk}/bewijs/{QUESTION}/")
    assert thread_url(round_) in judgement.content.decode() and "Gesprek bij deze vraag (1)" in shown(
        judgement
    )


# Where it never goes


def test_what_is_said_is_in_no_result_no_frozen_document_and_no_report(
    cast: dict[str, User], client_of: ClientOf
) -> None:
    planted = "Ooievaarsnest op het stadhuis"
    round_ = make_round(cast)
    make_answers(round_, cast["bram"])
    for question in round_.content.questions:
        Thread.say(round_, question.id, cast["bram"], planted, [cast["anna"]])
    bring_to(round_, Status.ADOPTED, cast["anna"])
    adoption = round_.adoption
    assert adoption and planted not in adoption.document and planted not in str(round_.gather())
    anna = client_of("anna")
    pages = ["", "voortgang/", "resultaat/", "bewijs/", f"bewijs/{QUESTION}/", f"bewijs/{QUESTION}/verloop/"]
    places = [f"/rondes/{round_.pk}/{page}" for page in pages]
    places += [f"/rondes/{round_.pk}/resultaat/{link.slug}/" for link in round_.content.links]
    places += [f"/verslagen/{adoption.pk}/", f"/verslagen/{adoption.pk}/gegevens.json"]
    for place in places:
        page = anna.get(place)
        assert page.status_code == 200, place
        assert planted not in html.unescape(page.getvalue().decode()), place
    source = render_to_string("reports/report/pdf.html", {"report": report_of(adoption), "print": True})
    assert planted not in html.unescape(source)
