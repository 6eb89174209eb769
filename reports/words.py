"""Dutch words for figures: levels, statuses, dates and numbers, alike on the dashboard and in the report."""

import re
import unicodedata
from collections.abc import Sequence
from datetime import date
from math import floor

from chain.questionnaire import Rung

MONTHS = (
    *("januari", "februari", "maart", "april", "mei", "juni"),
    *("juli", "augustus", "september", "oktober", "november", "december"),
)
STATUSES = {
    "complete": "",
    "provisional": "{}: {} zonder antwoord",
    "no_score": "geen cijfer: geen enkele vraag heeft een niveau",
    "too_little_insight": "te weinig inzicht: te vaak ‘weet ik niet’",
}
WITHOUT_SCORE = {"no_score": "geen cijfer", "too_little_insight": "te weinig inzicht"}
STATES = {
    "unknown": "weet ik niet",
    "not_applicable": "niet van toepassing",
    "not_occurred": "niet voorgekomen",
    "unanswered": "niet beantwoord",
}
# Never "overtreden": what was not shown may well be there.
LEGAL = {
    "not_shown": "niet aangetoond",
    "claimed": "wel genoemd, niet gecontroleerd",
    "not_occurred": "niet voorgekomen",
    "not_applicable": "niet van toepassing",
    "shown": "aangetoond",
}
LEGAL_MEANINGS = {
    "not_shown": "Uit de antwoorden en het bekeken bewijs blijkt dit minimum niet. Het kan er wel zijn.",
    "claimed": "Het gegeven niveau haalt het minimum. De validator heeft het bewijs niet beoordeeld.",
    "not_occurred": "Er was geen geval waaraan het te zien was. Oefen het, dan weet u of het werkt.",
    "not_applicable": "Een deelnemer gaf aan dat het hier niet speelt. De reden staat erbij.",
    "shown": "De validator zag bewijs dat het wettelijk minimum er is.",
}
ACTIONS = {
    "proposed": "voorgesteld",
    "decided": "besloten",
    "running": "in uitvoering",
    "reported": "gereed gemeld",
    "verified": "geverifieerd",
    "dropped": "vervallen",
}
AGREED_ACTIONS = ("decided", "running", "reported", "verified")  # what the college committed itself to
HELPS = {"yes": "helpt", "partly": "helpt deels", "no": "helpt niet", "unknown": "weet niet of het helpt"}
# The cross-sections of a link: what they are called and what they ask.
GROUPS = {
    "hard": "Hard",
    "soft": "Zacht",
    "design": "Opzet",
    "existence": "Bestaan",
    "operation": "Werking",
}
GROUP_MEANINGS = {
    "hard": "regels, systemen en afspraken",
    "soft": "gedrag, gesprek en voorbeeld",
    "design": "is het goed bedacht en vastgelegd?",
    "existence": "is het er ook echt?",
    "operation": "werkt het in de praktijk?",
}


def figure(value: float | None) -> str:
    """A printed level, in halves: "2,5" or "3"; without a score a dash."""
    return "–" if value is None else decimal(value)


def level(printed: float | None, ladder: Sequence[Rung], status: str = "no_score") -> str:
    """A printed level in words, such as "tussen Vastgelegd en Gedaan"; without one, why there is none."""
    if printed is None:
        return WITHOUT_SCORE[status]
    lower = floor(printed)
    if printed == lower:
        return str(ladder[lower].word)
    return f"tussen {ladder[lower].word} en {ladder[lower + 1].word}"


def with_gaps(frozen: bool) -> str:
    """What a figure is when questions lack an answer: it can still change, or stays as it is."""
    return "niet compleet" if frozen else "voorlopig"


def status(slug: str, unanswered: int, *, frozen: bool) -> str:
    """What must be said beside a figure: "voorlopig: 2 vragen zonder antwoord"; "" when nothing."""
    return STATUSES[slug].format(with_gaps(frozen), questions(unanswered))


def whole_level(value: int | None, ladder: Sequence[Rung], state: str = "unanswered") -> str:
    """The level of one question with its word, "2 Vastgelegd"; without one, its state."""
    return STATES[state] if value is None else f"{value} {ladder[value].word}"


def decimal(value: float, places: int = 2) -> str:
    """A number with a comma and no needless zeroes: "2,33", "2,5", "3"."""
    text = f"{value:.{places}f}"
    return text.rstrip("0").rstrip(".").replace(".", ",") if "." in text else text


def thousands(value: int) -> str:
    """A whole number with a point per thousand: "24.000"."""
    return f"{value:,}".replace(",", ".")


def percentage(share: float) -> str:
    """A share 0..1 as a whole percentage, half up: "33%"."""
    return f"{floor(share * 100 + 0.5 + 1e-9)}%"


def kilobytes(size: int) -> str:
    """The size of a file, in whole thousands of bytes, half up: "159 kB"."""
    return f"{thousands((size + 500) // 1000)} kB"


def day(value: date | str) -> str:
    """A date, also as ISO text: "21 november 2026"."""
    when = date.fromisoformat(value) if isinstance(value, str) else value
    return f"{when.day} {MONTHS[when.month - 1]} {when.year}"


def joined(parts: Sequence[str]) -> str:
    """ "a", "a en b", "a, b en c"."""
    return " en ".join(filter(None, [", ".join(parts[:-1]), *parts[-1:]]))


def quoted(title: object) -> str:
    """A title within a sentence: "‘Codes en regels’"."""
    return f"‘{title}’"


def counted(number: int, one: str, more: str) -> str:
    """ "1 vraag", "2 vragen"."""
    return f"{thousands(number)} {one if number == 1 else more}"


def questions(number: int) -> str:
    """A number of questions in words."""
    return counted(number, "vraag", "vragen")


def contributor(code: str, names: dict[str, str] | None = None) -> str:
    """Who "c1" is: the name where the reader may know it, otherwise "deelnemer 1"."""
    return (names or {}).get(code) or f"deelnemer {code.removeprefix('c')}"


def file_name(organisation: str, year: int, version: int) -> str:
    """A name for downloads that every system takes: integriteit-gemeente-waterrijk-2025-versie-1."""
    plain = unicodedata.normalize("NFKD", organisation).encode("ascii", "ignore").decode().lower()
    return f"integriteit-{re.sub(r'[^a-z0-9]+', '-', plain).strip('-')}-{year}-versie-{version}"
