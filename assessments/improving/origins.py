"""What an improvement comes from: a question or a link of the round, with what is suggested for it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from assessments.counting.content import area_titles
from assessments.improving.offers import Offer, offers, why_group, why_question
from assessments.models import Assessment, VulnerabilityScores
from chain.questionnaire import Link, Place
from chain.results import LinkDocument, ResultsDocument


@dataclass(frozen=True, slots=True)
class Origin:
    """Where the reader came from; all empty for an improvement that stands by itself."""

    link: str = ""
    question: str = ""
    area: str = ""
    title: str = ""
    why: str = ""
    offers: tuple[Offer, ...] = ()

    def offered(self, key: str) -> str:
        """The text of the suggestion with this key, or "" when it is not offered here."""
        return next((one.text for one in self.offers if one.key == key), "")

    @property
    def fields(self) -> dict[str, str]:
        """What is kept of it with the improvement."""
        return {"link": self.link, "question": self.question, "area": self.area}


def origin_of(round_: Assessment, asked: Mapping[str, str]) -> Origin:
    """What the address asks for, by `question`, `area` or `link`; what the round does not know is left out.

    Costs the round's results: four queries at most, and none without either.
    """
    content = round_.content
    if content.has(asked.get("question", "")):
        return _question(content.place(asked["question"]), round_.results())
    if title := area_titles().get(asked.get("area", "")):
        return _area(round_, asked["area"], title)
    link = next((one for one in content.links if one.slug == asked.get("link")), None)
    return _link(link, _of(round_.results(), link)) if link else Origin()


def _of(results: ResultsDocument, link: Link) -> LinkDocument:
    return next(one for one in results["links"] if one["slug"] == link.slug)


def _question(place: Place, results: ResultsDocument) -> Origin:
    """By the level that the evidence carries; where nobody looked, by the one that was claimed."""
    question = place.question
    result = next(one for one in results["questions"] if one["id"] == question.id)
    level = result["claimed"] if result["evidenced"] is None else result["evidenced"]
    return Origin(
        link=place.link.slug,
        question=question.id,
        title=f"Vraag {question.id}: {question.title}",
        why=why_question(question, level),
        offers=tuple(offers(place.theme, level)),
    )


def _area(round_: Assessment, slug: str, title: str) -> Origin:
    """With its scores when it has them; one query."""
    scores = VulnerabilityScores.newest(round_)
    found = scores.areas.get(slug) if scores else None
    why = f"‘{title}’ is kwetsbaar werk."
    if found and found["inherent"] > found["control"]:
        inherent, control = found["inherent"], found["control"]
        why = f"‘{title}’ is kwetsbaarder ({inherent}) dan beheerst ({control}), op een schaal van 0 tot 3."
    return Origin(area=slug, title=f"Kwetsbaar gebied {title}", why=why)


def _link(link: Link, result: LinkDocument) -> Origin:
    """Of each theme the suggestion that fits best, the weakest theme first."""
    printed = {one["slug"]: one["printed"] for one in result["themes"]}
    weakest_first = sorted(link.themes, key=lambda theme: _height(printed.get(theme.slug)))
    return Origin(
        link=link.slug,
        title=f"Schakel {link.title}",
        why=why_group(str(link.title), result["printed"]),
        offers=tuple(one for theme in weakest_first for one in offers(theme, printed.get(theme.slug))[:1]),
    )


def _height(printed: float | None) -> float:
    """To sort by: without a figure after all that have one."""
    return 5.0 if printed is None else printed
