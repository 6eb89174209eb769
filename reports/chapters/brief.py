"""The covering page (oplegger), for a councillor who reads one page. It is one A4, whatever is in it."""

from dataclasses import dataclass, field, replace
from functools import cached_property

from assessments.supplement import ActionDocument, BriefDocument
from chain.results import LinkDocument
from reports import words
from reports.account import Account
from reports.chapters.asking import questions
from reports.chapters.changes import Changes
from reports.chapters.fitting import high, lines
from reports.chapters.legal import LegalChapter
from reports.chapters.standing import Standing
from reports.pictures import ChainLink, chain, chain_tall

ACTIONS, MINIMUMS = 5, 8  # so many are listed at most; the chapters have them all
BESIDE_PICTURE = 4  # so many of each at least, before the drawing has to go
OWN_LINES = 7  # so many line breaks of who wrote it are kept
MISSING = "Nog niet ingevuld."
ASKED = "Het voorstel is: lees dit verslag, bespreek het met het college en stel uw vragen."
COUNCIL = (
    "De raad kan vragen stellen, met het college afspraken maken over verbeteringen, en volgend jaar nagaan "
    "wat ervan kwam."
)

# The page in points: A4 less its margins, and its two columns.
HEIGHT, WIDTH = 709.0, 481.0
COLUMN = 229.0
PICTURE = 106.0
LEADING = 1.36
SIZES = (("", 9.25), ("report-brief--small", 8.25), ("report-brief--smallest", 7.25))
# For what nobody writes, such as a word of 600 letters: still whole, on one page, in one column.
LAST = ("report-brief--least", 6.25)


@dataclass(frozen=True, slots=True)
class Listed:
    """As many of the items as fit, and how many more there are."""

    items: tuple[str, ...] = ()
    others: int = 0

    def shorter(self) -> "Listed":
        return Listed(self.items[:-1], self.others + 1)


@dataclass(frozen=True, slots=True)
class Layout:
    """What is on the page, in which size of type."""

    size: str
    actions: Listed
    minimums: Listed
    has_picture: bool = field(default=False)


