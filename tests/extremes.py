"""Rounds at the edge of what can be, as documents: no database. Each gives a report that must hold."""

from collections.abc import Callable, Mapping
from functools import cache
from typing import Any, Final, cast

from assessments.supplement import SCHEMA, ActionDocument, SupplementDocument
from chain.documents import canonical_json, digest
from reports.account import AccountDocument
from reports.report import Report
from tests.accounts import account, questionnaire, statements, told
from tests.rounds import row

LONG: Final = "Onafgebroken" * 334  # more than 4,000 characters, and no space
NAMES: Final = (
    "Súdwest-Fryslân, Skarsterlân en Gaasterlân-Sleat; Çiğdem Şahin-İnönü, Özgür Yılmaz, Ŷde Fryskôp"
)
EMOJI: Final = "Goed gedaan 👍🏽, samen 👩‍👩‍👧 verder 🚀 ⚖️"
STATUSES: Final = ("proposed", "decided", "running", "reported", "verified", "dropped")
OUTCOMES: Final = ("done", "moved", "dropped", "open")


def action(number: int, **words: Any) -> ActionDocument:
    """An improvement of one of the questions, in each status in turn."""
    places = [(link, question) for link in questionnaire().links for question in link.questions]
    link, question = places[number % len(places)]
    status = STATUSES[number % len(STATUSES)]
    document = {
        "key": number + 1,
        "what": f"Maatregel {number + 1}: {question.title}",
        "why": "De vraag staat laag en het is wettelijk verplicht.",
        "owner": "afdelingshoofd bedrijfsvoering",
        "due": f"2026-{number % 12 + 1:02}-15",
        "status": status,
        "reason": "Er is gekozen voor een andere aanpak." if status == "dropped" else "",
        "barrier": "Er is geen tijd voor" if number % 2 else "",
        "change": "Dat iedereen weet wat de regel is.",
        "link": link.slug,
        "question": question.id,
        "area": "",
        "since": "Jaarronde 2025",
    }
    return cast(ActionDocument, document | words)


def supplement(document: AccountDocument, **parts: Any) -> SupplementDocument:
    """What goes with this account, as an edition that was offered; `parts` as they are frozen."""
    edition = {
        "date": "2026-02-10",
        "code": "B7KM-2XQP",
        "address": "https://portaal.waterrijk.example/controle/B7KM-2XQP/",
        "corrects": "",
    }
    reference = {"digest": digest(canonical_json(document)), "version": document["round"]["version"]}
    return cast(SupplementDocument, {"schema": SCHEMA, "account": reference, "edition": edition, **parts})


def full_parts(word: str = "", actions: int = 6) -> dict[str, Any]:
    """Every part of a supplement, with `word` at the end of each free text."""
    return {
        "brief": {
            "asked": f"Kennis nemen van dit verslag. {word}"[:600],
            "council": f"Vragen stellen aan het college. {word}"[:600],
            "next_on": "2026-03-12",
            "next": f"Bespreking in de commissie. {word}"[:200],
            "contact": ["Griffie", "griffie@waterrijk.example", "0300 123456"],
        },
        "actions": [
            action(number, **({"what": word[:200], "why": word, "change": word} if word else {}))
            for number in range(actions)
        ],
        "promises": [
            {
                "kind": "council" if number % 2 else "action",
                "what": f"Toezegging {number + 1}. {word}",
                "owner": "portefeuillehouder integriteit",
                "due": "2025-12-31",
                "made": "2025-03-11" if number % 2 else "Jaarronde 2024",
                "outcome": OUTCOMES[number % len(OUTCOMES)],
                "due_now": "2026-06-30" if number % len(OUTCOMES) == 1 else None,
                "reason": f"Dit gebeurde er mee. {word}",
            }
            for number in range(actions)
        ],
        "figures": {
            "year": 2025,
            "figures": [
                {
                    "slug": f"cijfer-{number}",
                    "title": f"Meldingen van soort {number + 1}",
                    "unit": "meldingen",
                    "told": ("12", "0 tot en met 4", "niet ingevuld")[number % 3],
                    "parts": [{"slug": "een", "title": "waarvan van buiten", "told": "0 tot en met 4"}],
                    "types": [{"slug": "twee", "title": "waarvan over geschenken", "told": "5"}],
                    "together": "21" if number % 3 == 1 else "",
                    "beside": ["Meer meldingen is niet slechter."],
                }
                for number in range(actions * 2)
            ],
            "note": f"Er kwam een nieuw meldpunt. {word}",
            "reading": ["Kleine aantallen staan er niet precies."],
        },
        "vulnerabilities": {
            "areas": [
                {
                    "slug": f"gebied-{number}",
                    "title": f"Gebied {number + 1}",
                    "inherent": 3,
                    "control": 1,
                    "gap": 2,
                }
                for number in range(min(actions, 12))
            ],
            "unscored": ["Subsidies verlenen"],
            "steps": {
                kind: ["geen", "klein", "groot", "zeer groot"] for kind in ("inherent", "control", "factor")
            },
            "factors": [{"slug": "druk", "title": "Druk op de organisatie", "value": 3}],
            "note": f"Vergunningen vragen aandacht. {word}",
        },
        "reaction": {
            "text": f"Het college neemt de aanbevelingen over.\n\n{word}",
            "decided_on": "2026-02-03",
        },
        "check": {"on": "2026-02-06"},
        "terms": [
            {"term": f"Woord {number + 1}", "abbreviation": "W", "meaning": f"Wat het betekent. {word}"[:400]}
            for number in range(actions)
        ],
    }


def _report(document: AccountDocument, *surveys: str, **parts: Any) -> Report:
    lists = {one.digest: one for one in map(statements, surveys)}
    return Report.of(document, questionnaire(), lists, supplement(document, **parts))


def nothing_answered() -> Report:
    return _report(account(answers=[], evidenced={}))


def not_applicable() -> Report:
    """Everything n.a., each with a reason of 4,000 characters without a space."""
    rows = [
        {**row(one.id, "c1", "not_applicable"), "reason": LONG[:4000]} for one in questionnaire().questions
    ]
    return _report(account(answers=rows, evidenced={}), **full_parts(actions=0))


def longest_texts() -> Report:
    return _report(account(), **full_parts(LONG[:4000], actions=4))


def many_findings() -> Report:
    """82 improvements and promises, so that tables go on over many pages."""
    return _report(account(), **full_parts(actions=82))


def names_and_emoji() -> Report:
    organisation = {**account()["organisation"], "name": f"Gemeente {NAMES.split(',')[0]} {EMOJI}"}
    return _report(account(organisation=organisation), **full_parts(f"{NAMES}. {EMOJI}"))


def light_track() -> Report:
    return _report(account("light"), **full_parts())


def light_nothing() -> Report:
    return _report(account("light", answers=[], evidenced={}))


def with_surveys() -> Report:
    groups = ((40, 31), (25, 12), (60, 44))
    surveys = [told("staff", *groups), told("council", (27, 19))]
    return _report(account(surveys=surveys), "staff", "council", **full_parts())


EXTREMES: Final[Mapping[str, Callable[[], Report]]] = {
    made.__name__: cache(made)
    for made in (
        nothing_answered,
        not_applicable,
        longest_texts,
        many_findings,
        names_and_emoji,
        light_track,
        light_nothing,
        with_surveys,
    )
}
