"""Whoever has a report can have it recomputed, and anything that was changed in it is found."""

from __future__ import annotations

import copy
import json
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import asdict
from io import BytesIO
from pathlib import Path
from typing import Any, cast
from xml.etree import ElementTree

import pikepdf
import pytest
from django.template.loader import render_to_string
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assessments.supplement import SupplementDocument, bare
from assessments.validating import sampling
from chain.documents import canonical_json, digest
from chain.trend import Measured, trend
from reports import pdf, verify
from reports.account import AccountDocument
from reports.report import Report
from reports.verifying import opening
from reports.verifying.findings import Finding, Unreadable, Verdict
from reports.verifying.opening import Contents, opened
from reports.verifying.verdict import Library
from reports.verifying.verdict import verify as verdict_of
from tests.accounts import account, questionnaire, statements, told
from tests.test_pdf import AT, inside

pytestmark = pytest.mark.anywhere

TOP = Path(__file__).parent.parent
LISTS = {one.digest: one for one in map(statements, ("staff", "council"))}
LIBRARY = Library(lambda digest: questionnaire() if digest == questionnaire().digest else None, LISTS.get)
Path_ = tuple[str | int, ...]


def whole() -> dict[str, Any]:
    """An account with all that an account may have."""
    plain = account(agreed={"PA-04": {"level": 2, "reason": "Samen besproken."}}, weights={"PA-03": 2})
    with_level = {one["id"] for one in plain["results"]["questions"] if one["claimed"] is not None}
    drawn = sampling.draw(sampling.drawable(questionnaire(), with_level), "4f1c", 3)
    sample = {"seed": "4f1c", "size": 3, "questions": drawn, "draws": 1}
    surveys = [told("staff", (100, 60)), told("council", (21, 15))]
    changes = {"agreed": plain["agreed"], "weights": plain["weights"], "sample": sample, "surveys": surveys}
    return cast(dict[str, Any], account("full", **changes))


def beside(document: dict[str, Any], **edition: str) -> SupplementDocument:
    """The supplement of an account that was offered to the council."""
    made = copy.deepcopy(bare(digest(canonical_json(document)), document["round"]["version"]))
    code = edition.get("code", "B7KM-2XQP")
    address = f"https://portaal.example/controle/{code}/"
    made["edition"] = {"date": "2025-12-01", "code": code, "address": address, "corrects": ""}
    return made


def verified(document: object, supplement: object = None, **contents: Any) -> Verdict:
    beside = None if supplement is None else canonical_json(supplement).encode()
    return verdict_of(Contents(canonical_json(document).encode(), beside, **contents), LIBRARY)


def printed(document: dict[str, Any], supplement: SupplementDocument | None = None) -> bytes:
    """The report's PDF, with the account inside."""
    report = Report.of(cast(AccountDocument, document), questionnaire(), LISTS, supplement)
    html = render_to_string("reports/report/pdf.html", {"report": report, "print": True})
    return pdf.render(html, at=AT, attached=[one._asdict() for one in inside(report)]).content


@pytest.fixture(scope="module")
def paper() -> bytes:
    return printed(whole())


def leaves(value: Any, path: Path_ = ()) -> Iterator[tuple[Path_, Any]]:
    """Every single value of a document, with the way to it."""
    children = (
        value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    )
    if not isinstance(value, dict | list):
        yield path, value
    for key, child in children:
        yield from leaves(child, (*path, key))


def changed(document: dict[str, Any], path: Path_, value: Any) -> dict[str, Any]:
    made = copy.deepcopy(document)
    at: Any = made
    for key in path[:-1]:
        at = at[key]
    at[path[-1]] = value
    return made


WHOLE = whole()
RESULTS = [path for path, _ in leaves(WHOLE) if path[0] == "results"]
LEVELS = [path for path, _ in leaves(WHOLE) if path[0] == "answers" and path[-1] == "level"]
OTHERS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-2, 9),
    st.floats(0, 4),
    st.text(max_size=4),
    st.just([]),
    st.just({}),
)


# What is right


def test_an_account_that_nobody_touched_holds() -> None:
    verdict = verified(WHOLE, beside(WHOLE))
    assert verdict.holds and verdict.differences == [] and verdict.unchecked == []
    assert len(verdict.checked) == 7
    assert verdict.told.code == "B7KM-2XQP"


@pytest.mark.parametrize("track", ["full", "light"])
def test_an_account_of_either_track_holds(track: str) -> None:
    assert verified(account(track)).holds


