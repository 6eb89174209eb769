"""The free texts that go into the public report, each with the place where it can be changed. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from assessments.supplement import SupplementDocument
from reports.account import AccountDocument


@dataclass(frozen=True, slots=True)
class Text:
    """What somebody typed. `fixed`: it was frozen with the results, so only a correction changes it."""

    place: str
    words: str
    fixed: bool = False


def texts_of(supplement: SupplementDocument, account: AccountDocument) -> list[Text]:
    """All of them that are not empty, in the order of the report."""
    found = [*_supplement(supplement), *_account(account)]
    return [text for text in found if text.words.strip()]


def _supplement(document: SupplementDocument) -> Iterator[Text]:
    if brief := document.get("brief"):
        yield Text("Oplegger, wat u de raad vraagt", brief["asked"])
        yield Text("Oplegger, wat de raad kan doen", brief["council"])
        yield Text("Oplegger, volgend moment", brief["next"])
        yield Text("Oplegger, bij wie de raad terecht kan", "\n".join(brief["contact"]))
    for action in document.get("actions", []):
        place = f"Verbeterplan, {action['what']}"
        yield Text("Verbeterplan, wat", action["what"])
        for part in (action["why"], action["owner"], action["change"], action["reason"]):
            yield Text(place, part)
    for promise in document.get("promises", []):
        yield Text("Toezeggingen van vorig jaar", f"{promise['what']} {promise['owner']}".strip())
        yield Text("Toezeggingen van vorig jaar", promise["reason"])
    if figures := document.get("figures"):
        yield Text("Jaarcijfers, toelichting", figures["note"])
    if areas := document.get("vulnerabilities"):
        yield Text("Kwetsbaarheden, toelichting", areas["note"])
    if reaction := document.get("reaction"):
        yield Text("Reactie van het college", reaction["text"])


def _account(document: AccountDocument) -> Iterator[Text]:
    for answer in document["answers"]:
        yield Text(f"Vraag {answer['question']}, waarom niet van toepassing", answer.get("reason", ""), True)
    for question, agreed in document["agreed"].items():
        yield Text(f"Vraag {question}, waarom dit niveau is afgesproken", agreed["reason"], True)
