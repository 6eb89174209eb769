"""What the evidence carried, in words."""

from collections.abc import Iterable
from fractions import Fraction

from chain.results import half_up
from reports import words

GAPS = {
    Fraction(0): "Gemiddeld scheelt dat bijna niets",
    Fraction(1, 2): "Gemiddeld ligt het een half niveau lager dan wat de deelnemers zeiden",
    Fraction(1): "Gemiddeld ligt het een heel niveau lager dan wat de deelnemers zeiden",
    Fraction(3, 2): "Gemiddeld ligt het anderhalf niveau lager dan wat de deelnemers zeiden",
}


def carried(judged: Iterable[tuple[int, int]]) -> str:
    """What the evidence carried, of pairs of claimed and evidenced level: one or two sentences."""
    gaps = [claimed - evidenced for claimed, evidenced in judged]
    lower = sum(gap > 0 for gap in gaps)
    if not lower:
        return "Het bewijs liet overal het niveau zien dat de deelnemers noemden."
    mean = half_up(Fraction(sum(gaps), len(gaps)), 2)
    much = GAPS.get(
        mean, f"Gemiddeld ligt het {words.decimal(float(mean))} niveaus lager dan wat de deelnemers zeiden"
    )
    return f"Bij {lower} daarvan laat het bewijs een lager niveau zien. {much}."
