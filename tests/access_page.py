"""docs/toegang.md: the table of test_access.py, to read. `python -m tests.access_page` writes it anew."""

from __future__ import annotations

import os
from pathlib import Path

import django

PAGE = Path(__file__).parent.parent / "docs" / "toegang.md"
PEOPLE = {
    "anna": "coördinator",
    "bram": "functionaris met vragen",
    "fatima": "functionaris zonder vragen",
    "vera": "validator",
    "guus": "college",
    "greet": "griffier",
    "bea": "beheerder",
    "chris": "andere organisatie",
    "nobody": "niet ingelogd",
}
PARTS = {
    "assessments:": "Rondes, vragen, bewijs en verbeterplan",
    "surveys:": "Peilingen",
    "reports:": "Resultaten en verslagen",
    "organisations:": "Leden, huisstijl, berichten en logboek",
    "": "Het portaal zelf",
}
HEAD = """# Wie waar bij kan

Deze tabel heeft een regel voor elk adres van het portaal en elke manier om het te gebruiken: bekijken (GET)
en versturen (POST). Er staat in wat iemand met die rol krijgt in een organisatie die een ronde heeft.
*Andere organisatie* is iemand die elders alle rollen heeft behalve die van college. De tabel is gemaakt uit
`tests/test_access.py`. Die test vraagt elk adres op als elk van deze mensen, in elke stand van de ronde
waarin het verschil maakt, en vergelijkt wat zij krijgen. Een adres dat er niet in staat, laat de test
mislukken. Verandert de tabel, dan schrijft `python -m tests.access_page` deze pagina opnieuw.

- **ja**: krijgt de pagina, of mag het doen. Ook als het nu te laat is of als er iets ontbreekt: dan zegt de
  pagina dat.
- **soms**: hangt af van de stand van de ronde of de peiling. Welke standen dat zijn, staat in de test.
- **–**: bestaat niet voor deze persoon (404). Er is geen verschil met een adres dat er echt niet is.
- **inloggen**: komt op de inlogpagina uit.

Een adres zonder regel voor POST verandert niets als er toch iets naartoe wordt verstuurd. Elke andere
manier (PUT, PATCH, DELETE, OPTIONS, TRACE) weigert het portaal op elk adres, van iedereen. Wie
een nummer uit een adres of uit een formulier vervangt door dat van een andere organisatie, krijgt **–**
(`tests/test_tampering.py`). Een gast met een eigen link komt alleen bij de vragen van die link
(`tests/test_guest_entrance.py`). Inloggen, tweede stap en de technische kamer komen van andere makers en
staan onderaan de test.
"""


def page() -> str:
    """The whole text."""
    from django.urls import get_resolver  # after django.setup()

    from tests.test_access import ROWS
    from tests.world import addresses

    # Of a view with more addresses the first.
    patterns = dict(reversed(list(addresses(get_resolver()))))
    found: dict[tuple[str, str], list[dict[str, str]]] = {}
    for row in ROWS:
        found.setdefault((row.name, row.method), []).append(row.expected)
    lines, left = [HEAD], sorted(found, key=lambda one: (patterns[one[0]], one[1]))
    for prefix, title in PARTS.items():
        mine = [one for one in left if one[0].startswith(prefix)]
        left = [one for one in left if one not in mine]
        lines += [f"\n## {title}\n", "| adres | | " + " | ".join(PEOPLE.values()) + " |"]
        lines.append("|---|---|" + "---|" * len(PEOPLE))
        for name, method in mine:
            cells = [_cell([expected[person] for expected in found[name, method]]) for person in PEOPLE]
            if set(cells) != {"nee"}:
                lines.append(f"| `/{_plain(patterns[name])}` | {method} | {' | '.join(cells)} |")
    return "\n".join(lines) + "\n"


def _plain(pattern: str) -> str:
    """The address with the names of its values alone."""
    for kind in ("int", "str", "slug"):
        pattern = pattern.replace(f"<{kind}:", "<")
    return pattern


def _cell(outcomes: list[str]) -> str:
    """What a person gets over all states; "nee" for a way that the address does not have."""
    words = {"404": "–", "405": "nee", "login": "inloggen"}
    said = {words.get(one, "ja") for one in outcomes}
    return said.pop() if len(said) == 1 else "soms"


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
    django.setup()
    PAGE.write_text(page(), encoding="utf-8")
