"""The pages of a meeting: the agenda, who decides, what the room sees, and what the minutes tell."""

from __future__ import annotations

from collections.abc import Callable
from html import unescape
from io import BytesIO

import page as validator
import pikepdf
import pytest
from django.test import Client

from assessments.models import (
    AgreedLevel,
    Answer,
    Assessment,
    EvidencedLevel,
    JudgementRevision,
    Meeting,
    Remark,
    Thread,
)
from assessments.status import Status
from organisations.models import User
from reports import printing
from reports.agenda import Agenda, Item
from reports.voices import initials
from tests.cast import THEME, bring_to, make_round, questionnaire, say
from tests.test_pdf import kinds, text_of

ClientOf = Callable[[str], Client]
LINK = THEME[0]
FORM = {"act": "begin", "minutes_a_question": "4", "others": "De notulist"}
AGREE = {"agreed-level": "2", "agreed-words": "Samen besproken.", "agreed-minority": ""}


@pytest.fixture
def round_(cast: dict[str, User]) -> Assessment:
    """In validation; of Pro-actie PA-01 and PA-03 lie apart, PA-02 does not; the other links are empty."""
    round_ = make_round(cast, people=("bram", "fatima"))
    for question, levels in {"PA-01": (3, 0), "PA-02": (2, 3), "PA-03": (4, 2)}.items():
        for name, level in zip(("bram", "fatima"), levels, strict=True):
            say(round_, cast[name], question, level=level, explanation=f"{name} ziet <{level}>.")
    say(round_, cast["bram"], "PA-04", state="unknown", explanation="Geen zicht op.")
    bring_to(round_, Status.VALIDATION, cast["anna"])
    return round_


@pytest.fixture
def url(round_: Assessment) -> str:
    return f"/rondes/{round_.pk}/overleg/{LINK}/"


@pytest.fixture
def meeting(cast: dict[str, User], round_: Assessment) -> Meeting:
    return Meeting.begin(round_, LINK, [cast["bram"]], chair=cast["anna"], minutes_a_question=4)


def html(client: Client, address: str, status: int = 200) -> str:
    response = client.get(address)
    assert response.status_code == status
    return unescape(response.content.decode())


# The agenda


def test_the_agenda_goes_from_one_question_to_the_next_and_comes_from_anywhere() -> None:
    link = questionnaire().links[0]
    asked = link.questions
    spreads = {asked[1].id: 2, asked[4].id: 3, asked[5].id: 1}
    agenda = Agenda(link, [Item(one, spreads.get(one.id), one is asked[6]) for one in asked], None)
    assert [item.question for item in agenda.due] == [asked[1], asked[4], asked[6]]
    assert [item.question for item in agenda.open] == [asked[1], asked[4]]
    around = {
        place: tuple(item and asked.index(item.question) for item in agenda.beside(asked[place]))
        for place in (0, 4, 5, 9)
    }
    assert around == {0: (None, 1), 4: (1, 6), 5: (4, 6), 9: (6, None)}
    assert (agenda.place(asked[6]), agenda.place(asked[5])) == (3, None)


def test_two_levels_apart_is_on_the_agenda_and_stays_there_once_agreed(
    cast: dict[str, User], round_: Assessment, client_of: ClientOf, url: str
) -> None:
    anna = client_of("anna")
    shown = html(anna, f"/rondes/{round_.pk}/overleg/")
    assert "2 vragen op de agenda, nog niets afgesproken." in shown
    assert shown.count("In deze schakel liggen de antwoorden dicht bij elkaar.") == 4
    AgreedLevel.record(round_, "PA-01", 2, "Besproken.", cast["anna"])
    assert "2 vragen op de agenda, bij 1 een niveau afgesproken." in html(
        anna, f"/rondes/{round_.pk}/overleg/"
    )
    page = html(anna, url)
    agenda, others = page.split("Andere vragen van deze schakel")
    assert "PA-01" in agenda and "PA-03" in agenda and "PA-02" not in agenda
    assert "PA-02" in others and "Toch bespreken" in others


