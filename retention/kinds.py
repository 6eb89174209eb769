"""What is kept how long, by kind of data: the default, its bounds and where they come from. Pure.

The periods are a proposal: which result of the selection list fits is for an organisation and its archivist
to say. So each can be set per organisation, within bounds that the method or the law needs.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Final


class Kind(StrEnum):
    """A kind of data that an organisation sets a period for; `rule` says what it is."""

    WORKING = "working"
    EVIDENCE = "evidence"
    GUESTS = "guests"
    UNUSED = "unused"
    RECORD = "record"
    INVITATIONS = "invitations"
    REVIEWS = "reviews"
    MAIL = "mail"
    LOG = "log"

    @property
    def rule(self) -> "Rule":
        return RULES[self]


SHORT: Final = "AVG, artikel 5 lid 1 onder e: niet langer dan nodig is."
ENDED: Final = "de dag dat de ronde is gearchiveerd of ingetrokken"
LIST: Final = "Selectielijst gemeenten en intergemeentelijke organen 2020"


@dataclass(frozen=True, slots=True)
class Rule:
    """`months` is the default, None for always; `since` is from when it counts."""

    title: str
    what: str
    since: str
    source: str
    months: int | None
    least: int
    most: int
    may_stay: bool = False  # whether "always" can be chosen
    law: str = SHORT

    def ground(self, months: int | None) -> str:
        """On what ground something is kept so long: `source` argues for the default alone."""
        if months == self.months:
            return self.source
        return f"{self.law} De organisatie stelde deze termijn zelf vast."

    def objection(self, months: int | None) -> str:
        """Why this period cannot be, in Dutch; empty when it can."""
        if months is None:
            return "" if self.may_stay else "Dit kan niet altijd blijven. Kies een termijn."
        if self.least <= months <= self.most:
            return ""
        return f"Kies {self.least} tot en met {self.most} maanden."


RULES: Final[Mapping[Kind, Rule]] = MappingProxyType(
    {
        Kind.WORKING: Rule(
            "Werkmateriaal van een ronde",
            "Antwoorden op naam met hun eerdere versies, gesprekken, overleggen, verdeling, oordelen van de "
            "validator en de vertrouwelijke bijlage. De uitkomsten, het verslag en de behandeling blijven.",
            ENDED,
            f"{SHORT} Vijf jaar: zo lang kan een volgende ronde of de rekenkamer ernaar vragen.",
            months=60,
            least=12,
            most=240,
        ),
        Kind.EVIDENCE: Rule(
            "Bewijsstukken bij vragen",
            "De bestanden en links die bij vragen zijn gelegd. Het zijn kopieën: het origineel hoort in uw "
            "zaaksysteem.",
            ENDED,
            f"{SHORT} Vijf jaar, gelijk met het werkmateriaal. Voor het origineel geldt uw selectielijst.",
            months=60,
            least=12,
            most=240,
        ),
        Kind.GUESTS: Rule(
            "Gegevens van gasten",
            "De persoonlijke link, het briefje en het e-mailadres van mensen van buiten. Hun naam blijft bij "
            "hun antwoorden tot ook die gaan.",
            ENDED,
            f"{SHORT} Een jaar: daarna hoeft u deze mensen niet meer te bereiken.",
            months=12,
            least=1,
            most=60,
        ),
        Kind.UNUSED: Rule(
            "Rondes zonder resultaat",
            "Een hele ronde die is ingetrokken voordat er iets was vastgesteld, met alles wat erin staat.",
            "de dag dat de ronde is ingetrokken",
            f"{SHORT} Een jaar: er is niets mee gedaan.",
            months=12,
            least=1,
            most=120,
        ),
        Kind.RECORD: Rule(
            "Verslag en verantwoording aan de raad",
            "Vastgestelde uitkomsten, het verslag met de PDF, de oplegger, de reactie van het college, de "
            "behandeling door de raad, toezeggingen en afgeronde verbeteracties. Met een termijn verdwijnt "
            "ook de openbare pagina, en kan niemand het verslag nog op echtheid controleren.",
            ENDED,
            f"{LIST}: stukken van de raad blijven in de regel bewaard. Zet dit pas korter als het verslag in "
            "uw archief (e-depot) staat en uw archivaris akkoord is.",
            months=None,
            least=60,
            most=600,
            may_stay=True,
            law=f"{LIST}.",
        ),
        Kind.INVITATIONS: Rule(
            "Uitnodigingen",
            "Naam, e-mailadres en rollen van wie is uitgenodigd. Wie lid werd, staat bij de leden.",
            "de dag dat de uitnodiging is aangenomen of verlopen",
            f"{SHORT} Drie maanden: daarna zegt het logboek genoeg.",
            months=3,
            least=1,
            most=24,
        ),
        Kind.REVIEWS: Rule(
            "Herzieningen van rechten",
            "Wie bij een jaarlijkse herziening welke rol had, met naam en e-mailadres, en wat is besloten. "
            "De laatste herziening blijft altijd.",
            "de dag van de herziening",
            f"{SHORT} Vijf jaar: zo ziet een auditor de laatste herzieningen naast elkaar.",
            months=60,
            least=24,
            most=120,
        ),
        Kind.MAIL: Rule(
            "Verstuurde berichten",
            "Aan wie het portaal een e-mail stuurde, waarover en wanneer. De tekst is dan al weg.",
            "de dag dat het bericht is geschreven",
            f"{SHORT} Een jaar: zo lang kunt u nagaan of iemand bericht kreeg.",
            months=12,
            least=3,
            most=60,
        ),
        Kind.LOG: Rule(
            "Logboek",
            "Wie wat deed, waarop en wanneer. Een regel die blijft, vertelt wat er is afgesloten, zodat de "
            "rest controleerbaar blijft.",
            "de dag van de regel; het gaat per hele maand",
            f"{SHORT} Drie jaar: zo lang is een incident of een misbruikt recht nog uit te zoeken. "
            "Minder dan een jaar kan niet.",
            months=36,
            least=12,
            most=120,
        ),
    }
)


@dataclass(frozen=True, slots=True)
class Fixed:
    """A kind of data whose period nobody sets here, and why."""

    title: str
    what: str
    period: str
    why: str


ACCOUNT_MONTHS: Final = 12
TASK_DAYS: Final = 30
PORTAL_LOG_MONTHS: Final = 36
FIXED: Final = (
    Fixed(
        "Losse antwoorden van een peiling",
        "Anonieme antwoorden en opmerkingen van medewerkers en raadsleden.",
        "Per peiling vastgelegd, meestal 6 maanden na de vaststelling.",
        "Dit is beloofd aan wie antwoordde. Niemand kan het nog langer maken, ook niet wegens een procedure.",
    ),
    Fixed(
        "Accounts van wie weg is",
        "Wachtwoord, tweede stap en e-mailadres van iemand die nergens meer lid is. De naam blijft bij wat "
        "diegene op naam schreef, tot dat ook gaat.",
        f"{ACCOUNT_MONTHS} maanden na de laatste keer inloggen.",
        "Een account hoort bij het hele portaal, niet bij één organisatie.",
    ),
    Fixed(
        "Logboek van het portaal zelf",
        "Inloggen door wie nergens lid is, het ophalen van eigen gegevens, en beheer van de installatie.",
        f"{PORTAL_LOG_MONTHS // 12} jaar. Is er een organisatie vertrokken, dan blijft het vanaf die dag.",
        "Dit hoort bij geen organisatie. De regel over een vertrek bewijst het logboek in haar archief.",
    ),
    Fixed(
        "Sessies en achtergrondtaken",
        "Wie nu is ingelogd, en wat er voor de schermen wordt klaargezet.",
        f"Een sessie 8 uur, een afgeronde taak {TASK_DAYS} dagen.",
        "Techniek. Hier komt geen verklaring van.",
    ),
    Fixed(
        "Verklaringen van vernietiging",
        "Wat er is vernietigd, hoeveel, op welke grond en wanneer. Er staan geen persoonsgegevens in.",
        "Altijd.",
        "Archiefbesluit, artikel 8: zo kunt u verantwoorden wat er niet meer is.",
    ),
)