def test_the_data_and_the_pages_of_a_pdf_are_compared(paper: bytes) -> None:
    verdict = verdict_of(opened(paper), LIBRARY)
    assert verdict.holds, verdict.differences
    assert any("bladzijden staat het controlegetal" in line for line in verdict.checked)
    same = next(line for line in verdict.checked if "zelfde niveau" in line)
    assert int(same.split()[1]) > 30


def test_an_offered_report_prints_where_to_check_it_and_a_concept_says_that_it_cannot() -> None:
    offered, concept = (
        Report.of(cast(AccountDocument, WHOLE), questionnaire(), LISTS, one).check
        for one in (beside(WHOLE), None)
    )
    assert "B7KM-2XQP" in offered.sentence and offered.address in offered.sentence
    assert f"{offered.address}</title>" in offered.picture and "style=" not in offered.picture
    assert concept.picture == "" and "concept" in concept.sentence
    drawn = ElementTree.fromstring(offered.picture)
    squares = re.findall(r"M(\d+) (\d+)", drawn[2].attrib["d"])
    assert len(squares) > 100 and min(int(one) for square in squares for one in square) == 4, "a quiet zone"


# What was changed


@settings(max_examples=300, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.sampled_from(RESULTS), OTHERS)
def test_any_other_result_is_found_at_its_place(path: Path_, value: Any) -> None:
    tampered = changed(WHOLE, path, value)
    if canonical_json(tampered) == canonical_json(WHOLE):
        return
    found = verified(tampered).differences
    assert found and all(one.place.startswith("results") for one in found)
    assert any(str(path[-1]) in one.place or isinstance(path[-1], int) for one in found)


@settings(max_examples=100, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.sampled_from(LEVELS), st.integers(0, 4))
def test_another_answer_is_found_unless_no_result_depends_on_it(path: Path_, level: int) -> None:
    """The answer is one of several: then the middle one, the spread or the agreement may stay the same."""
    tampered = changed(WHOLE, path, level)
    verdict = verified(tampered, beside(WHOLE))
    same = canonical_json(tampered) == canonical_json(WHOLE)
    assert verdict.holds == same, "the supplement names the account by its checksum"


@pytest.mark.parametrize(
    "path, value, place",
    [
        (("round", "contributors"), 40, "round.contributors"),
        (("round", "track"), "light", "round.track"),
        (("round", "mayor"), "A", "round"),
        (("extra",), 1, "gegevens"),
        (("evidenced", "PA-01"), 4, "evidenced.PA-01"),
        (("agreed", "PA-04", "level"), 0, "results.links[pro-actie].score"),
        (("weights", "PA-03"), 3, "results"),
        (("sample", "seed"), "4f1d", "sample.questions"),
        (("sample", "questions"), ["PA-01"], "sample.questions"),
        (("sample", "questions"), [], ""),
        (("sample", "size"), 0, "sample.size"),
        (("sample",), "geen", "sample"),
        (("surveys", 0, "document", "statements", 0, "agree"), 99, "surveys[staff].statements"),
        (("surveys", 0, "document", "statements", 0, "base"), 3, "surveys[staff].statements"),
        (("surveys", 0, "document", "statements", 0, "interval"), [1, 2], "surveys[staff].statements"),
        (("surveys", 1, "document", "population"), 500, "surveys[council]"),
        (("surveys", 1, "document"), None, "surveys[council]"),
        (("surveys",), {"a": 1}, "surveys"),
    ],
)
def test_what_does_not_fit_is_named_by_its_place(path: Path_, value: Any, place: str) -> None:
    found = verified(changed(WHOLE, path, value)).differences
    assert not place or any(one.place.startswith(place) for one in found), found


def test_a_sample_of_before_a_level_changed_is_no_difference_but_is_told() -> None:
    verdict = verified(changed(WHOLE, ("sample", "questions"), WHOLE["sample"]["questions"][1:]))
    assert verdict.holds and "opnieuw" not in "".join(verdict.checked)
    assert any("steekproef" in line for line in verdict.unchecked)


def test_a_file_in_another_form_is_not_the_frozen_one() -> None:
    spaced = json.dumps(WHOLE, ensure_ascii=False, indent=1).encode()
    found = verdict_of(Contents(spaced), LIBRARY).differences
    assert [one.place for one in found] == ["gegevens"]


