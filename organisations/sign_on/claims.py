"""What a provider's word about somebody means: who they are, and which roles they have."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from organisations.policy import May, holders

Claims = Mapping[str, Any]
EMAIL_LIMIT = 254  # characters, as an account keeps them


class Shape(StrEnum):
    """How a provider tells things, where the standard leaves it open."""

    ENTRA = "entra"
    GENERIC = "generic"
    SAML = "saml"

    @property
    def label(self) -> str:
        return LABELS[self]


LABELS = {
    Shape.ENTRA: "Microsoft Entra ID",
    Shape.GENERIC: "Andere aanbieder (OpenID Connect)",
    Shape.SAML: "SAML 2.0",
}


class Refusal(StrEnum):
    """Why somebody does not get in; `words` is what they read."""

    STALE = "stale"
    CANCELLED = "cancelled"
    UNREACHABLE = "unreachable"
    PROVIDER = "provider"
    TOKEN = "token"
    LEVEL = "level"
    OVERAGE = "overage"
    ADDRESS = "address"
    UNKNOWN = "unknown"
    BY_LINK = "by_link"
    ELSEWHERE = "elsewhere"
    OTHER_ACCOUNT = "other_account"
    INACTIVE = "inactive"
    NO_ROLE = "no_role"
    TOO_OFTEN = "too_often"

    @property
    def words(self) -> str:
        return WORDS[self]


WORDS = {
    Refusal.STALE: "Deze inlogpoging is verlopen, of begon in een ander venster. Begin opnieuw.",
    Refusal.CANCELLED: "U hebt het inloggen bij uw organisatie afgebroken.",
    Refusal.UNREACHABLE: "De inlogdienst van uw organisatie antwoordt niet. Probeer het straks nog eens.",
    Refusal.PROVIDER: "De inlogdienst van uw organisatie kon u niet inloggen. Vraag het aan uw beheerder.",
    Refusal.TOKEN: "Wat de inlogdienst van uw organisatie over u zegt, klopt niet. Daarom laten wij u niet "
    "binnen. Begin opnieuw, en vraag uw beheerder als het weer gebeurt.",
    Refusal.LEVEL: "Uw organisatie wil dat u met een tweede stap inlogt, en dat is niet gebeurd. Log bij uw "
    "organisatie in met de tweede stap.",
    Refusal.OVERAGE: "U zit in te veel groepen: de inlogdienst noemt ze niet meer. Uw beheerder kan de "
    "dienst alleen de groepen van het portaal laten noemen.",
    Refusal.ADDRESS: "Het e-mailadres dat uw organisatie doorgeeft, is er geen dat hier mag inloggen.",
    Refusal.UNKNOWN: "U bent nog geen lid. Vraag de beheerder van uw organisatie om een uitnodiging.",
    Refusal.BY_LINK: "Met uw e-mailadres is hier al iemand bekend. Open de link in uw uitnodiging: dan weten "
    "wij dat het adres van u is.",
    Refusal.ELSEWHERE: "U hoort niet alleen bij deze organisatie. Eén organisatie kan u daarom niet "
    "inloggen: gebruik uw wachtwoord en uw tweede stap.",
    Refusal.OTHER_ACCOUNT: "Dit e-mailadres hoort hier bij een ander account van uw organisatie. Vraag uw "
    "beheerder om de koppeling los te maken.",
    Refusal.INACTIVE: "Uw account in het portaal is gesloten. Vraag het aan de beheerder van uw organisatie.",
    Refusal.NO_ROLE: "Uw organisatie geeft u geen rol in het portaal. Vraag het aan uw beheerder.",
    Refusal.TOO_OFTEN: "Dit was te vaak achter elkaar. Wacht een paar minuten.",
}


class Refused(Exception):
    """Somebody who does not get in. `detail` is for the log and the administrator, and holds no secret."""

    def __init__(self, refusal: Refusal, detail: str = "") -> None:
        super().__init__(f"{refusal}: {detail}" if detail else refusal.value)
        self.refusal, self.detail = refusal, detail


@dataclass(frozen=True, slots=True)
class Rules:
    """What an organisation asks of its provider's word."""

    shape: Shape
    domains: frozenset[str]
    level: str = ""  # the values that prove a second factor, with spaces between them; empty: none is asked
    claim: str = ""  # the claim that names groups or roles
    roles: Mapping[str, Collection[str]] = field(default_factory=dict)  # role -> values of that claim

    @property
    def managed(self) -> frozenset[str]:
        """The roles that the provider gives and takes; the others are given in the portal."""
        return frozenset(role for role, values in self.roles.items() if values)


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody as their organisation's provider knows them."""

    subject: str
    email: str
    name: str
    roles: frozenset[str]
    is_strong: bool  # a second factor was asked and given
    signed_in_at: int | None = None  # seconds since 1970, when the provider says so


