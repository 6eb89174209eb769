"""Verifies one report: everything that can be checked in it, and what cannot. Pure but for the callables."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any, cast

from chain.documents import digest as checksum
from chain.questionnaire import Questionnaire
from chain.statements import StatementList
from chain.trend import Measured, trend
from reports.account import AccountDocument
from reports.open_data import csv_of
from reports.report import Report
from reports.verifying import account as accounts
from reports.verifying import pages, supplement
from reports.verifying.findings import Finding, Told, Verdict
from reports.verifying.opening import Contents

TRACKS = ("full", "light")
NO_QUESTIONNAIRE = (
    "De uitkomst is niet nagerekend: de vragenlijst {} met controlegetal {} is hier niet. "
    "Geef de map of het bestand van die vragenlijst op."
)
NO_SUPPLEMENT = "Er zit geen aanvulling in (verbeterplan, reactie, toezeggingen); die is niet bekeken."
DRAWN_LATER = (
    "De steekproef klopt met de startwaarde. Met de niveaus van nu geeft de trekking andere vragen: na de "
    "trekking kreeg of verloor een vraag een niveau."
)


@dataclass(frozen=True, slots=True)
class Library:
    """Where published questionnaires and lists of statements are found by their digest; None: not here."""

    questionnaire: Callable[[str], Questionnaire | None]
    statements: Callable[[str], StatementList | None]


def verify(contents: Contents, library: Library, previous: Contents | None = None) -> Verdict:
    """What was found in a file, held against that of an earlier year where there is one.

    Raises Unreadable when one of them holds no account.
    """
    document = accounts.read_json(contents.account, "het bestand met gegevens")
    digest = checksum_of(contents.account)
    verdict = Verdict(accounts.told(document, digest), file=contents.file, seals=contents.seals)
    verdict.note("De gegevens staan in hun vaste vorm.", _canonical(contents.account, document, "gegevens"))
    verdict.note("De gegevens hebben de vaste onderdelen.", list(accounts.form_differences(document)))
    if document.get("surveys"):
        right = "De percentages van de peilingen kunnen kloppen met hun aantallen."
        verdict.note(right, list(accounts.survey_findings(document)))
    _recompute(verdict, document, contents, library)
    if previous is not None:
        before = accounts.read_json(previous.account, "het eerdere bestand")
        told = accounts.told(before, checksum_of(previous.account))
        _change(verdict, document, contents, before, told)
        _trend(verdict, document, contents, before, library)
    for seal in contents.seals:
        if not (seal.intact and seal.whole):
            verdict.differences.append(Finding("zegel", f"van {seal.by}: het bestand is daarna veranderd"))
    if contents.pages is not None:
        right = f"Op alle {len(contents.pages)} bladzijden staat het controlegetal van deze gegevens."
        verdict.note(right, list(pages.page_differences(contents.pages, verdict.told)))
    return verdict


def checksum_of(content: bytes) -> str:
    return checksum(content.decode())


def _canonical(content: bytes, document: Any, place: str) -> list[Finding]:
    if accounts.is_canonical(content, document):
        return []
    return [Finding(place, "staat niet in de vaste vorm: de tekst is veranderd na het vaststellen")]


def _recompute(verdict: Verdict, document: dict[str, Any], contents: Contents, library: Library) -> None:
    """Everything that needs the questionnaire."""
    content = _questionnaire(document, library)
    if content is None:
        named = document.get("questionnaire")
        words = (
            [str(named.get(key, "?"))[:64] for key in ("version", "digest")]
            if isinstance(named, dict)
            else "??"
        )
        verdict.unchecked.append(NO_QUESTIONNAIRE.format(*words))
        return
    wrong = accounts.result_differences(content, document)
    verdict.recomputed = True
    verdict.note("Alle uitkomsten volgen uit de antwoorden: schakels, thema’s, vragen en wet.", wrong)
    if wrong:
        return  # what follows is compared with the results, and would say the same once more
    if document.get("track") not in TRACKS:
        verdict.differences.append(Finding("track", "is geen volledige en geen lichte vragenlijst"))
        return
    _sample(verdict, document, content)
    _supplement(verdict, document, contents)
    if contents.pages is not None:
        wrong, right = pages.level_differences(contents.pages, content, document)
        verdict.note(f"Bij {right} vragen staat hetzelfde niveau op de bladzijden.", wrong)
    if contents.csv is not None:
        _csv(verdict, document, content, contents.csv, library)


def _questionnaire(document: dict[str, Any], library: Library) -> Questionnaire | None:
    named = document.get("questionnaire")
    digest = named.get("digest") if isinstance(named, dict) else None
    return library.questionnaire(digest) if isinstance(digest, str) else None


def _sample(verdict: Verdict, document: dict[str, Any], content: Questionnaire) -> None:
    if "sample" not in document:
        return
    wrong = list(accounts.sample_differences(content, document))
    if not wrong and not accounts.drawn_anew(content, document):
        verdict.unchecked.append(DRAWN_LATER)
    else:
        verdict.note("De steekproef is met deze startwaarde opnieuw getrokken: dezelfde vragen.", wrong)


def _supplement(verdict: Verdict, document: dict[str, Any], contents: Contents) -> None:
    if contents.supplement is None:
        if contents.pages is not None:
            verdict.unchecked.append(NO_SUPPLEMENT)
        return
    found = supplement.checked_form(accounts.read_json(contents.supplement, "de aanvulling"))
    verdict.note(
        "De aanvulling staat in haar vaste vorm.", _canonical(contents.supplement, found, "aanvulling")
    )
    wrong = list(supplement.supplement_differences(found, document, verdict.told.account))
    verdict.note("De aanvulling hoort bij deze gegevens.", wrong)
    code, address = found["edition"].get("code"), found["edition"].get("address")
    verdict.told = replace(
        verdict.told,
        supplement=checksum_of(contents.supplement),
        code=code if isinstance(code, str) else "",
        address=address if isinstance(address, str) else "",
    )


def _change(
    verdict: Verdict, document: dict[str, Any], contents: Contents, before: dict[str, Any], earlier: Told
) -> None:
    """What the supplement says of the year before, held against the report of that year."""
    change = contents.supplement and accounts.read_json(contents.supplement, "de aanvulling").get("change")
    if not change:
        verdict.unchecked.append("In dit verslag staat geen verandering sinds een eerder jaar.")
        return
    if not supplement.is_readable(change):
        verdict.differences.append(Finding("aanvulling.change", "is niet te lezen"))
        return
    wrong = list(supplement.earlier_differences(change, before, earlier))
    verdict.note(f"De verandering sinds {earlier.title} {earlier.year} past bij dat verslag.", wrong)


def _trend(
    verdict: Verdict,
    document: dict[str, Any],
    contents: Contents,
    before: dict[str, Any],
    library: Library,
) -> None:
    """Computes the change anew from both accounts, when everything else of both is right."""
    change = contents.supplement and accounts.read_json(contents.supplement, "de aanvulling").get("change")
    if not change or verdict.differences or not verdict.recomputed:
        return
    earlier = _questionnaire(before, library)
    now = _questionnaire(document, library)
    if earlier is None or now is None or before.get("track") not in TRACKS:
        verdict.unchecked.append(
            "De verandering zelf is niet nagerekend: de vragenlijst van toen is hier niet."
        )
    elif wrong := accounts.result_differences(earlier, before):
        verdict.note("", [Finding(f"eerder.{one.place}", one.message) for one in wrong])
    else:
        measured = [
            Measured(content.for_track(told["track"]), told["results"])
            for content, told in ((earlier, before), (now, document))
        ]
        right = "De verandering per schakel is nagerekend uit de antwoorden van beide jaren."
        verdict.note(right, list(supplement.trend_differences(change, trend(*measured))))


def _csv(
    verdict: Verdict, document: dict[str, Any], content: Questionnaire, table: bytes, library: Library
) -> None:
    """Makes the table anew from an account of which everything else is right."""
    if verdict.differences:
        return
    digests = {told["statements"]["digest"] for told in document.get("surveys", [])}
    lists = {digest: found for digest in digests if (found := library.statements(digest))}
    if len(lists) < len(digests):
        verdict.unchecked.append("De tabel is niet nagerekend: de stellingen van een peiling zijn hier niet.")
        return
    computed = csv_of(Report.of(cast(AccountDocument, document), content, lists))
    verdict.note("De tabel (CSV) is opnieuw gemaakt: dezelfde regels.", list(_rows(table.decode(), computed)))


def _rows(found: str, computed: str) -> Iterator[Finding]:
    there, here = found.splitlines(), computed.splitlines()
    for number, (one, other) in enumerate(zip(there, here, strict=False), 1):
        if one != other:
            yield Finding(f"tabel, regel {number}", "is anders dan nagerekend")
    if len(there) != len(here):
        yield Finding("tabel", f"heeft {len(there)} regels, nagerekend zijn het er {len(here)}")