@dataclass(frozen=True)
class CoveringPage:
    account: Account

    @property
    def _told(self) -> BriefDocument | None:
        return self.account.supplement.get("brief")

    @property
    def standing(self) -> Standing:
        return Standing(self.account)

    @property
    def legal(self) -> LegalChapter:
        return LegalChapter(self.account)

    @property
    def asked(self) -> str:
        """What the council is asked."""
        return _kept(self._told["asked"]) if self._told else f"{MISSING} {ASKED}"

    @property
    def core(self) -> tuple[str, str, str]:
        """The message in exactly three sentences."""
        return self._chain, self.legal.core, self._evidence

    @property
    def _chain(self) -> str:
        """Between which levels the links stand."""
        links = list(self.account.links.values())
        scored = sorted(
            (one for one in links if one["printed"] is not None), key=lambda one: one["printed"] or 0
        )
        if not scored:
            return f"Geen van de {len(links)} schakels van de keten heeft een cijfer."
        low, top = self._at(scored[0]), self._at(scored[-1])
        where = f"van {low} tot {top}"
        if low == top:
            where = low if len(scored) == 1 else f"allemaal {low}"
        if len(scored) < len(links):
            have = "heeft er 1" if len(scored) == 1 else f"hebben er {len(scored)}"
            return f"Van de {len(links)} schakels van de keten {have} een cijfer: {where}."
        return f"De {len(links)} schakels van de keten hebben een cijfer: {where}."

    def _at(self, link: LinkDocument) -> str:
        return f"niveau {words.figure(link['printed'])} ({self.standing.level(link).lower()})"

    @property
    def _evidence(self) -> str:
        """How much of it anybody checked."""
        levels, unchecked = self.account.count("level"), self.account.unchecked
        if not levels:
            return "Geen enkele vraag heeft een niveau waarvan iemand het bewijs kon controleren."
        if not unchecked:
            return "Bij alle vragen met een niveau keek een validator naar het bewijs."
        if unchecked == levels:
            return "Niemand controleerde het bewijs: dit is wat de deelnemers zelf zeggen."
        return (
            f"Bij {unchecked} van de {levels} vragen met een niveau keek niemand naar het bewijs: daar telt "
            "wat deelnemers zelf zeggen."
        )

    @property
    def links(self) -> tuple[str, ...]:
        """The weakest and the strongest link, a sentence or two each."""
        return tuple(filter(None, (self.standing.weakest_sentence, self.standing.strongest_sentence)))

    @property
    def picture(self) -> str:
        return chain("oplegger-keten", self._drawn)

    @property
    def tall_picture(self) -> str:
        """The same for a narrow screen."""
        return chain_tall("oplegger-keten-smal", self._drawn)

    @property
    def _drawn(self) -> list[ChainLink]:
        return [
            ChainLink(
                title=self.standing.title(link),
                printed=link["printed"],
                word=self.standing.level(link),
                weakest=link in self.standing.lowest,
                note=words.with_gaps(True) if link["status"] == "provisional" else "",
            )
            for link in self.account.links.values()
        ]

    @property
    def minimums(self) -> Listed:
        return self.layout.minimums

    @property
    def minimums_lead(self) -> str:
        """What stands above the legal minimums that were not shown, or instead of them."""
        number = len(self.legal.not_shown)
        if not number:
            return f"Geen. {self.legal.counted}"
        return "Ze kunnen er wel zijn, maar dit verslag laat ze niet zien:"

    @property
    def change(self) -> str:
        """What changed since the earlier report, in two sentences at most."""
        return Changes(self.account).in_short

    @property
    def change_title(self) -> str:
        return Changes(self.account).title

    @property
    def actions(self) -> Listed:
        return self.layout.actions

    @property
    def actions_lead(self) -> str:
        """What stands above the actions: that they were decided, or are proposals; or that there are none."""
        if not self._planned:
            return "Er zijn nog geen verbeteringen besloten of voorgesteld."
        if self._planned[0]["status"] in words.AGREED_ACTIONS:
            return ""
        return "Het college heeft hierover nog niet besloten. Voorgesteld is:"

    @cached_property
    def _planned(self) -> list[ActionDocument]:
        """What was decided; while nothing was, what is proposed. The earliest date first."""
        actions = self.account.supplement.get("actions", [])
        decided = [one for one in actions if one["status"] in words.AGREED_ACTIONS]
        chosen = decided or [one for one in actions if one["status"] == "proposed"]
        return sorted(chosen, key=lambda one: (one["status"] == "verified", one["due"] or "9999"))

    @property
    def council(self) -> str:
        """What the council can do."""
        return _kept(self._told["council"]) if self._told and self._told["council"].strip() else COUNCIL

    @cached_property
    def questions(self) -> tuple[str, ...]:
        return questions(self.account)

    @property
    def next_moment(self) -> str:
        if not self._told or not (self._told["next_on"] or self._told["next"].strip()):
            return "Nog niet bekend."
        day = words.day(self._told["next_on"]) if self._told["next_on"] else ""
        return ": ".join(filter(None, (day, " ".join(self._told["next"].split()))))

    @property
    def contact(self) -> list[str]:
        return self._told["contact"] if self._told else [MISSING]

    @cached_property
    def layout(self) -> Layout:
        """The largest type and the longest lists that still fit; the drawing only where it fits too."""
        full = Layout("", _listed(self._told_actions, ACTIONS), _listed(self.legal.not_shown, MINIMUMS))
        usual = SIZES[0][1]
        layout = self._fitted(replace(full, has_picture=True), usual, BESIDE_PICTURE)
        if self._height(layout, usual) <= HEIGHT:
            return layout
        for name, size in (*SIZES, LAST):
            layout = self._fitted(replace(full, size=name), size, 1)
            if self._height(layout, size) <= HEIGHT:
                break
        return layout

    def _fitted(self, layout: Layout, size: float, least: int) -> Layout:
        """The layout with its lists made shorter until it fits, or until both have `least` items."""
        while self._height(layout, size) > HEIGHT:
            left, right = self._left(layout, size, COLUMN), self._right(layout, size, COLUMN)
            minimums, actions = len(layout.minimums.items) > least, len(layout.actions.items) > least
            if minimums and (left >= right or not actions):
                layout = replace(layout, minimums=layout.minimums.shorter())
            elif actions:
                layout = replace(layout, actions=layout.actions.shorter())
            else:
                break
        return layout

    @property
    def _told_actions(self) -> list[str]:
        return [action_line(one) for one in self._planned]

    def _height(self, layout: Layout, size: float) -> float:
        """How high the page becomes, in points; the constants are those of report.css."""
        name = lines(f"De integriteitsketen van {self.account.name_within}", WIDTH, 20) * 22
        head = 64 + name + high([" ".join(self.core)], WIDTH, size * 1.15, LEADING)
        boxes = 34 + high([self.asked], WIDTH - 28, size, LEADING) + 30
        boxes += high(self.questions, WIDTH - 41, size, LEADING, 1.5)
        boxes += PICTURE if layout.has_picture else 0
        wide, together = (WIDTH, sum) if size == LAST[1] else (COLUMN, max)
        columns = together((self._left(layout, size, wide), self._right(layout, size, wide)))
        foot = ([self.next_moment], [", ".join(self.contact)])
        feet = together([3 + _heading(size) + high(texts, wide, size, LEADING) for texts in foot])
        return head + boxes + columns + 14 + feet

    def _left(self, layout: Layout, size: float, wide: float) -> float:
        texts = [" ".join(self.links), self.minimums_lead, self.change]
        return 3 * _heading(size) + high(texts, wide, size, LEADING) + _high(layout.minimums, size, wide)

    def _right(self, layout: Layout, size: float, wide: float) -> float:
        texts = [self.actions_lead, self.council]
        return 2 * _heading(size) + high(texts, wide, size, LEADING) + _high(layout.actions, size, wide)


def action_line(action: ActionDocument) -> str:
    """An action with its owner and its date in one line."""
    owner = action["owner"] or "eigenaar nog niet bekend"
    due = f"klaar op {words.day(action['due'])}" if action["due"] else "datum nog niet bekend"
    state = "" if action["status"] in ("proposed", "decided") else f", {words.ACTIONS[action['status']]}"
    return f"{action['what'].rstrip('.')} ({owner}; {due}{state})"


def _listed(items: list[str], most: int) -> Listed:
    shown = items if len(items) <= most + 1 else items[:most]
    return Listed(tuple(shown), len(items) - len(shown))


def _heading(size: float) -> float:
    """How high a heading is with the room around it."""
    return 17.0 if size == LAST[1] else 27.0


def _high(listed: Listed, size: float, wide: float) -> float:
    more = [f"en nog {listed.others}, zie bladzijde 99"] if listed.others else []
    return high([*listed.items, *more], wide - 13, size, LEADING, 1.5)


def _kept(text: str) -> str:
    """The text with its own lines, unless there are so many that they would fill the page."""
    found = [" ".join(one.split()) for one in text.splitlines() if one.strip()]
    return "\n".join(found) if len(found) <= OWN_LINES else " ".join(found)
