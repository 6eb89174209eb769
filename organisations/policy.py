"""Who may do what: every act with the roles that may do it. What does not stand here, nobody may.

The code asks this table and names no role itself (tests/test_policy.py). The page "Wie mag wat" and
docs/rechten.md print it (organisations/policy_text.py). No database and no Django here.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Final, NamedTuple

from organisations.roles import Role


class May(StrEnum):
    """An act that somebody in an organisation may do or not."""

    LEAD_ROUND = "lead_round"
    PREPARE = "prepare"
    OPEN = "open"
    CLOSE = "close"
    START_VALIDATION = "start_validation"
    ADOPT = "adopt"
    TO_COLLEGE = "to_college"
    OFFER = "offer"
    DISCUSS = "discuss"
    PUBLISH = "publish"
    ARCHIVE = "archive"
    REOPEN = "reopen"
    WITHDRAW = "withdraw"
    ANSWER = "answer"
    READ_ANSWERS = "read_answers"
    REMOVE_EVIDENCE = "remove_evidence"
    CHECK = "check"
    AGREE = "agree"
    READ_RUNNING = "read_running"
    READ_RESULTS = "read_results"
    READ_REPORT = "read_report"
    READ_ANNEX = "read_annex"
    HEAR_OF_REPORT = "hear_of_report"
    WRITE_REACTION = "write_reaction"
    READ_CHECK = "read_check"
    BRING_TO_COUNCIL = "bring_to_council"
    ANSWER_COUNCIL = "answer_council"
    PROPOSE_ACTION = "propose_action"
    LEAD_PLAN = "lead_plan"
    DO_ACTION = "do_action"
    VERIFY_ACTION = "verify_action"
    RETURN_ACTION = "return_action"
    LEAD_STAFF_SURVEY = "lead_staff_survey"
    LEAD_COUNCIL_SURVEY = "lead_council_survey"
    READ_STAFF_SURVEY = "read_staff_survey"
    READ_COUNCIL_SURVEY = "read_council_survey"
    SEE_MEMBERS = "see_members"
    READ_RIGHTS = "read_rights"
    MANAGE = "manage"
    READ_LOG = "read_log"
    KEEP = "keep"
    LEAVE = "leave"
    TAKE_ARCHIVE = "take_archive"
    TELL_PERSON = "tell_person"


class Rule(NamedTuple):
    """An act in words, who may do it, and what limits that or who else may."""

    words: str
    roles: tuple[Role, ...]
    only: str = ""


CONTRIBUTOR, COORDINATOR, VALIDATOR = Role.CONTRIBUTOR, Role.COORDINATOR, Role.VALIDATOR
EXECUTIVE, CLERK, ADMINISTRATOR = Role.EXECUTIVE, Role.CLERK, Role.ADMINISTRATOR

TABLE: Final[Mapping[str, Mapping[May, Rule]]] = MappingProxyType(
    {
        "Een ronde leiden": {
            May.LEAD_ROUND: Rule(
                "Een ronde opzetten, verdelen en volgen; gasten, jaarcijfers en oplegger", (COORDINATOR,)
            ),
            May.PREPARE: Rule("De voorbereiding afronden", (COORDINATOR,)),
            May.OPEN: Rule("De ronde openen", (COORDINATOR,)),
            May.CLOSE: Rule("De ronde sluiten", (COORDINATOR,)),
            May.START_VALIDATION: Rule("De validatie starten", (COORDINATOR,)),
            May.ADOPT: Rule("De resultaten vaststellen", (COORDINATOR,)),
            May.TO_COLLEGE: Rule("Het verslag naar het college sturen", (COORDINATOR,)),
            May.OFFER: Rule(
                "Het verslag aan de raad aanbieden",
                (COORDINATOR, EXECUTIVE),
                "na de reactie van het college en het akkoord van de griffier",
            ),
            May.DISCUSS: Rule("Vastleggen dat de raad het besprak", (CLERK,)),
            May.PUBLISH: Rule("Het verslag publiceren", (CLERK,)),
            May.ARCHIVE: Rule("De ronde archiveren", (COORDINATOR, CLERK)),
            May.REOPEN: Rule("De ronde heropenen voor een correctie", (COORDINATOR,), "met een reden"),
            May.WITHDRAW: Rule("De ronde intrekken", (COORDINATOR,), "met een reden"),
        },
        "Antwoorden": {
            May.ANSWER: Rule(
                "Vragen beantwoorden, bewijs toevoegen, indienen en overdragen",
                (CONTRIBUTOR,),
                "alleen vragen die aan u zijn gegeven; een gast ook, met een persoonlijke link",
            ),
            May.READ_ANSWERS: Rule(
                "Antwoorden, bewijs en gesprekken lezen, met namen",
                (COORDINATOR, VALIDATOR),
                "wie een vraag heeft, leest mee bij die vraag",
            ),
            May.REMOVE_EVIDENCE: Rule(
                "Bewijs van een ander verwijderen",
                (COORDINATOR,),
                "met een reden; wie het toevoegde kan het zelf zolang de ronde open is",
            ),
        },
        "Controleren en afspreken": {
            May.CHECK: Rule(
                "Vastleggen wat het bewijs laat zien, een antwoord teruggeven, een steekproef trekken",
                (VALIDATOR,),
                "niet bij een vraag die u zelf beantwoordde of waar u bewijs bij gaf",
            ),
            May.AGREE: Rule(
                "Een overleg opzetten en vastleggen welk niveau is afgesproken",
                (COORDINATOR,),
                "de antwoorden blijven zoals ze zijn",
            ),
        },
        "Resultaat en verslag": {
            May.READ_RUNNING: Rule("Het resultaat zien voor het is vastgesteld", (COORDINATOR, VALIDATOR)),
            May.READ_RESULTS: Rule(
                "Het vastgestelde resultaat en het verbeterplan lezen",
                (COORDINATOR, VALIDATOR, CONTRIBUTOR, EXECUTIVE),
            ),
            May.READ_REPORT: Rule(
                "Het vastgestelde verslag lezen en downloaden",
                (COORDINATOR, VALIDATOR, CONTRIBUTOR, EXECUTIVE, CLERK),
                "na publicatie leest iedereen het",
            ),
            May.READ_ANNEX: Rule("De vertrouwelijke bijlage lezen", (COORDINATOR, VALIDATOR)),
            May.HEAR_OF_REPORT: Rule("Zien dat een verslag op het college wacht", (EXECUTIVE,)),
            May.WRITE_REACTION: Rule(
                "De reactie van het college opschrijven",
                (COORDINATOR, EXECUTIVE),
                "zolang het verslag bij het college ligt",
            ),
            May.READ_CHECK: Rule(
                "De controle door de griffier lezen", (COORDINATOR, VALIDATOR, EXECUTIVE, CLERK)
            ),
            May.BRING_TO_COUNCIL: Rule(
                "Het verslag controleren en vastleggen wat de raad ermee deed", (CLERK,)
            ),
            May.ANSWER_COUNCIL: Rule(
                "Vragen van de raad en toezeggingen lezen en beantwoorden", (COORDINATOR, CLERK)
            ),
            May.TAKE_ARCHIVE: Rule(
                "Het archief van de organisatie downloaden",
                (COORDINATOR,),
                "er staat alles in, ook antwoorden; geen losse antwoorden uit een peiling",
            ),
        },
        "Verbeterplan": {
            May.PROPOSE_ACTION: Rule("Een actie voorstellen", (COORDINATOR, VALIDATOR, EXECUTIVE)),
            May.LEAD_PLAN: Rule(
                "Tot een actie besluiten, laten vervallen of een datum verzetten", (COORDINATOR, EXECUTIVE)
            ),
            May.DO_ACTION: Rule(
                "Een actie beginnen en gereed melden", (COORDINATOR,), "ook wie de actie in beheer heeft"
            ),
            May.VERIFY_ACTION: Rule("Verifiëren dat een actie is uitgevoerd", (VALIDATOR,)),
            May.RETURN_ACTION: Rule(
                "Een gereed gemelde actie terugzetten",
                (COORDINATOR, VALIDATOR),
                "ook wie de actie in beheer heeft",
            ),
        },
        "Peilingen": {
            May.LEAD_STAFF_SURVEY: Rule("De peiling onder medewerkers leiden", (COORDINATOR,)),
            May.LEAD_COUNCIL_SURVEY: Rule("De peiling onder raadsleden leiden", (CLERK,)),
            May.READ_STAFF_SURVEY: Rule(
                "De uitkomst van de peiling onder medewerkers lezen",
                (COORDINATOR, VALIDATOR, EXECUTIVE),
                "als de peiling dicht is; nooit losse antwoorden",
            ),
            May.READ_COUNCIL_SURVEY: Rule(
                "De uitkomst van de peiling onder raadsleden lezen",
                (COORDINATOR, VALIDATOR, EXECUTIVE),
                "als de griffier de uitkomst vrijgaf",
            ),
        },
        "De organisatie": {
            May.SEE_MEMBERS: Rule("Zien wie lid is, met welke rollen", (COORDINATOR, ADMINISTRATOR)),
            May.READ_RIGHTS: Rule(
                "Zien wie wat mag, en wanneer dat is nagekeken", (COORDINATOR, VALIDATOR, ADMINISTRATOR)
            ),
            May.MANAGE: Rule(
                "Leden, rollen, instellingen en huisstijl beheren; verstuurde berichten lezen",
                (ADMINISTRATOR,),
                "geen rol erbij voor uzelf; er blijft altijd één beheerder",
            ),
            May.READ_LOG: Rule(
                "Het logboek lezen en downloaden", (ADMINISTRATOR,), "er staan geen antwoorden in"
            ),
            May.KEEP: Rule(
                "Bewaartermijnen instellen, bewaren wegens een procedure, lezen wat is vernietigd",
                (ADMINISTRATOR,),
            ),
            May.LEAVE: Rule(
                "Het archief van de organisatie laten maken, en haar laten vertrekken",
                (ADMINISTRATOR,),
                "verdwijnen kan pas als het archief is gedownload",
            ),
            May.TELL_PERSON: Rule(
                "Iemand inzage geven in de eigen gegevens",
                (ADMINISTRATOR,),
                "de beheerder krijgt zelf geen antwoorden te zien; ieder lid haalt de eigen gegevens zelf op",
            ),
        },
    }
)
# Roles in which somebody can stand in for a while. Questions of a contributor are handed over instead.
LENT: Final = (COORDINATOR, VALIDATOR, EXECUTIVE, CLERK, ADMINISTRATOR)
RULES: Final[Mapping[May, Rule]] = MappingProxyType(
    {act: rule for group in TABLE.values() for act, rule in group.items()}
)


class Separation(NamedTuple):
    """What one person may not do together, how the portal holds them to it, and the test that shows it."""

    words: str
    how: str
    proof: str


SEPARATED: Final = (
    Separation(
        "Niemand controleert een eigen antwoord of eigen bewijs.",
        "Wie een vraag beantwoordde of er bewijs bij gaf, legt daar niet het onderbouwde niveau vast, ook "
        "niet als validator. De vraag wacht op een andere validator, of staat als niet gecontroleerd in het "
        "verslag.",
        "tests/test_separation.py",
    ),
    Separation(
        "Niemand verandert het antwoord van een ander.",
        "Een antwoord is van wie het gaf. De coördinator leest het en kan er een afgesproken niveau naast "
        "zetten, met een reden en zichtbaar in het verslag.",
        "tests/test_separation.py",
    ),
    Separation(
        "Het college verandert geen score.",
        "De resultaten zijn bevroren voor het college ze ziet. Het college schrijft er een reactie bij.",
        "tests/test_separation.py",
    ),
    Separation(
        "De beheerder leest geen antwoorden.",
        "Geen pagina met een antwoord, bewijs of gesprek bestaat voor wie alleen beheerder is, en in het "
        "logboek staan ze niet.",
        "tests/test_separation.py",
    ),
    Separation(
        "Niemand geeft zichzelf een recht.",
        "Een rol erbij, een latere laatste dag of een vervanging voor uzelf legt een andere beheerder vast.",
        "tests/test_members.py",
    ),
)


def holders(act: May) -> tuple[Role, ...]:
    """The roles that may do this; nobody when the table does not say so."""
    rule = RULES.get(act)
    return rule.roles if rule else ()


def may(roles: Iterable[str], act: May) -> bool:
    """Whether somebody who holds these roles may do this."""
    return bool(set(roles) & set(holders(act)))