def person(claims: Claims, rules: Rules) -> Person:
    """Who this is by a token that was verified. Raises Refused."""
    if rules.level and not _has_level(claims, rules):
        raise Refused(Refusal.LEVEL, f"{_level_claim(rules.shape)} is niet {rules.level}")
    email = _email(claims, rules)
    name = claims.get("name")
    at = claims.get("auth_time")
    return Person(
        subject=claims["sub"],
        email=email,
        name=" ".join(name.split())[:120] if isinstance(name, str) and name.isprintable() else "",
        roles=_roles(claims, rules),
        is_strong=bool(rules.level),
        signed_in_at=at if isinstance(at, int) else None,
    )


def asked(rules: Rules) -> dict[str, Any]:
    """The parameters by which a provider is asked for the level; empty when none is."""
    if not rules.level:
        return {}
    if rules.shape is Shape.GENERIC:
        return {"acr_values": rules.level}
    # Entra ID calls it an authentication context, and takes one (learn.microsoft.com, "Developer guide to
    # Conditional Access authentication context").
    return {"claims": {"id_token": {"acrs": {"essential": True, "value": rules.level.split()[0]}}}}


def changed(held: AbstractSet[str], person: Person, rules: Rules, *, is_last_administrator: bool) -> set[str]:
    """The roles after a sign-in: what the provider manages as it says, the rest as it was.

    The last administrator stays one, whatever the provider says: nobody could give the role back.
    """
    roles = (set(held) - rules.managed) | person.roles
    return roles | (set(held) & set(holders(May.MANAGE)) if is_last_administrator else set())


def domain_of(email: str) -> str:
    """What stands behind the @, in lower case."""
    return email.rpartition("@")[2].strip().lower()


def _level_claim(shape: Shape) -> str:
    return "acrs" if shape is Shape.ENTRA else "acr"


def _has_level(claims: Claims, rules: Rules) -> bool:
    return bool(set(_texts(claims.get(_level_claim(rules.shape)))) & set(rules.level.split()))


def _email(claims: Claims, rules: Rules) -> str:
    """The address, in lower case. Entra ID's is the name one signs in by: its `email` anybody may fill in."""
    names = ("preferred_username", "upn") if rules.shape is Shape.ENTRA else ("email",)
    email = next((claims[name] for name in names if isinstance(claims.get(name), str)), "").strip().lower()
    if not _is_plain(email) or domain_of(email) not in rules.domains:
        raise Refused(Refusal.ADDRESS, f"domein {domain_of(email)[:80] or 'ontbreekt'}")
    if claims.get("email_verified", True) not in (True, "true"):
        raise Refused(Refusal.ADDRESS, "email_verified is onwaar")
    return email


def _is_plain(email: str) -> bool:
    """Whether it is one address and fits an account: white space in it would go on into mail."""
    before, at, _ = email.partition("@")
    is_one = bool(before and at) and email.count("@") == 1 and len(email) <= EMAIL_LIMIT
    return is_one and email.isprintable() and not any(map(str.isspace, email))


def _roles(claims: Claims, rules: Rules) -> frozenset[str]:
    """The roles that the claim gives. Entra ID leaves groups out when there are more than 200 of them."""
    if not rules.managed:
        return frozenset()
    names = claims.get("_claim_names")
    if rules.claim not in claims and isinstance(names, Mapping) and rules.claim in names:
        raise Refused(Refusal.OVERAGE, rules.claim)
    values = set(_texts(claims.get(rules.claim)))
    return frozenset(role for role, wanted in rules.roles.items() if values & set(wanted))


def _texts(value: object) -> Iterable[str]:
    """A claim that is a text or a list of them."""
    if isinstance(value, str):
        return [value]
    return [one for one in value if isinstance(one, str)] if isinstance(value, list) else []
