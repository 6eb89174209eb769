"""What of yearly counts may stand in a public report: nobody can work out a number below five from it.

The rule, with why it holds, is told in docs/kleine-aantallen.md. In short: whoever knows this module and all
that was printed must still find every value 0 to 4 possible for each number that is hidden. So what decides
between showing and hiding may itself not tell which of these it was. Pure.
"""

from collections.abc import Sequence

LEAST = 5  # from here a count is printed as it is
SMALL = f"0 tot en met {LEAST - 1}"
APART = "niet apart vermeld"
EMPTY = "niet ingevuld"
# A stock follows from that of a year before, and what began and ended since: whoever knows three of these
# four numbers knows the last, over all years. So it is asked but never printed.
STOCKS = frozenset({"openstaand"})
# A median over few cases tells of each of them: it needs as many cases as a count needs.
CASES_OF = {"doorlooptijd": "onderzoeken-afgerond"}
PERIOD = 3  # years that can be taken together


def told(number: int | None) -> str:
    """A count of the whole organisation: "12", "0 tot en met 4" or "niet ingevuld"."""
    if number is None:
        return EMPTY
    return str(number) if number >= LEAST else SMALL


def told_split(total: int, parts: Sequence[int]) -> list[str]:
    """Each part of a total to which they add up: its number, or "niet apart vermeld". Keeps their order.

    The small ones are hidden alike with as many of the next larger ones as `_hidden` asks.
    """
    assert sum(parts) == total, "the parts must add up"
    if total < LEAST:
        return [APART] * len(parts)
    hidden = _hidden(parts)
    return [APART if place in hidden else str(part) for place, part in enumerate(parts)]


def _hidden(parts: Sequence[int]) -> set[int]:
    """The places of the parts that are hidden: all below five, and some larger ones until that is safe.

    Safe is: two or more are hidden; together they are five or more; and either all of them could be small
    (each full, and one at zero), or together they stay below the smallest part that is shown.
    """
    order = sorted(range(len(parts)), key=lambda place: (parts[place], place))
    small = sum(part < LEAST for part in parts)
    if not small:
        return set()
    for size in range(max(small, 2), len(parts)):
        together = sum(parts[place] for place in order[:size])
        fits = together <= (LEAST - 1) * (size - 1) or together < parts[order[size]]
        if together >= LEAST and fits:
            return set(order[:size])
    return set(order)


def told_median(days: int | None, cases: int | None) -> str:
    """A median over so many cases; hidden when these are few or not told."""
    if days is None:
        return EMPTY
    return str(days) if cases is not None and cases >= LEAST else APART


def closes_period(year: int) -> bool:
    """Whether three years can be taken together at the end of this one: 2025, 2028, 2031 and so on.

    Periods are fixed and do not overlap. Sliding ones would give numbers away by their difference.
    """
    return year % PERIOD == 0


def told_together(years: Sequence[int | None]) -> str:
    """The sum of three years when each of them is hidden, so that nothing can be subtracted; else nothing.

    It is told from five to eight: above that, none of the years could have been zero.
    """
    known = [number for number in years if number is not None]
    if len(known) < PERIOD or max(known) >= LEAST:
        return ""
    together = sum(known)
    return str(together) if LEAST <= together <= (LEAST - 1) * (PERIOD - 1) else ""