@pytest.mark.parametrize(
    "path, value, place",
    [
        (("account", "digest"), "0" * 64, "aanvulling.account.digest"),
        (("account", "version"), 2, "aanvulling.account.version"),
        (("edition", "code"), "geheim", "aanvulling.edition.code"),
        (("edition", "address"), "https://elders.example/", "aanvulling.edition.address"),
        (("mening",), "mooi", "aanvulling"),
        (("change",), {"links": [{"slug": "pro-actie", "now": 4}]}, "aanvulling.change.links"),
    ],
)
def test_a_supplement_of_something_else_is_found(path: Path_, value: Any, place: str) -> None:
    supplement = changed(cast(dict[str, Any], beside(WHOLE)), path, value)
    found = verified(WHOLE, supplement).differences
    assert any(one.place.startswith(place) for one in found), found


def test_the_change_since_last_year_is_held_against_that_years_report() -> None:
    before = changed(WHOLE, ("round", "year"), 2024)
    content = LIBRARY.questionnaire(WHOLE["questionnaire"]["digest"])
    assert content
    measured = Measured(content.for_track("full"), WHOLE["results"])
    links = [asdict(one) for one in trend(measured, measured).links]
    named = {"digest": digest(canonical_json(before)), "year": 2024, "adopted": "2025-11-14"}
    legal: dict[str, list[str]] = {"newly_shown": [], "no_longer_shown": []}
    change = {**named, "links": links, "legal": legal}
    supplement = cast(dict[str, Any], beside(WHOLE)) | {"change": change}

    def against(supplement: dict[str, Any]) -> list[Finding]:
        contents = [Contents(canonical_json(one).encode()) for one in (WHOLE, before)]
        contents[0].supplement = canonical_json(supplement).encode()
        return verdict_of(contents[0], LIBRARY, contents[1]).differences

    assert against(supplement) == []
    prettier = changed(supplement, ("change", "links", 0, "before"), 0)
    assert [one.place for one in against(prettier)] == ["aanvulling.change.links[“pro-actie”].before"]
    another = changed(supplement, ("change", "digest"), "0" * 64)
    assert [one.place for one in against(another)] == ["aanvulling.change.digest"]
    better = changed(supplement, ("change", "links", 0, "change"), 0.5)
    assert [one.place for one in against(better)] == ["aanvulling.change.links[pro-actie].change"]
    shown = changed(supplement, ("change", "legal", "newly_shown"), ["PA-01"])
    assert against(shown)[0].place.startswith("aanvulling.change.legal.newly_shown")


@pytest.mark.parametrize("change", ["meer", [1], {"links": None}, {"links": ["nazorg"]}, {"year": 2024}])
def test_a_change_of_another_form_is_a_difference_and_no_error(change: Any) -> None:
    now, before = (Contents(canonical_json(WHOLE).encode()) for _ in range(2))
    now.supplement = canonical_json({**beside(WHOLE), "change": change}).encode()
    found = verdict_of(now, LIBRARY, before).differences
    assert {one.place for one in found} == {"aanvulling.change"}


# What was changed in a PDF


def with_data(paper: bytes, data: bytes, name: str = "gegevens.json") -> bytes:
    """The PDF with other data inside."""
    with pikepdf.open(BytesIO(paper)) as opened_pdf:
        opened_pdf.attachments[name] = pikepdf.AttachedFileSpec(  # type: ignore[call-arg]  # its types know no defaults
            opened_pdf, data, filename=name
        )
        written = BytesIO()
        opened_pdf.save(written)
    return written.getvalue()


def test_other_data_in_a_pdf_does_not_fit_its_pages(paper: bytes) -> None:
    """Even when they are right by themselves: the pages bear the checksum of what was adopted."""
    other = account(evidenced={})
    found = verdict_of(opened(with_data(paper, canonical_json(other).encode())), LIBRARY).differences
    assert {one.place for one in found} >= {"bladzijde 1", "bladzijde 2"}


def test_a_page_that_prints_another_level_is_found(paper: bytes) -> None:
    contents = opened(paper)
    assert contents.pages is not None
    line = "PA-09 Druk van buiten 2 Vastgelegd"
    at = next(number for number, text in enumerate(contents.pages) if line in " ".join(text.split()))
    contents.pages[at] = " ".join(contents.pages[at].split()).replace(line, line.replace("2", "4"))
    assert [one.place for one in verdict_of(contents, LIBRARY).differences] == ["PA-09"]


def test_a_page_of_another_version_is_found(paper: bytes) -> None:
    contents = opened(paper)
    assert contents.pages is not None
    contents.pages[3] = contents.pages[3].replace("versie 1", "versie 2")
    assert [one.place for one in verdict_of(contents, LIBRARY).differences] == ["bladzijde 4"]