def test_the_agenda_is_found_from_the_round_and_from_the_judgements(
    round_: Assessment, client_of: ClientOf
) -> None:
    for page in (f"/rondes/{round_.pk}/", f"/rondes/{round_.pk}/bewijs/"):
        assert f'href="/rondes/{round_.pk}/overleg/"' in html(client_of("vera"), page)


# Preparing, and who may


def test_a_meeting_begins_with_who_is_there_and_goes_to_the_first_question(
    cast: dict[str, User], client_of: ClientOf, url: str
) -> None:
    sent = {**FORM, "chair": cast["bram"].pk, "present": [cast["bram"].pk, cast["fatima"].pk]}
    assert client_of("anna").post(url, sent).headers["Location"] == f"{url}PA-01/"
    meeting = Meeting.objects.get()
    assert (meeting.chair, meeting.others, meeting.minutes_a_question) == (cast["bram"], "De notulist", 4)
    assert {*meeting.present.all()} == {cast["bram"], cast["fatima"]}


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"minutes_a_question": "0"}, "Neem minstens 1 minuut."),
        ({"minutes_a_question": "veel"}, "Vul een heel getal in."),
        ({"present": "99999"}, "99999"),
        ({"chair": "99999"}, "99999"),
    ],
)
def test_wrong_input_is_told_and_the_rest_is_kept(
    cast: dict[str, User], client_of: ClientOf, url: str, wrong: dict[str, str], message: str
) -> None:
    response = client_of("anna").post(url, {**FORM, "chair": cast["anna"].pk, **wrong})
    assert response.status_code == 422
    assert message in response.content.decode() and "De notulist" in response.content.decode()
    assert not Meeting.objects.exists()


def test_two_who_begin_at_once_hold_one_meeting(
    cast: dict[str, User], client_of: ClientOf, meeting: Meeting, url: str
) -> None:
    """The second one had the page open; the first has begun."""
    response = client_of("anna").post(url, {**FORM, "chair": cast["anna"].pk})
    assert response.status_code == 409
    assert "intussen begonnen" in response.content.decode() and "De notulist" in response.content.decode()
    assert Meeting.objects.get().others == ""


def test_the_validator_reads_and_does_not_hold_it(
    client_of: ClientOf, meeting: Meeting, url: str, cast: dict[str, User]
) -> None:
    vera = client_of("vera")
    for address in (url, f"{url}PA-01/"):
        page = html(vera, address)
        assert "<form method" not in page.split("<main")[1]
    assert vera.post(url, {"act": "end"}).status_code == 404
    assert vera.post(f"{url}PA-01/", AGREE).status_code == 404
    assert not Meeting.objects.get().has_ended and not AgreedLevel.objects.exists()


def test_a_meeting_ends_and_goes_on_again(client_of: ClientOf, meeting: Meeting, url: str) -> None:
    anna = client_of("anna")
    assert (
        anna.post(url, {"act": "end", "closing": "Anna zoekt het uit."}).headers["Location"]
        == f"{url}verslag/"
    )
    assert "Anna zoekt het uit." in html(anna, f"{url}verslag/")
    assert anna.post(url, {"act": "end", "closing": "Nog iets."}).status_code == 409
    anna.post(url, {"act": "reopen"})
    assert "Sluit het overleg af" in html(anna, url) and "Anna zoekt het uit." in html(anna, url)


def test_what_comes_after_the_round_was_adopted_is_given_back(
    cast: dict[str, User], client_of: ClientOf, meeting: Meeting, url: str
) -> None:
    bring_to(meeting.assessment, Status.ADOPTED, cast["anna"])
    response = client_of("anna").post(url, {"act": "end", "closing": "Een lange slotopmerking."})
    assert response.status_code == 409
    assert "Een lange slotopmerking." in response.content.decode()
    response = client_of("anna").post(f"{url}PA-01/", {**AGREE, "agreed-minority": "Fatima niet."})
    assert response.status_code == 409
    assert "Samen besproken." in response.content.decode() and "Fatima niet." in response.content.decode()
    assert not AgreedLevel.objects.exists() and not Meeting.objects.get().has_ended


