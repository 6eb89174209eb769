"""The verdict in plain Dutch, for a terminal. Pages word it in their templates."""

from __future__ import annotations

from collections.abc import Iterator

from reports.verifying.findings import SealSaid, Verdict

MOST = 40  # differences that are written out


def lines(verdict: Verdict) -> Iterator[str]:
    """What the file is, what was checked, what differs, what a seal says, and what follows."""
    told = verdict.told
    what = f"{told.title} {told.year}, versie {told.version}"
    yield f"{told.organisation}: {what}, vastgesteld op {told.adopted}"
    yield f"Controlegetal van de gegevens   {told.account}"
    if told.supplement:
        yield f"Controlegetal van de aanvulling {told.supplement}"
    if verdict.file:
        yield f"Controlegetal van het bestand   {verdict.file}"
    yield from (f"  goed         {sentence}" for sentence in verdict.checked)
    yield from (f"  niet bekeken {sentence}" for sentence in verdict.unchecked)
    yield from (f"  zegel        {sentence}" for seal in verdict.seals for sentence in seal_lines(seal))
    yield from (f"  VERSCHIL     {difference}" for difference in verdict.differences[:MOST])
    if (more := len(verdict.differences) - MOST) > 0:
        yield f"  VERSCHIL     en nog {more} andere"
    yield conclusion(verdict)


def conclusion(verdict: Verdict) -> str:
    if number := len(verdict.differences):
        return "Er is 1 verschil." if number == 1 else f"Er zijn {number} verschillen."
    if not verdict.recomputed:
        return "Er is geen verschil gevonden, maar de uitkomst is niet nagerekend."
    return "Alles klopt: de uitkomst volgt uit de antwoorden in dit bestand."


def seal_lines(seal: SealSaid) -> Iterator[str]:
    """What a seal says, a sentence each."""
    by = "volgens een tijdstempel" if seal.stamped else "volgens wie het zegel zette"
    when = f", op {seal.at} {by}" if seal.at else ""
    yield f"Gezet door {seal.by}{when}."
    if not seal.intact:
        yield "Het zegel klopt niet: het bestand is na het verzegelen veranderd."
    elif not seal.whole:
        yield "Na het verzegelen is er iets aan het bestand toegevoegd."
    else:
        yield "Het bestand is niet veranderd sinds het verzegelen."
    if seal.trusted is None:
        yield "Niet nagegaan is van wie het certificaat komt: er is geen vertrouwd certificaat opgegeven."
    elif seal.trusted:
        yield "Het certificaat komt van een uitgever die hier wordt vertrouwd."
    else:
        yield "Het certificaat komt niet van een uitgever die hier wordt vertrouwd."
