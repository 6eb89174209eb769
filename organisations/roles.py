"""The roles of people in an organisation; who may do what follows from these alone."""

from enum import StrEnum


class Role(StrEnum):
    """A role as it is stored; `label` is the word on the page."""

    CONTRIBUTOR = "contributor"
    COORDINATOR = "coordinator"
    VALIDATOR = "validator"
    EXECUTIVE = "executive"
    CLERK = "clerk"
    ADMINISTRATOR = "administrator"

    @property
    def label(self) -> str:
        return LABELS[self]

    @property
    def explanation(self) -> str:
        return EXPLANATIONS[self]


LABELS = {
    Role.CONTRIBUTOR: "functionaris",
    Role.COORDINATOR: "integriteitscoördinator",
    Role.VALIDATOR: "validator",
    Role.EXECUTIVE: "gemeentesecretaris of college",
    Role.CLERK: "griffier",
    Role.ADMINISTRATOR: "beheerder",
}
EXPLANATIONS = {
    Role.CONTRIBUTOR: "beantwoordt de vragen van de eigen thema's",
    Role.COORDINATOR: "zet een ronde op, verdeelt de thema's, volgt de voortgang en stelt vast",
    Role.VALIDATOR: "kijkt wat het bewijs laat zien",
    Role.EXECUTIVE: "ziet de vastgestelde resultaten, kan geen score veranderen",
    Role.CLERK: "ziet en downloadt de vastgestelde verslagen",
    Role.ADMINISTRATOR: "beheert leden en instellingen, ziet geen antwoorden",
}
# Who may change what others rely on signs in with more than a password.
WITH_SECOND_FACTOR = (Role.COORDINATOR, Role.VALIDATOR, Role.ADMINISTRATOR, Role.CLERK)
CHOICES = [(role.value, role.label) for role in Role]
