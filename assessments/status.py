"""The life of a round as one table: from, to, who, and what must hold. Pure; the model obeys it."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum

from organisations.policy import May, holders


class Status(StrEnum):
    """A round's status as it is stored, in the order of its life; `label` is the word on the page."""

    DRAFT = "draft"
    PREPARED = "prepared"
    OPEN = "open"
    CLOSED = "closed"
    VALIDATION = "validation"
    ADOPTED = "adopted"
    EXECUTIVE = "executive"
    SUBMITTED = "submitted"
    DISCUSSED = "discussed"
    PUBLISHED = "published"
    ARCHIVED = "archived"
    WITHDRAWN = "withdrawn"

    @property
    def label(self) -> str:
        return LABELS[self]


LABELS = {
    Status.DRAFT: "concept",
    Status.PREPARED: "voorbereid",
    Status.OPEN: "open",
    Status.CLOSED: "gesloten",
    Status.VALIDATION: "in validatie",
    Status.ADOPTED: "vastgesteld",
    Status.EXECUTIVE: "in college",
    Status.SUBMITTED: "aangeboden",
    Status.DISCUSSED: "behandeld",
    Status.PUBLISHED: "gepubliceerd",
    Status.ARCHIVED: "gearchiveerd",
    Status.WITHDRAWN: "ingetrokken",
}
CHOICES = [(status.value, status.label) for status in Status]
LIFE = tuple(status for status in Status if status is not Status.WITHDRAWN)
DELEGATING = (Status.DRAFT, Status.PREPARED, Status.OPEN)
RUNNING = (Status.OPEN, Status.CLOSED, Status.VALIDATION)
FROZEN = LIFE[LIFE.index(Status.ADOPTED) :]


class Check(StrEnum):
    """How far the griffier's check of the report is."""

    MISSING = "missing"
    OPEN = "open"  # the griffier did not agree yet
    VOID = "void"  # something changed after it
    VALID = "valid"


@dataclass(frozen=True, slots=True)
class Facts:
    """What a round must know of itself to judge a step."""

    themes_without_people: int
    answers: int
    levels: int
    to_discuss: int
    unanswered: int  # questions without any answer
    unchecked: int  # questions with a level whose evidence nobody looked at
    sent_back: int  # answers that the validator still waits for
    people: int  # who were asked something
    handed_in: int  # those of them who handed in everything
    waiting: int = 0  # those of them who wait for a colleague's turn
    questions_without_people: tuple[str, ...] = ()  # ids, in themes of which others were given
    open_surveys: int = 0  # that still take answers
    # Of these two the facts are gathered only while the report lies with the college.
    reaction: bool = True  # of the college, on these results
    check: Check = Check.VALID
    # And this once the council treated it.
    file: bool = True  # the report's PDF is there, so it passed its check


class StepRefused(Exception):
    """A step or a delegation that cannot happen now; `objections` says why, in Dutch."""

    def __init__(self, *objections: str) -> None:
        super().__init__(" ".join(objections))
        self.objections = objections


UNCHECKED = {
    Check.MISSING: "De griffier heeft het verslag nog niet gecontroleerd. De griffier doet dat op ‘Griffie’.",
    Check.OPEN: "De griffier is nog niet akkoord. Wat er speelt, staat bij ‘Controle door de griffier’.",
    Check.VOID: (
        "Na de controle door de griffier is er iets veranderd. De griffier controleert opnieuw; wat er "
        "veranderde, staat bij ‘Controle door de griffier’."
    ),
}
Condition = Callable[[Facts], str | None]


def file_made(facts: Facts) -> str | None:
    if facts.file:
        return None
    return (
        "De PDF van het verslag is er nog niet. Zonder gecontroleerde PDF kunt u niet publiceren. "
        "Op de pagina van het verslag ziet u hoe het ervoor staat."
    )


def every_theme_delegated(facts: Facts) -> str | None:
    if facts.themes_without_people == 1:
        return "Eén thema is nog aan niemand gegeven."
    if facts.themes_without_people:
        return f"{facts.themes_without_people} thema's zijn nog aan niemand gegeven."
    return None


def every_question_delegated(facts: Facts) -> str | None:
    ids = ", ".join(facts.questions_without_people)
    if len(facts.questions_without_people) == 1:
        return f"Eén vraag is nog aan niemand gegeven: {ids}."
    if ids:
        return f"{len(facts.questions_without_people)} vragen zijn nog aan niemand gegeven: {ids}."
    return None


def something_answered(facts: Facts) -> str | None:
    return None if facts.answers else "Er is nog geen enkele vraag beantwoord."


def something_to_adopt(facts: Facts) -> str | None:
    return None if facts.levels else "Geen enkele vraag heeft een niveau, dus er is niets om vast te stellen."


def college_reacted(facts: Facts) -> str | None:
    if facts.reaction:
        return None
    return "Het college reageerde nog niet op deze resultaten. Dat doet u bij ‘Reactie van het college’."


def clerk_agreed(facts: Facts) -> str | None:
    return UNCHECKED.get(facts.check)


@dataclass(frozen=True, slots=True)
class Transition:
    """One step: who may take it, what must hold, and the words that ask for it."""

    source: Status
    target: Status
    may: May
    verb: str
    consequence: str
    conditions: tuple[Condition, ...] = ()
    needs_reason: bool = False
    who_reads: str = ""  # said where the reason is typed

    @property
    def roles(self) -> tuple[str, ...]:
        return holders(self.may)

    def objections(self, facts: Facts) -> list[str]:
        """Why the step cannot be taken now, in Dutch; empty when it can."""
        return [objection for condition in self.conditions if (objection := condition(facts))]


