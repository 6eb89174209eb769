"""The finding in words: beside the profile, a few sentences on each thing that must be known with it."""

from dataclasses import dataclass

from chain.results import LinkDocument
from reports import words
from reports.account import Account
from reports.chapters.evidence import carried
from reports.chapters.legal import LegalChapter
from reports.chapters.standing import Standing

LOWEST_THEMES = 2  # so many are named of the weakest link
EXPLAINED = 2  # so many of the weakest links, and of the strongest, are explained
NAMED_MINIMUMS = 7  # so many that were not shown are named; the chapter has them all


@dataclass(frozen=True, slots=True)
class Point:
    """One of the things that the page says, with a heading of its own."""

    title: str
    sentences: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Summary:
    account: Account

    @property
    def legal(self) -> LegalChapter:
        return LegalChapter(self.account)

    @property
    def standing(self) -> Standing:
        return Standing(self.account)

    @property
    def core(self) -> str:
        """The message in a few sentences, made of the figures."""
        return f"{self.standing.sentences} {self.legal.core}"

    @property
    def points(self) -> list[Point]:
        return [self._what_it_is, self._weak_and_strong, self._legal_minimums, self._not_checked]

    @property
    def pairs(self) -> list[list[Point]]:
        """The points two by two, as they stand beside each other on paper."""
        return [self.points[:2], self.points[2:]]

    @property
    def _what_it_is(self) -> Point:
        people = words.counted(self.account.round["contributors"], "deelnemer", "deelnemers")
        total, unanswered = len(self.account.questions), self.account.count("unanswered")
        answered = f"{total - unanswered} van de {total}" if unanswered else f"alle {total}"
        gaps = words.questions(unanswered) + (" bleef" if unanswered == 1 else " bleven")
        return Point(
            "Wat u leest",
            (
                f"Dit verslag laat zien hoe {self.account.name_within} werkt aan integriteit, in vijf "
                "schakels: van oorzaken wegnemen tot herstellen en leren na een zaak.",
                f"Het rust op antwoorden van {people} op {answered} vragen.",
                *([f"{gaps} zonder antwoord."] if unanswered else []),
                "Er is geen eindcijfer: een keten is zo sterk als de zwakste schakel.",
            ),
        )

    def _lowest_themes(self, link: LinkDocument) -> list[str]:
        """The titles of at most two themes that stand below another theme of the link, the lowest first."""
        scored = [theme for theme in link["themes"] if theme["printed"] is not None]
        top = max((theme["printed"] or 0 for theme in scored), default=0)
        below = sorted((t for t in scored if (t["printed"] or 0) < top), key=lambda t: t["score"] or 0)
        return [
            words.quoted(self.account.questionnaire.theme(link["slug"], theme["slug"]).title)
            for theme in below[:LOWEST_THEMES]
        ]

    @property
    def _weak_and_strong(self) -> Point:
        said = []
        for weak in self.standing.lowest[:EXPLAINED]:
            said.append(self.standing.about(weak))
            if lowest := self._lowest_themes(weak):
                verb = "staat" if len(lowest) == 1 else "staan"
                said.append(f"Het laagst {verb} daar: {words.joined(lowest)}.")
        said += [self.standing.about(strong) for strong in self.standing.highest[:EXPLAINED]]
        if self.standing.without_level:
            said.append("Waar een cijfer ontbreekt, is uitzoeken de eerste stap.")
        elif not said:
            said.append("Er is geen verschil tussen de schakels. Per schakel staat welk thema het laagst is.")
        return Point("Zwakste en sterkste schakel", tuple(said))

    @property
    def _legal_minimums(self) -> Point:
        missing = [words.quoted(title) for title in self.legal.not_shown]
        others = len(missing) - NAMED_MINIMUMS
        if others > 1:
            missing = [*missing[:NAMED_MINIMUMS], f"{others} andere"]
        titles = words.joined(missing)
        return Point(
            "Wettelijke minimums",
            (self.legal.counted, *([f"Niet aangetoond: {titles}."] if titles else [])),
        )

    @property
    def _not_checked(self) -> Point:
        said = [self._unchecked]
        if self.account.unchecked:
            said.append("Daar telt wat de deelnemers zelf zeggen.")
        if self.account.validated:
            if self.account.unchecked:
                said.append(f"Wel gecontroleerd: {words.questions(self.account.validated)}.")
            said.append(carried(self.account.judged()))
        if unknown := self.account.count("unknown"):
            said.append(f"Op {words.questions(unknown)} was het antwoord ‘weet ik niet’.")
        return Point("Wat niemand controleerde", tuple(said))

    @property
    def _unchecked(self) -> str:
        levels, unchecked = self.account.count("level"), self.account.unchecked
        if unchecked == levels:
            return "Niemand heeft het bewijs bij de antwoorden gecontroleerd."
        if not unchecked:
            return "Bij alle vragen met een niveau is het bewijs gecontroleerd."
        return (
            f"Bij {unchecked} van de {levels} vragen met een niveau heeft niemand het bewijs gecontroleerd."
        )