# The big screen


def test_the_room_sees_the_question_the_levels_the_spread_and_every_explanation(
    round_: Assessment, meeting: Meeting, client_of: ClientOf, url: str
) -> None:
    page = html(client_of("anna"), f"{url}PA-01/")
    question = round_.content.question("PA-01")
    assert str(question.text) in page
    assert all(str(text) in page for text in question.levels)
    assert "0 Niet: Fatima; 3 Gedaan: Bram; 3 niveaus verschil." in page
    assert "bram ziet <3>." in page and "fatima ziet <0>." in page
    assert "4 minuten" in page and "Bij deze vraag is geen bewijs." in page
    assert "vraag 1 van 2" in page
    assert "Geen zicht op." in html(client_of("anna"), f"{url}PA-04/")


def test_without_names_there_are_initials_and_it_stays_so_at_the_next_question(
    cast: dict[str, User], meeting: Meeting, client_of: ClientOf, url: str
) -> None:
    User.objects.filter(pk=cast["fatima"].pk).update(name="Barbara Best")
    User.objects.filter(pk=cast["bram"].pk).update(name="Bram Bos")
    page = html(client_of("anna"), f"{url}PA-01/?namen=nee").split("<main")[1]
    assert "Barbara" not in page and "Bram" not in page
    assert "B.B. 1" in page and "B.B. 2" in page
    assert f"{url}PA-03/?namen=nee" in page
    moved = client_of("anna").post(f"{url}PA-01/?namen=nee", AGREE)
    assert moved.headers["Location"] == f"{url}PA-03/?namen=nee"


def test_initials_are_short_and_tell_people_apart() -> None:
    names = ["Fatima El Amrani", "Bram de Wit", "Bea Wijs (gast)", "Bo de Wit"]
    assert initials(names) == ["F.E.A.", "B.D.W. 1", "B.W.", "B.D.W. 2"]


def test_that_the_reason_becomes_public_is_said_where_it_is_typed(
    client_of: ClientOf, url: str, meeting: Meeting
) -> None:
    assert "Deze reden wordt openbaar" in html(client_of("anna"), f"{url}PA-01/")


def test_agreeing_goes_on_to_the_next_question_and_from_the_last_to_the_agenda(
    cast: dict[str, User], meeting: Meeting, client_of: ClientOf, url: str
) -> None:
    anna, before = client_of("anna"), list(Answer.objects.values())
    first = anna.post(f"{url}PA-01/", {**AGREE, "agreed-minority": "Fatima blijft bij 0."})
    assert first.headers["Location"] == f"{url}PA-03/"
    assert anna.post(f"{url}PA-03/", AGREE).headers["Location"] == url
    agreed = AgreedLevel.objects.get(question="PA-01")
    assert (agreed.level, agreed.reason, agreed.minority, agreed.by) == (
        2,
        "Samen besproken.",
        "Fatima blijft bij 0.",
        cast["anna"],
    )
    assert list(Answer.objects.values()) == before


def test_what_was_agreed_can_be_changed_and_the_history_stays(
    meeting: Meeting, client_of: ClientOf, url: str
) -> None:
    anna = client_of("anna")
    anna.post(f"{url}PA-01/", {**AGREE, "agreed-minority": "Een van ons niet."})
    page = html(anna, f"{url}PA-01/")
    assert "Afgesproken: niveau 2 Vastgelegd" in page and page.count("Een van ons niet.") == 2
    anna.post(f"{url}PA-01/", {**AGREE, "agreed-level": "1"})
    assert AgreedLevel.objects.get().level == 1
    assert [one.minority for one in JudgementRevision.objects.all()] == ["Een van ons niet.", ""]