_STEPS = (
    Transition(
        Status.DRAFT,
        Status.PREPARED,
        May.PREPARE,
        "Rond de voorbereiding af",
        "De ronde staat daarna klaar om te openen. U kunt de verdeling nog aanpassen.",
        (every_theme_delegated, every_question_delegated),
    ),
    Transition(
        Status.PREPARED,
        Status.OPEN,
        May.OPEN,
        "Open de ronde",
        "Iedereen met een thema kan daarna vragen beantwoorden. Dit kunt u niet terugdraaien.",
        (every_theme_delegated, every_question_delegated),
    ),
    Transition(
        Status.OPEN,
        Status.CLOSED,
        May.CLOSE,
        "Sluit de ronde",
        "Niemand kan daarna nog een antwoord geven of veranderen. Dit kunt u niet terugdraaien.",
        (something_answered,),
    ),
    Transition(
        Status.CLOSED,
        Status.VALIDATION,
        May.START_VALIDATION,
        "Start de validatie",
        "De validator kan daarna per vraag vastleggen wat het bewijs laat zien. Lopen antwoorden "
        "ver uiteen, dan kunt u samen een niveau afspreken.",
    ),
    Transition(
        Status.VALIDATION,
        Status.ADOPTED,
        May.ADOPT,
        "Stel de resultaten vast",
        "De resultaten worden berekend en bevroren. Niemand kan ze daarna veranderen, ook het college niet.",
        (something_to_adopt,),
    ),
    Transition(
        Status.ADOPTED,
        Status.EXECUTIVE,
        May.TO_COLLEGE,
        "Stuur naar het college",
        "U legt vast dat het verslag bij het college ligt. De scores blijven zoals ze zijn.",
    ),
    Transition(
        Status.EXECUTIVE,
        Status.SUBMITTED,
        May.OFFER,
        "Bied aan de raad aan",
        "Het verslag gaat naar de griffie voor de agenda van de raad. Wat erin staat, ligt daarna vast.",
        (college_reacted, clerk_agreed),
    ),
    Transition(
        Status.SUBMITTED,
        Status.DISCUSSED,
        May.DISCUSS,
        "Leg vast dat de raad het besprak",
        "De ronde staat daarna als behandeld in het overzicht.",
    ),
    Transition(
        Status.DISCUSSED,
        Status.PUBLISHED,
        May.PUBLISH,
        "Publiceer",
        "Iedereen kan het verslag daarna lezen, zonder account, op de openbare pagina van uw organisatie.",
        (file_made,),
    ),
    Transition(
        Status.PUBLISHED,
        Status.ARCHIVED,
        May.ARCHIVE,
        "Archiveer",
        "De ronde is klaar. U kunt alles blijven lezen.",
    ),
)
STOPPED = (
    "De ronde stopt. Wat is ingevuld blijft bewaard, maar telt nergens mee. Dit kunt u niet terugdraaien."
)
TOLD = (
    "Het verslag blijft te lezen, met erbij dat en waarom het is ingetrokken. Dit kunt u niet terugdraaien."
)
REOPENED = (
    "De ronde gaat terug naar de validatie. Coördinator en validator kunnen dan niveaus aanpassen. Alle "
    "anderen blijven het verslag lezen dat er nu ligt. Stelt u opnieuw vast, dan komt er een volgende versie "
    "naast, met uw reden erin. Het college reageert dan opnieuw en de griffier controleert opnieuw. Dit kunt "
    "u niet terugdraaien."
)
READ_BY_ALL = (
    "Wie het verslag leest, leest ook deze reden. Is het verslag openbaar, dan staat de reden op de openbare "
    "pagina, precies zoals u hem typt. Noem geen namen en beschrijf geen zaken."
)
READ_IN_REPORT = (
    "Deze reden komt in de nieuwe versie van het verslag en wordt dus openbaar, precies zoals u hem typt. "
    "Noem geen namen en beschrijf geen zaken."
)
# The only side exit; what is archived stays.
_WITHDRAWALS = tuple(
    Transition(
        status,
        Status.WITHDRAWN,
        May.WITHDRAW,
        "Trek de ronde in",
        TOLD if status in FROZEN else STOPPED,
        needs_reason=True,
        # In validation too: what is corrected has a report already.
        who_reads=READ_BY_ALL if status in (Status.VALIDATION, *FROZEN) else "",
    )
    for status in LIFE[:-1]
)
# What was adopted is looked at again: a next version, beside the earlier one, which stays to be read.
_CORRECTIONS = tuple(
    Transition(
        status,
        Status.VALIDATION,
        May.REOPEN,
        "Heropen voor een correctie",
        REOPENED,
        needs_reason=True,
        who_reads=READ_IN_REPORT,
    )
    for status in FROZEN
    if status is not Status.ARCHIVED
)
TRANSITIONS = _STEPS + _CORRECTIONS + _WITHDRAWALS


def steps_from(status: str, roles: Iterable[str]) -> list[Transition]:
    """The steps that someone with these roles may ask for, the natural one first."""
    held = set(roles)
    return [step for step in TRANSITIONS if step.source == status and held & set(step.roles)]


def takers(target: str) -> set[str]:
    """The roles that may bring a round to this status from some other."""
    return {role for step in TRANSITIONS if step.target == target for role in step.roles}
