"""The profile of the chain: the five links beside each other, in a picture and in a table."""

from dataclasses import dataclass

from chain.questionnaire import Rung
from chain.results import LinkDocument
from reports import words
from reports.account import Account
from reports.chapters.link import PARTS, PICTURE_WIDTH, figure_or_why
from reports.chapters.standing import Standing
from reports.pictures import Bar, Stack, bars, distribution, profile

NO_QUESTIONS = "geen vragen"
DISTRIBUTION = "Hoeveel vragen per schakel op elk niveau staan"


@dataclass(frozen=True, slots=True)
class LinkRow:
    title: str
    summary: str
    anchor: str
    figure: str
    level: str
    is_weakest: bool
    coverage: str
    unknown: str
    validated: str


@dataclass(frozen=True, slots=True)
class CountRow:
    """How many questions of a link stand at each level and in each state, with its name."""

    title: str
    labelled: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class KindRow:
    """The printed level of a link by cross-section with its name, or that it has no such questions."""

    title: str
    labelled: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Profile:
    account: Account

    @property
    def core(self) -> str:
        """The finding in two sentences."""
        return Standing(self.account).sentences

    @property
    def ladder(self) -> tuple[Rung, ...]:
        return self.account.ladder

    @property
    def picture(self) -> str:
        names = [str(rung.word).lower() for rung in self.account.ladder]
        title = "Het niveau van de vijf schakels naast elkaar"
        return profile("verslag-profiel", title, self._bars, names)

    @property
    def narrow_picture(self) -> str:
        """The same for a phone."""
        return bars("verslag-profiel-smal", "Het niveau van de vijf schakels onder elkaar", self._bars)

    @property
    def _bars(self) -> list[Bar]:
        return [
            Bar(row.title, link["printed"], figure_or_why(self.account, link))
            for row, link in zip(self.rows, self._links, strict=True)
        ]

    @property
    def rows(self) -> list[LinkRow]:
        return [self._row(link) for link in self._links]

    @property
    def distribution_picture(self) -> str:
        return distribution("verslag-verdeling", DISTRIBUTION, self._stacks, PICTURE_WIDTH)

    @property
    def narrow_distribution_picture(self) -> str:
        """The same for a phone."""
        return distribution("verslag-verdeling-smal", DISTRIBUTION, self._stacks)

    @property
    def _stacks(self) -> list[Stack]:
        return [
            Stack(row.title, link["distribution"]) for row, link in zip(self.rows, self._links, strict=True)
        ]

    @property
    def columns(self) -> list[str]:
        """What is counted in a CountRow: the words of the levels, then the states."""
        return [f"{rung.level} {rung.word}" for rung in self.account.ladder] + [
            state.capitalize() for state in words.STATES.values()
        ]

    @property
    def counts(self) -> list[CountRow]:
        keys = [str(rung.level) for rung in self.account.ladder] + list(words.STATES)
        return [
            CountRow(
                row.title, tuple(zip(self.columns, (link["distribution"][key] for key in keys), strict=True))
            )
            for row, link in zip(self.rows, self._links, strict=True)
        ]

    @property
    def kinds(self) -> list[str]:
        """The names of the cross-sections."""
        return [words.GROUPS[part] for part in PARTS]

    @property
    def kind_rows(self) -> list[KindRow]:
        return [
            KindRow(
                row.title,
                tuple(
                    (
                        words.GROUPS[name],
                        figure_or_why(self.account, part) if (part := link[name]) else NO_QUESTIONS,
                    )
                    for name in PARTS
                ),
            )
            for row, link in zip(self.rows, self._links, strict=True)
        ]

    @property
    def _links(self) -> list[LinkDocument]:
        return list(self.account.links.values())

    def _row(self, link: LinkDocument) -> LinkRow:
        content = self.account.questionnaire.link(link["slug"])
        levels = sum(link["distribution"][str(rung.level)] for rung in self.account.ladder)
        insight = levels + link["distribution"]["unknown"]
        return LinkRow(
            title=str(content.title),
            summary=str(content.summary),
            anchor=f"schakel-{link['slug']}",
            figure=words.figure(link["printed"]),
            level=words.level(link["printed"], self.account.ladder, link["status"]),
            is_weakest=link["slug"] in (self.account.results["weakest"] or ()),
            coverage=words.percentage(link["coverage"]),
            unknown=words.percentage(link["unknown_share"]) if insight else "–",
            validated=f"{link['validated']} van {levels}",
        )