def test_less_than_the_evidence_is_refused_where_it_happened(
    cast: dict[str, User], meeting: Meeting, client_of: ClientOf, url: str
) -> None:
    AgreedLevel.record(meeting.assessment, "PA-03", 4, "Eerst zo.", cast["anna"])
    EvidencedLevel.record(meeting.assessment, "PA-03", 3, "Gezien.", cast["vera"])
    response = client_of("anna").post(f"{url}PA-03/", AGREE)
    assert response.status_code == 422
    assert "De validator vond bewijs voor niveau 3." in response.content.decode()
    assert "Samen besproken." in response.content.decode()


def test_a_reason_is_asked_for(meeting: Meeting, client_of: ClientOf, url: str) -> None:
    response = client_of("anna").post(f"{url}PA-01/", {**AGREE, "agreed-words": " "})
    assert response.status_code == 422
    assert not AgreedLevel.objects.exists()


def test_before_it_begins_nothing_is_agreed_on_the_big_screen(client_of: ClientOf, url: str) -> None:
    anna = client_of("anna")
    assert "Het overleg is nog niet begonnen." in html(anna, f"{url}PA-01/")
    assert anna.post(f"{url}PA-01/", AGREE).status_code == 409
    assert not AgreedLevel.objects.exists()


@pytest.mark.parametrize(
    "address", ["overleg/bestaat-niet/", f"overleg/{LINK}/PV-01/", f"overleg/{LINK}/XX-99/"]
)
def test_what_is_no_link_or_not_in_it_does_not_exist(
    round_: Assessment, client_of: ClientOf, address: str
) -> None:
    assert client_of("anna").get(f"/rondes/{round_.pk}/{address}").status_code == 404


# The minutes


@pytest.fixture
def ended(cast: dict[str, User], meeting: Meeting) -> Meeting:
    """PA-01 was agreed on with a minority, PA-03 left open; there is talk beside both."""
    AgreedLevel.record(meeting.assessment, "PA-01", 2, "Het staat op papier.", cast["anna"], "Fatima zegt 0.")
    for question in ("PA-01", "PA-02"):
        thread = Thread.objects.create(assessment=meeting.assessment, question=question)
        Remark.objects.create(thread=thread, author=cast["bram"], text=f"Over {question} nog dit.")
    Meeting.objects.update(others="De notulist")
    meeting.end("Anna zoekt PA-03 uit.")
    meeting.refresh_from_db()
    return meeting


TOLD = [
    "Vertrouwelijk: namen en toelichtingen. Dit hoort niet bij het openbare verslag.",
    "Jaarronde 2026, Gemeente Waterrijk",
    "De notulist",
    "Opengelaten: PA-03.",
    "bram ziet <3>.",
    "fatima ziet <2>.",
    "Afgesproken: niveau 2 Vastgelegd",
    "Het staat op papier.",
    "Een minderheid vindt: Fatima zegt 0.",
    "In dit overleg is geen niveau afgesproken.",
    "Anna zoekt PA-03 uit.",
]


def test_the_minutes_tell_who_was_there_what_was_said_and_what_was_agreed(
    ended: Meeting, client_of: ClientOf, url: str
) -> None:
    page = " ".join(html(client_of("bram"), f"{url}verslag/").replace("</strong>", "").split())
    assert [words for words in TOLD if words not in page] == []
    assert "PA-02" not in page and "nog dit" not in page


def test_what_was_agreed_after_the_meeting_stands_beside_what_it_left_open(
    cast: dict[str, User], ended: Meeting, client_of: ClientOf, url: str
) -> None:
    AgreedLevel.record(ended.assessment, "PA-03", 1, "Later uitgezocht.", cast["anna"])
    page = html(client_of("bram"), f"{url}verslag/")
    assert "In dit overleg is geen niveau afgesproken. Na het overleg is dat wel gebeurd: niveau 1." in page
    assert "Opengelaten: PA-03." in page and "Later uitgezocht." not in page


