"""What is published anyone may read, at an address that stays; and nothing else of an organisation."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import timedelta
from hashlib import sha256
from xml.etree import ElementTree

import pytest
from django.test import Client
from django.utils import timezone
from django.utils.http import parse_http_date
from pytest_django import DjangoAssertNumQueries

from assessments.models import Assessment, Edition, StatusChange
from assessments.status import Status
from organisations.models import User
from reports.models import ReportFile
from reports.norms import COUNCIL
from reports.publishing import publications
from tests.cast import make_adopted
from tests.styles import COLOUR, make_style

pytestmark = pytest.mark.usefixtures("quick_pdf")
ClientOf = Callable[[str], Client]
LIST = "/openbaar/waterrijk/"
REPORT = f"{LIST}2026-jaarronde/"


def publish(cast: dict[str, User], **details: object) -> Assessment:
    return make_adopted(cast, Status.PUBLISHED, **details)


def correct(round_: Assessment, by: User, *, public: bool = True) -> Edition:
    """A second edition of the round, as a correction makes it."""
    round_.freeze(by)
    edition = Edition.freeze(round_, by)
    if public:
        Edition.publish(round_, by)
    return edition


def make_file(edition: Edition) -> ReportFile:
    """Its PDF, as if it were made just now."""
    content = b"%PDF-1.7 verslag"
    fields = {"pdf": content, "sha256": sha256(content).hexdigest(), "pages": 30, "size": len(content)}
    fields |= {
        "made_at": timezone.now(),
        "checked": "PDF/UA-1",
        "order": sha256(edition.code.encode()).hexdigest(),
    }
    ReportFile.objects.filter(edition=edition).delete()
    return ReportFile.objects.create(
        adoption=edition.adoption, edition=edition, variant=COUNCIL, supplement=edition.document, **fields
    )


def test_a_published_report_is_a_page_for_everybody(cast: dict[str, User], client: Client) -> None:
    publish(cast)
    answer = client.get(REPORT)
    page = answer.content.decode()
    assert answer.status_code == 200 and "Het profiel van de keten" in page
    assert "noindex" not in page and "X-Robots-Tag" not in answer
    assert "/account/" not in page and "Hoofdmenu" not in page
    assert "2026-jaarronde-versie-1" in client.get(LIST).content.decode()


@pytest.mark.parametrize("status", [Status.ADOPTED, Status.EXECUTIVE, Status.SUBMITTED, Status.DISCUSSED])
def test_what_is_not_published_is_not_there(
    cast: dict[str, User], client_of: ClientOf, status: Status
) -> None:
    make_adopted(cast, status)
    for name in ("anonymous", "anna", "greet"):
        for address in (
            LIST,
            REPORT,
            f"{REPORT}verslag.pdf",
            f"{REPORT}gegevens.json",
            f"{LIST}catalogus.jsonld",
        ):
            assert client_of(name).get(address).status_code == 404
    assert "waterrijk" not in client_of("anonymous").get("/sitemap.xml").content.decode()


def test_nothing_of_another_organisation_is_told(cast: dict[str, User], client: Client) -> None:
    publish(cast)
    publish(cast, organisation="hoogezand", leader="chris", year=2025)
    assert "hoogezand" not in client.get(LIST).content.decode().lower()
    assert "hoogezand" not in client.get(f"{LIST}catalogus.jsonld").content.decode().lower()
    assert client.get("/openbaar/waterrijk/2025-jaarronde/").status_code == 404
    assert client.get("/openbaar/hoogezand/2025-jaarronde/").status_code == 200


def test_a_corrected_report_says_what_took_its_place(cast: dict[str, User], client: Client) -> None:
    round_ = publish(cast)
    correct(round_, cast["anna"])
    old, new = client.get(f"{LIST}2026-jaarronde-versie-1/"), client.get(REPORT)
    assert "Dit verslag is vervangen" in old.content.decode()
    assert f'href="{LIST}2026-jaarronde-versie-2/"' in old.content.decode()
    assert old["X-Robots-Tag"] == "noindex" and 'content="noindex"' in old.content.decode()
    assert "versie 2" in new.content.decode() and "X-Robots-Tag" not in new
    shown = client.get(LIST).content.decode()
    assert "Vervangen door versie 2" in shown and shown.index("versie-2/") < shown.index("versie-1/")


def test_a_correction_that_is_not_public_yet_changes_nothing(cast: dict[str, User], client: Client) -> None:
    round_ = publish(cast)
    correct(round_, cast["anna"], public=False)
    page = client.get(REPORT).content.decode()
    assert "Dit verslag is vervangen" not in page and "versie 1" in page
    assert client.get(f"{LIST}2026-jaarronde-versie-2/").status_code == 404


def test_a_withdrawn_report_stays_with_the_reason(cast: dict[str, User], client: Client) -> None:
    round_ = publish(cast)
    Assessment.objects.filter(pk=round_.pk).update(status=Status.WITHDRAWN)
    StatusChange.objects.create(
        assessment=round_,
        source=Status.PUBLISHED,
        target=Status.WITHDRAWN,
        by=cast["anna"],
        reason="Een fout.",
    )
    StatusChange.objects.filter(target=Status.WITHDRAWN).update(at=timezone.now() + timedelta(hours=1))
    answer = client.get(REPORT)
    changed = parse_http_date(answer["Last-Modified"])
    assert changed == int(StatusChange.objects.get(target=Status.WITHDRAWN).at.timestamp())
    assert "Dit verslag is ingetrokken op" in answer.content.decode()
    assert "De reden: Een fout." in answer.content.decode() and answer["X-Robots-Tag"] == "noindex"
    assert "Ingetrokken" in client.get(LIST).content.decode()
    assert "2026-jaarronde" not in client.get("/sitemap.xml").content.decode()


def test_two_rounds_never_share_an_address_and_the_first_keeps_it(
    cast: dict[str, User], client: Client
) -> None:
    for number, title in enumerate(("Jaarronde!", "Jaarronde", "Jaarronde versie 1", "…")):
        round_ = publish(cast, title=title)
        day = timezone.now() + timedelta(days=number)
        Edition.objects.filter(adoption__assessment=round_).update(published_at=day)
    slugs = {one.round.title: one.slug for one in publications()}
    assert slugs == {
        "Jaarronde!": "2026-jaarronde-versie-1",
        "Jaarronde": "2026-jaarronde-2-versie-1",
        "Jaarronde versie 1": "2026-jaarronde-versie-1-ronde-versie-1",
        "…": "2026-ronde-versie-1",
    }
    for slug in slugs.values():
        assert client.get(f"{LIST}{slug}/").status_code == 200


def test_the_newest_year_comes_first(cast: dict[str, User]) -> None:
    for year in (2024, 2026, 2025):
        publish(cast, year=year)
    assert [one.round.year for one in publications()] == [2026, 2025, 2024]


def test_the_files_are_those_that_were_frozen(cast: dict[str, User], client: Client) -> None:
    publish(cast)
    edition = Edition.objects.get()
    data = client.get(f"{REPORT}gegevens.json")
    assert sha256(data.content).hexdigest() == edition.adoption.digest
    assert sha256(client.get(f"{REPORT}aanvulling.json").content).hexdigest() == edition.digest
    assert client.get(f"{REPORT}gegevens.csv").content.startswith(b"organisatie,")
    client.get(REPORT)
    ReportFile.objects.update(made_at=None, pdf=None, sha256="", pages=None, size=None, checked="")
    assert client.get(f"{REPORT}verslag.pdf").status_code == 404  # not made yet, and the page says so
    assert "De PDF wordt nog gemaakt" in client.get(REPORT).content.decode()
    file = make_file(edition)
    pdf = client.get(f"{REPORT}verslag.pdf")
    assert sha256(pdf.content).hexdigest() == file.sha256
    assert "30 pagina’s" in client.get(REPORT).content.decode()
    for answer in (data, pdf):
        assert answer["Content-Security-Policy"] == "sandbox; default-src 'none'"
        assert answer["Content-Disposition"].startswith("attachment")


def test_anyone_may_keep_a_page_and_asks_whether_it_changed(cast: dict[str, User], client: Client) -> None:
    publish(cast)
    make_file(Edition.objects.get())
    for address in (LIST, REPORT, f"{REPORT}verslag.pdf", f"{REPORT}gegevens.csv", f"{LIST}catalogus.jsonld"):
        answer = client.get(address)
        assert answer["Cache-Control"] == "public, max-age=300" and "Set-Cookie" not in answer
        assert "Cookie" not in answer.get("Vary", ""), address
        assert parse_http_date(answer["Last-Modified"]) <= timezone.now().timestamp(), address
        again = client.get(address, headers={"If-None-Match": answer["ETag"]})
        assert again.status_code == 304 and not again.content, address


def test_a_page_is_the_same_for_who_is_signed_in(cast: dict[str, User], client_of: ClientOf) -> None:
    publish(cast)
    assert client_of("greet").get(REPORT).content == client_of("anonymous").get(REPORT).content


def test_a_preview_is_for_readers_alone_and_not_for_search_engines(
    cast: dict[str, User], client_of: ClientOf
) -> None:
    round_ = make_adopted(cast, Status.DISCUSSED)
    address = f"/verslagen/{round_.adoptions.get().pk}/openbaar/"
    answer = client_of("greet").get(address)
    assert answer["X-Robots-Tag"] == "noindex" and answer["Cache-Control"] == "no-store"
    assert 'content="noindex"' in answer.content.decode()
    assert client_of("chris").get(address).status_code == 404
    assert client_of("anonymous").get(address).status_code == 302


def test_search_engines_may_have_what_is_published_alone(cast: dict[str, User], client: Client) -> None:
    publish(cast)
    robots = client.get("/robots.txt").content.decode()
    assert "Allow: /openbaar/\n" in robots and "Disallow: /\n" in robots and "/sitemap.xml\n" in robots
    tree = ElementTree.fromstring(client.get("/sitemap.xml").content)
    found = [node.text or "" for node in tree.iter("{http://www.sitemaps.org/schemas/sitemap/0.9}loc")]
    assert [re.sub(r"https?://[^/]+", "", one) for one in found] == [LIST, f"{LIST}2026-jaarronde-versie-1/"]


def test_a_report_keeps_the_house_style_it_was_offered_in(cast: dict[str, User], client: Client) -> None:
    make_style(cast["bea"]).use()
    publish(cast)
    make_style(cast["bea"], colour="#7a1f3d", accent="#7a1f3d", logo=None, logo_text="").use()
    page = client.get(REPORT).content.decode()
    assert COLOUR[1:] in page and "7a1f3d" not in page and "1234 AB Waterrijk" in page
    style = Edition.objects.get().frozen()["style"]
    assert f'src="/huisstijl/{style["logo"]}.svg"' in page
    assert "7a1f3d" in client.get(LIST).content.decode()


def test_a_public_page_costs_as_much_with_one_report_as_with_many(
    cast: dict[str, User], client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    make_style(cast["bea"]).use()
    publish(cast)
    make_file(Edition.objects.get())
    client.get(REPORT)  # what is read once in a process's life is read now
    for years in ((), range(2010, 2020)):
        for year in years:
            publish(cast, year=year)
        with django_assert_num_queries(6):
            client.get(REPORT)
        with django_assert_num_queries(4):
            client.get(LIST)
        with django_assert_num_queries(3):
            client.get(f"{LIST}catalogus.jsonld")
        with django_assert_num_queries(1):
            client.get("/sitemap.xml")


# What DCAT-AP 3.0 and DCAT-AP-NL 3.0 ask as a minimum (their shapes with sh:minCount), by class.
MANDATORY = {
    "dcat:Catalog": {"dct:title", "dct:description", "dct:publisher", "dcat:contactPoint", "dcat:dataset"},
    "dcat:Dataset": {"dct:title", "dct:description", "dct:accessRights", "dcat:contactPoint", "dct:creator"}
    | {"dct:identifier", "dct:publisher", "dcat:theme"},
    "dcat:Distribution": {"dcat:accessURL", "dct:license"},
    "spdx:Checksum": {"spdx:algorithm", "spdx:checksumValue"},
    "foaf:Agent": {"foaf:name"},
    "skos:Concept": {"skos:prefLabel"},
}
AT_MOST_ONE = {"dct:identifier", "dcat:version", "dcat:accessURL", "dcat:downloadURL", "adms:status"}


def nodes(node: object) -> list[dict[str, object]]:
    if isinstance(node, list):
        return [found for one in node for found in nodes(one)]
    if not isinstance(node, dict) or "@value" in node:
        return []
    return [node, *(found for value in node.values() for found in nodes(value))]


def test_the_description_has_all_that_dcat_ap_nl_asks(cast: dict[str, User], client: Client) -> None:
    round_ = publish(cast)
    make_file(Edition.objects.get())
    correct(round_, cast["anna"])
    answer = client.get(f"{LIST}catalogus.jsonld")
    assert answer["Content-Type"] == "application/ld+json"
    told = json.loads(answer.content)
    assert told["dct:license"]["@id"].endswith("/licentieonbekend")
    counted: dict[str, int] = {}
    for node in nodes(told):
        kind = node.get("@type")
        if isinstance(kind, str):
            counted[kind] = counted.get(kind, 0) + 1
            missing = MANDATORY.get(kind, set()) - set(node)
            assert not missing or set(node) == {"@id"}, (kind, missing)
        assert not any(isinstance(node.get(name), list) for name in AT_MOST_ONE)
        assert all(key.startswith("@") or key.split(":")[0] in told["@context"] for key in node)
    assert (
        counted["dcat:Dataset"] == 2 and counted["dcat:Distribution"] == 7 and counted["spdx:Checksum"] == 1
    )
    old = next(one for one in told["dcat:dataset"] if one["dcat:version"] == "1")
    assert old["adms:status"]["@id"].endswith("/DEPRECATED")
