"""An account by itself: its form, its results recomputed, its sample drawn again."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Any

from assessments.validating import sampling
from chain.answers import BadAnswers
from chain.documents import canonical_json
from chain.questionnaire import Questionnaire
from chain.scoring import parse, score
from reports.account import SCHEMA, AccountDocument, OrganisationDocument, RoundDocument
from reports.verifying.comparing import differences, shown
from reports.verifying.findings import Finding, Told, Unreadable
from reports.verifying.surveys import survey_differences

LARGEST = 8 * 1024 * 1024  # bytes of JSON; of 82 questions and a hundred people it is a tenth of that
KEYS = AccountDocument.__required_keys__ | AccountDocument.__optional_keys__
ORGANISATION = OrganisationDocument.__required_keys__
ROUND = RoundDocument.__required_keys__


def read_json(content: bytes, name: str) -> Any:
    """The one unambiguous value of a JSON text. Raises Unreadable."""
    if len(content) > LARGEST:
        raise Unreadable(f"{name} is te groot om te lezen")
    try:
        return json.loads(content.decode(), object_pairs_hook=_object)
    except (ValueError, RecursionError) as problem:
        raise Unreadable(f"{name} is geen leesbare JSON: {shown(str(problem))}") from problem


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("a key is written twice in one object")
    return found


def is_canonical(content: bytes, value: Any) -> bool:
    """Whether the bytes are the one text that this value is frozen as."""
    try:
        return canonical_json(value).encode() == content
    except (ValueError, RecursionError):
        return False


def told(document: Any, digest: str) -> Told:
    """What the account says it is. Raises Unreadable when it is no account."""
    if not isinstance(document, dict) or document.get("schema") != SCHEMA:
        raise Unreadable("dit zijn geen vastgestelde gegevens van het integriteitsportaal")
    organisation, round_ = document.get("organisation"), document.get("round")
    if not isinstance(organisation, dict) or not isinstance(round_, dict):
        raise Unreadable("de gegevens noemen geen organisatie of geen ronde")
    words = [organisation.get("name"), round_.get("title"), round_.get("adopted")]
    numbers = [round_.get("year"), round_.get("version")]
    if not all(isinstance(one, str) for one in words) or not all(type(one) is int for one in numbers):
        raise Unreadable("de gegevens noemen geen organisatie, ronde, jaar of versie")
    name, title, adopted = map(str, words)
    return Told(name, title, int(numbers[0] or 0), int(numbers[1] or 0), adopted, digest)


def form_differences(document: dict[str, Any]) -> Iterator[Finding]:
    """Keys that an account does not have, and figures that do not fit what it holds."""
    for place, part, keys in (
        ("gegevens", document, KEYS),
        ("organisation", document["organisation"], ORGANISATION),
        ("round", document["round"], ROUND),
    ):
        for key in sorted(part.keys() - keys):
            yield Finding(place, f"{shown(key)} hoort hier niet")
        for key in sorted(keys - part.keys() - AccountDocument.__optional_keys__):
            yield Finding(place, f"{shown(key)} ontbreekt")
    people = {shown(row.get("contributor")) for row in _rows(document.get("answers"))}
    yield from differences("round.contributors", document["round"].get("contributors"), len(people))
    yield from differences("round.track", document["round"].get("track"), document.get("track"))


def _rows(value: Any) -> list[dict[str, Any]]:
    return [row for row in value if isinstance(row, dict)] if isinstance(value, list) else []


def result_differences(content: Questionnaire, document: dict[str, Any]) -> list[Finding]:
    """Every result that does not follow from the answers inside, by the rules of `chain.scoring`."""
    try:
        computed = score(content, parse(content, document)).as_document()
    except BadAnswers as refusal:
        return [
            Finding(fault.place, f"de rekenregels weigeren dit ({shown(fault.reason)})")
            for fault in refusal.faults
        ]
    return list(differences("results", document.get("results"), computed))


def survey_findings(document: dict[str, Any]) -> Iterator[Finding]:
    surveys = document.get("surveys", [])
    if not isinstance(surveys, list) or len(surveys) > 20:
        yield Finding("surveys", "is geen lijst van peilingen")
        return
    for number, one in enumerate(surveys):
        audience = one.get("audience") if isinstance(one, dict) else None
        yield from survey_differences(
            f"surveys[{audience if audience in ('staff', 'council') else number}]", one
        )


def sample_differences(content: Questionnaire, document: dict[str, Any]) -> Iterator[Finding]:
    """What in a sample cannot have been drawn with its seed, by the rule in `validating.sampling`."""
    sample = document.get("sample")
    if not isinstance(sample, dict) or not isinstance(sample.get("seed"), str):
        yield Finding("sample", "de steekproef is niet te lezen")
        return
    questions, size = sample.get("questions"), sample.get("size")
    if not isinstance(questions, list) or not all(isinstance(one, str) for one in questions):
        yield Finding("sample.questions", "is geen lijst van vragen")
    elif len(set(questions)) < len(questions):
        yield Finding("sample.questions", "een vraag is twee keer getrokken")
    elif type(size) is not int or not 1 <= size <= sampling.LARGEST:
        yield Finding("sample.size", f"{shown(size)} is geen aantal vragen per schakel")
    else:
        yield from _cannot_be_drawn(content.for_track(document["track"]), sample["seed"], size, questions)


def _cannot_be_drawn(
    content: Questionnaire, seed: str, size: int, questions: Sequence[str]
) -> Iterator[Finding]:
    allowed = sampling.drawable(content, {question.id for question in content.questions})
    for question in questions:
        if not any(question in ids for ids in allowed.values()):
            yield Finding("sample.questions", f"{shown(question)} kan niet in een steekproef zitten")
    in_order = {slug: [one for one in questions if one in ids] for slug, ids in allowed.items()}
    if questions != sampling.draw(in_order, seed, size):
        yield Finding(
            "sample.questions", "de trekking met deze startwaarde geeft een andere volgorde of meer"
        )


def drawn_anew(content: Questionnaire, document: dict[str, Any]) -> bool:
    """Whether a draw from the levels of now gives the very same questions.

    It need not: an answer that was changed after the draw brings a question in or takes one out.
    """
    with_level = {one["id"] for one in document["results"]["questions"] if one["claimed"] is not None}
    track, sample = content.for_track(document["track"]), document["sample"]
    again = sampling.draw(sampling.drawable(track, with_level), sample["seed"], sample["size"])
    return bool(again == sample["questions"])