def test_who_was_there_finds_the_minutes_beside_the_questions(
    ended: Meeting, client_of: ClientOf, url: str
) -> None:
    mine = f"/rondes/{ended.assessment_id}/vragen/"
    assert f'href="{url}verslag/"' in html(client_of("bram"), mine)
    ended.reopen()
    assert f'href="{url}verslag/"' not in html(client_of("bram"), mine)


def test_the_talk_beside_the_answers_is_there_only_when_chosen_by_who_follows(
    ended: Meeting, client_of: ClientOf, url: str
) -> None:
    chosen = f"{url}verslag/?gesprekken=1"
    page = html(client_of("vera"), chosen)
    assert "Over PA-01 nog dit." in page and "Over PA-02 nog dit." not in page
    assert f"{url}verslag.pdf?gesprekken=1" in page
    assert "nog dit" not in html(client_of("vera"), f"{url}verslag/")
    assert "nog dit" not in html(client_of("bram"), chosen)


def test_a_change_after_the_meeting_is_told_beside_what_was_agreed_there(
    cast: dict[str, User], ended: Meeting, client_of: ClientOf, url: str
) -> None:
    AgreedLevel.record(ended.assessment, "PA-01", 3, "Nieuw bewijs.", cast["anna"])
    page = html(client_of("anna"), f"{url}verslag/")
    assert "Afgesproken: niveau 2 Vastgelegd" in page and "Nieuw bewijs." not in page
    assert "Na het overleg is dit veranderd in niveau 3." in page


def test_a_meeting_about_nothing_says_so(
    cast: dict[str, User], round_: Assessment, client_of: ClientOf
) -> None:
    Meeting.begin(round_, "nazorg", [], chair=cast["anna"]).end("")
    page = html(client_of("anna"), f"/rondes/{round_.pk}/overleg/nazorg/verslag/")
    assert "Er stond niets op de agenda." in page and "Niemand genoteerd." in page


def test_the_minutes_as_pdf_say_the_same_and_are_accessible(
    ended: Meeting, client_of: ClientOf, url: str
) -> None:
    response = client_of("bram").get(f"{url}verslag.pdf")
    assert response.headers["Content-Type"] == "application/pdf"
    assert (
        'filename="gespreksverslag-pro-actie-waterrijk-2026.pdf"' in response.headers["Content-Disposition"]
    )
    content = response.content
    pages = text_of(content)
    assert [words for words in TOLD if words not in " ".join(pages)] == []
    for number, text in enumerate(pages, 1):
        assert f"{number} van {len(pages)}" in text and "Vertrouwelijk" in text
    for profile in (validator.ValidationProfile.PDF_UA_1, validator.ValidationProfile.PDF_A_2A):
        found = validator.validate_pdf_bytes(content, profile=profile)
        assert found.is_compliant, [str(failure) for failure in found.failures]
    opened = pikepdf.open(BytesIO(content))
    assert str(opened.docinfo.Title) == "Gespreksverslag Pro-actie, Jaarronde 2026"
    assert str(opened.Root.Lang) == "nl"
    figures = kinds(opened, "Figure")
    assert len(figures) == 2 and all("wie welk niveau noemde" in str(one.Alt) for one in figures)
    assert len(kinds(opened, "Table")) == 3
    assert {str(cell.A.Scope) for cell in kinds(opened, "TH")} == {"/Column", "/Row"}
    assert not opened.attachments


def test_a_pdf_that_fails_is_told_on_the_page(
    ended: Meeting, client_of: ClientOf, url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(html: str) -> printing.Printed:
        raise printing.PrintingFailed("no Pango")

    monkeypatch.setattr(printing, "print_paper", fail)
    response = client_of("vera").get(f"{url}verslag.pdf?gesprekken=1", follow=True)
    assert response.redirect_chain == [(f"{url}verslag/?gesprekken=1", 302)]
    assert "De PDF kon niet gemaakt worden." in response.content.decode()
