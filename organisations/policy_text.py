"""The table of who may do what, for docs/: `python -m organisations.policy_text > docs/rechten.md`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from organisations.policy import SEPARATED, TABLE, Rule
from organisations.roles import Role

HEAD = """\
# Wie mag wat

Deze tabel staat in de code (`organisations/policy.py`). Het portaal vraagt bij elke pagina en elke knop
aan deze tabel of iemand iets mag. Wat hier niet staat, mag niemand. Een test houdt deze pagina gelijk aan
de code. In het portaal staat dezelfde tabel bij *Leden*, *Wie mag wat*.

Een recht geldt alleen in de eigen organisatie. Iemand kan meer rollen hebben en mag dan wat al die rollen
mogen. Een rol kan een laatste dag hebben; daarna geldt die niet meer. Wie iemand vervangt, mag in die tijd
wat die rol mag.
"""
SEPARATION = """\
## Wat niemand samen mag doen

Ook wie meer rollen heeft, houdt zich hieraan. Bij elke regel staat de test die het bewijst.
"""


def document() -> str:
    """The whole page, as Markdown."""
    parts = [HEAD, *(_group(title, rules.values()) for title, rules in TABLE.items()), SEPARATION]
    rules = "".join(f"- {one.words} {one.how} (`{one.proof}`)\n" for one in SEPARATED)
    return "\n".join([*parts, rules]).rstrip() + "\n"


def _group(title: str, rules: Iterable[Rule]) -> str:
    return "\n".join([f"## {title}\n", *_rows(rules), ""])


def _rows(rules: Iterable[Rule]) -> Iterator[str]:
    yield f"| | {' | '.join(role.label for role in Role)} | alleen |"
    yield "|---|" + ":-:|" * len(Role) + "---|"
    for rule in rules:
        cells = ["ja" if role in rule.roles else "" for role in Role]
        yield f"| {rule.words} | {' | '.join(cells)} | {rule.only} |"


if __name__ == "__main__":
    print(document(), end="")
