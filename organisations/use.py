"""By which lines of the log a role is known to be used. Pure.

A line tells of a person and not of a role: who holds two roles that show alike counts as having used both.
Who answers leaves no line, for no answer is in the log: of a contributor the last sign-in says more.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from organisations.log.acts import Act
from organisations.roles import Role

# Per role the acts, each with how what it was about begins ("" is anything).
SIGNS: Final[Mapping[Role, tuple[tuple[Act, str], ...]]] = {
    Role.CONTRIBUTOR: (
        (Act.VIEW, "bewijs bij een vraag"),
        (Act.VIEW, "gesprek"),
        (Act.EXPORT, "werkblad"),
        (Act.EXPORT, "vragen op papier"),
    ),
    Role.COORDINATOR: (
        (Act.STATUS, ""),
        (Act.JUDGE, "afgesproken niveau"),
        (Act.VIEW, "voortgang per persoon"),
        (Act.VIEW, "gast"),
        (Act.VIEW, "overleg"),
        (Act.VIEW, "jaarcijfers"),
    ),
    Role.VALIDATOR: (
        (Act.JUDGE, "onderbouwd niveau"),
        (Act.VIEW, "bewijs en afspraken"),
        (Act.VIEW, "antwoorden en bewijs"),
        (Act.VIEW, "steekproef"),
    ),
    Role.EXECUTIVE: ((Act.STATUS, ""), (Act.VIEW, "resultaat"), (Act.DOWNLOAD, "")),
    Role.CLERK: ((Act.STATUS, ""), (Act.DOWNLOAD, ""), (Act.VIEW, "opmerkingen uit een peiling")),
    Role.ADMINISTRATOR: (
        (Act.RIGHTS, ""),
        (Act.SETTINGS, ""),
        (Act.INVITE, ""),
        (Act.VIEW, "lid"),
        (Act.VIEW, "leden"),
        (Act.VIEW, "logboek"),
        (Act.VIEW, "verstuurde berichten"),
        (Act.EXPORT, "logboek"),
    ),
}