def test_two_accounts_in_one_pdf_are_refused(paper: bytes) -> None:
    two = with_data(paper, canonical_json(account()).encode(), "ook-gegevens.json")
    with pytest.raises(Unreadable, match="twee bestanden"):
        opened(two)


# What cannot be read


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"hallo",
        b"{",
        b"{}",
        b'{"schema":"integriteitsketen/account/1"}',
        b'{"a":1,"a":2}',
        b"[" * 100_000,
        b'{"a":' * 100_000,
        b'{"schema":"integriteitsketen/account/1","organisation":[],"round":{}}',
        b'{"schema":' + b"9" * 10_000 + b"}",
        b'{"a":"\xff"}',
        b'{"a":"\\ud800"}',
        b"%PDF-1.7\n",
        b"%PDF-1.7\n" + b"\x00\xff" * 5000,
        b"%PDF-" + b"x" * (opening.LARGEST + 1),
    ],
    ids=lambda content: repr(content[:20]),
)
def test_what_is_no_report_is_refused_in_a_sentence(content: bytes) -> None:
    with pytest.raises(Unreadable) as refusal:
        verdict_of(opened(content), LIBRARY)
    assert "Traceback" not in str(refusal.value) and len(str(refusal.value)) < 300


@settings(max_examples=200, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.sampled_from([path for path, _ in leaves(WHOLE)]), OTHERS, st.integers(1, 3))
def test_no_content_makes_it_stumble(path: Path_, value: Any, up: int) -> None:
    """A value or a whole branch replaced by anything: a difference, a refusal, never an error."""
    with suppress(Unreadable):
        verified(changed(WHOLE, path[:up], value), beside(WHOLE), csv=b"a,b", pages=["Controlegetal"])


@pytest.mark.parametrize("track", [None, [], 7])
def test_a_track_that_is_none_is_a_difference(track: Any) -> None:
    assert verified(changed(WHOLE, ("track",), track)).differences


@pytest.mark.parametrize("cut", [2, 10, 300])
def test_a_broken_pdf_is_refused(paper: bytes, cut: int) -> None:
    with pytest.raises(Unreadable):
        opened(paper[: len(paper) // cut])


def test_a_file_that_unpacks_into_gigabytes_ends_its_own_process_only(paper: bytes) -> None:
    bomb = with_data(paper, b" " * 200_000_000 + b"{}", "bom.json")
    assert len(bomb) < 1_000_000
    with pytest.raises(Unreadable):
        opened(bomb)


# By hand


def run(*arguments: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "reports.verify", *map(str, arguments)],
        cwd=TOP,
        capture_output=True,
        text=True,
    )


def test_the_command_needs_no_django_and_says_how_it_went(paper: bytes, tmp_path: Path) -> None:
    (right := tmp_path / "verslag.pdf").write_bytes(paper)
    wrong = tmp_path / "gegevens.json"
    wrong.write_text(canonical_json(changed(WHOLE, ("results", "weakest"), ["pro-actie"])), "utf-8")
    assert run(right).returncode == 0
    assert "Alles klopt" in run(right).stdout
    found = run(wrong)
    assert (found.returncode, found.stderr) == (1, "")
    assert "results.weakest" in found.stdout and "Er is 1 verschil." in found.stdout
    missing = run(tmp_path / "weg.pdf")
    assert missing.returncode == 2 and "Niet te controleren" in missing.stderr
    code = "import sys; import reports.verify; sys.exit('django' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], cwd=TOP).returncode == 0


def test_the_command_gives_json_to_programs(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (file := tmp_path / "gegevens.json").write_text(canonical_json(WHOLE), "utf-8")
    assert verify.main([str(file), "--json"]) == 0
    printed = json.loads(capsys.readouterr().out)
    assert printed["holds"] and printed["told"]["account"] == digest(canonical_json(WHOLE))


def test_another_questionnaire_is_said_to_be_missing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    other = changed(WHOLE, ("questionnaire", "digest"), "0" * 64)
    (file := tmp_path / "gegevens.json").write_text(canonical_json(other), "utf-8")
    assert verify.main([str(file)]) == 2
    assert "niet nagerekend" in capsys.readouterr().out
    (list_ := tmp_path / "vragenlijst.json").write_text(questionnaire().document, "utf-8")
    file.write_text(canonical_json(WHOLE), "utf-8")
    assert verify.main([str(file), "--questionnaire", str(list_)]) == 0
    assert verify.main([str(file), "--questionnaire", str(file)]) == 2
