"""What the evidence carried, in words."""

from collections.abc import Iterable
from fractions import Fraction

from chain.results import half_up
from reports import words

GAPS = {
    Fraction(1, 2): "een half niveau",
    Fraction(1): "een heel niveau",
    Fraction(3, 2): "anderhalf niveau",
}


def carried(judged: Iterable[tuple[int, int]]) -> str:
    """What the evidence carried, of pairs of claimed and evidenced level: one to three sentences.

    "Daarvan" in it points back to the questions that were checked. A mean is told in halves, from a half on.
    """
    gaps = [claimed - evidenced for claimed, evidenced in judged]
    lower = sum(gap > 0 for gap in gaps)
    if not lower:
        return "Het bewijs liet overal het niveau zien dat de deelnemers noemden."
    same = len(gaps) - lower
    said = [f"Bij {lower} daarvan laat het bewijs een lager niveau zien."]
    said.append(f"Bij de andere {same} is het gelijk." if same > 1 else "Bij de andere is het gelijk.")
    if not same:
        said = ["Het bewijs laat steeds een lager niveau zien."]
    if mean := half_up(Fraction(sum(gaps), len(gaps)), 2):
        much = GAPS.get(mean) or f"{words.decimal(float(mean))} niveaus"
        said.append(f"Gemiddeld ligt het bewijs {much} lager dan wat de deelnemers zeiden.")
    return " ".join(said)
