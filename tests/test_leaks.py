"""Nothing that is not public is in any public form of a report: a round of marked secrets, every form read.

The forms are found in the addresses themselves: a new one is read too, or fails here until this file can.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable, Iterator
from html import unescape
from io import BytesIO
from itertools import product

import pikepdf
import pypdfium2
import pytest
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.test import Client
from django.urls import get_resolver, reverse
from django.utils import timezone

from assessments.models import (
    Action,
    Adoption,
    AgreedLevel,
    Answer,
    Assessment,
    Assignment,
    Evidence,
    EvidencedLevel,
    GuestPass,
    Meeting,
    Sample,
    SentBack,
    Thread,
    YearlyFigures,
)
from assessments.status import Status
from organisations.models import Membership, User
from reports import libreoffice
from surveys.models import Remark
from tests.cast import bring_to, make_answers, make_guest, make_round
from tests.evidence import make_evidence
from tests.surveys import make_told
from tests.world import addresses

pytestmark = pytest.mark.anywhere

ClientOf = Callable[[str], Client]
PUBLIC = ("verslagen/<int:pk>/", "openbaar/", "controle/")  # where forms of a report are
CONFIDENTIAL = {"reports:annex", "reports:annex_pdf"}
# Pages of these addresses show no report: they are where one is dropped, worked on or looked up.
NO_FORM = {"reports:verify"}
# Letters and figures only, so that no way of writing it down breaks one in two.
IN_ANNEX = {
    "zqnaambram": "the name of a contributor",
    "zqnaamvera": "the name of the validator",
    "zqnaamgast": "the name of a guest",
    "zqbaanbram": "the job of a contributor",
    "zquitleg": "an explanation",
    "zqnotitie": "a note of the validator",
    "zqminderheid": "the remark of a minority",
    "zqandere": "who else was at a meeting",
    "zqslot": "the closing remark of a meeting",
    "zqtrekking": "why a sample was drawn again",
}
NOWHERE = {
    "zqnaamfatima": "the name of somebody who answered nothing",
    "zqdraad": "a remark in a thread",
    "zqbewijs": "the title of evidence",
    "zqbestand": "the name of a file of evidence",
    "zqpeiling": "a remark in a survey",
    "zqteam": "a group of a survey",
    "zqbriefje": "a note with an assignment",
    "zqgastbrief": "a note to a guest",
    "zqterug": "why an answer was sent back",
    "zqverantwoordelijk": "who is reminded of an action",
    "bramwaterrijkexample": "an e-mail address",
}


def make_leaky(cast: dict[str, User]) -> Adoption:
    """A published round in which everything that is not public bears a mark."""
    for name in ("bram", "vera", "fatima"):
        User.objects.filter(pk=cast[name].pk).update(name=f"Zqnaam{name}")
        cast[name].refresh_from_db()
    Membership.objects.filter(user=cast["bram"]).update(job="Zqbaanbram")
    round_ = make_round(cast)
    _ask(round_, cast)
    bring_to(round_, Status.VALIDATION, cast["anna"])
    _judge(round_, cast)
    bring_to(round_, Status.ADOPTED, cast["anna"])
    Action.objects.create(
        organisation=round_.organisation,
        assessment=round_,
        what="De code bespreken",
        owner="Afdelingshoofd",
        responsible=User.objects.create_user("zq@elders.example", name="Zqverantwoordelijk"),
        status="decided",
        due=timezone.localdate(),
        created_by=cast["anna"],
    )
    bring_to(round_, Status.PUBLISHED, cast["anna"])
    return round_.adoptions.get()


def _ask(round_: Assessment, cast: dict[str, User]) -> None:
    guest, _ = make_guest(round_, name="Zqnaamgast")
    GuestPass.objects.update(note="Zqgastbrief")
    make_answers(round_, cast["bram"])
    make_answers(round_, guest.user, 1, ["PA-01"])
    Answer.objects.update(explanation="Zquitleg")
    Assignment.objects.update(note="Zqbriefje")
    make_evidence(round_, cast["bram"], title="Zqbewijs")
    Evidence.objects.update(name="zqbestand.txt")
    thread = Thread.objects.create(assessment=round_, question="PA-01")
    thread.remarks.create(author=cast["bram"], text="Zqdraad", at=timezone.now())
    survey = make_told(round_, cast["anna"], {"Zqteam": (30, 20), "Ruimte": (40, 25)})
    Remark.objects.create(survey=survey, text="Zqpeiling", masked="Zqpeiling", state="shown")
    YearlyFigures.objects.create(assessment=round_, by=cast["anna"], counts={"meldingen": 3})


def _judge(round_: Assessment, cast: dict[str, User]) -> None:
    SentBack.send(round_, "PA-02", cast["bram"], "Zqterug", cast["vera"])
    AgreedLevel.record(round_, "PA-01", 1, "Zo spraken wij af.", cast["vera"], minority="Zqminderheid")
    EvidencedLevel.record(round_, "PA-03", 1, "Zqnotitie", cast["vera"])
    meeting = Meeting.begin(round_, "pro-actie", [cast["bram"]], chair=cast["vera"], others="Zqandere")
    meeting.end("Zqslot")
    Sample.draw(round_, 1, cast["vera"])
    Sample.draw(round_, 1, cast["vera"], "Zqtrekking")


def forms(adoption: Adoption) -> Iterator[tuple[str, str]]:
    """The name and the address of every form of this report, of all addresses that the portal has."""
    known: dict[str, list[object]] = {
        "pk": [adoption.pk],
        "form": ["docx", *(["odt"] if libreoffice.program() else [])],
        "organisation": ["waterrijk"],
        "code": [adoption.edition.code],
        "edition": [f"{adoption.assessment.year}-{adoption.assessment.title.lower()}"],
        "kind": ["gegevens.json", "aanvulling.json", "gegevens.csv"],
    }
    for name, pattern in addresses(get_resolver()):
        if not pattern.startswith(PUBLIC) or name in CONFIDENTIAL | NO_FORM:
            continue
        wanted = re.findall(r"<(?:\w+:)?(\w+)>", pattern)
        assert set(wanted) <= set(known), f"{name}: say in tests/test_leaks.py what {wanted} are"
        for values in product(*(known[one] for one in wanted)):
            yield name, reverse(name, kwargs=dict(zip(wanted, values, strict=True)))


def plain(text: str) -> str:
    """Only the letters and figures, since a line that is broken or an entity must not hide a mark."""
    return re.sub(r"[^a-z0-9]", "", unescape(text).lower())


def read(response: HttpResponseBase) -> str:
    """Everything that can be read in a form, however it is packed."""
    kind = response["Content-Type"].split(";")[0]
    content = b"".join(response) if response.streaming else response.content  # type: ignore[attr-defined]
    if kind == "application/pdf":
        return plain(" ".join(_pdf(content)))
    if kind.startswith("application/vnd."):
        with zipfile.ZipFile(BytesIO(content)) as packed:
            parts = [packed.read(name).decode("utf-8", "replace") for name in packed.namelist()]
        return plain(" ".join(parts)) + plain(re.sub("<[^>]*>", "", " ".join(parts)))
    known = ("text/html", "text/csv", "application/json", "application/ld+json", "text/plain")
    assert kind in known, f"{kind}: teach tests/test_leaks.py to read it"
    return plain(content.decode())


def _pdf(content: bytes) -> Iterator[str]:
    """The text of the pages, and whatever any object of the file holds: attachments, metadata, bookmarks."""
    for page in pypdfium2.PdfDocument(content):
        yield page.get_textpage().get_text_range()
    with pikepdf.open(BytesIO(content)) as opened:
        for found in opened.objects:
            yield repr(found)
            if isinstance(found, pikepdf.Stream):
                yield found.read_bytes().decode("latin-1")


@pytest.fixture
def adoption(cast: dict[str, User]) -> Adoption:
    return make_leaky(cast)


def test_no_public_form_holds_anything_that_is_not_public(adoption: Adoption, client_of: ClientOf) -> None:
    greet = client_of("greet")
    seen = set()
    for name, address in forms(adoption):
        response = greet.get(address)
        assert response.status_code == 200, f"{name} {address}: {response.status_code}"
        text = read(response)
        found = [said for mark, said in (IN_ANNEX | NOWHERE).items() if mark in text]
        assert not found, f"{address} holds {found}"
        assert len(text) > 200, f"{address} could not be read"
        seen.add(name)
    assert {f"reports:{one}" for one in ("report", "pdf", "brief_pdf", "letter", "sheet", "csv")} <= seen


def test_the_annex_holds_what_it_should_and_no_more(adoption: Adoption, client_of: ClientOf) -> None:
    vera = client_of("vera")
    texts = [read(vera.get(reverse(name, args=[adoption.pk]))) for name in sorted(CONFIDENTIAL)]
    for text in texts:
        assert not [said for mark, said in IN_ANNEX.items() if mark not in text]
        assert not [said for mark, said in NOWHERE.items() if mark in text]


def test_an_exact_small_number_is_in_no_form(adoption: Adoption) -> None:
    told = adoption.edition.frozen().get("figures")
    if told:
        shown = [one["told"] for one in told["figures"]]
        shown += [part["told"] for one in told["figures"] for part in one["parts"]]
        assert not {"1", "2", "3", "4"} & set(shown)


def test_this_test_reads_what_is_packed() -> None:
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w") as written:
        written.writestr("a.xml", "<w:t>Zqna</w:t><w:t>am&amp;</w:t>")
    assert "zqnaam" in read(HttpResponse(packed.getvalue(), content_type="application/vnd.x"))
    with pikepdf.new() as made:
        made.add_blank_page()
        made.attachments["zq.txt"] = b"Zqnaam"
        made.save(opened := BytesIO())
    assert "zqnaam" in read(HttpResponse(opened.getvalue(), content_type="application/pdf"))
