"""Which visits are written in the log: downloads, exports, and pages with what people answered or may do.

What somebody changes is written where it happens, in the same transaction; this is for what only is read.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, Final, NamedTuple

from allauth.account.adapter import get_adapter
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import ResolverMatch

from assessments.models import Adoption, Assessment
from organisations.log import context
from organisations.log.acts import Act, Result
from organisations.models import Membership, Organisation
from organisations.models.log import write

GetResponse = Callable[[HttpRequest], HttpResponseBase]


class Seen(NamedTuple):
    """What a visit is in the log."""

    act: Act
    what: str


LOGGED: Final[Mapping[str, Seen]] = MappingProxyType(
    {
        "assessments:guests": Seen(Act.VIEW, "gasten"),
        "assessments:progress": Seen(Act.VIEW, "voortgang per persoon"),
        "assessments:judgements": Seen(Act.VIEW, "bewijs en afspraken"),
        "assessments:judgement": Seen(Act.VIEW, "antwoorden en bewijs"),
        "assessments:lives": Seen(Act.VIEW, "verloop van antwoorden"),
        "assessments:thread": Seen(Act.VIEW, "gesprek"),
        "assessments:threads": Seen(Act.VIEW, "gesprekken"),
        "assessments:evidence_file": Seen(Act.DOWNLOAD, "bestand bij een vraag"),
        "assessments:workbook": Seen(Act.EXPORT, "werkblad"),
        "reports:offline_pdf": Seen(Act.EXPORT, "vragen op papier"),
        "reports:dashboard": Seen(Act.VIEW, "resultaat"),
        "reports:link": Seen(Act.VIEW, "resultaat van een schakel"),
        "reports:figure": Seen(Act.VIEW, "onderbouwing van een cijfer"),
        "reports:meeting_question": Seen(Act.VIEW, "antwoorden in het overleg"),
        "reports:minutes": Seen(Act.VIEW, "gespreksverslag"),
        "reports:minutes_pdf": Seen(Act.DOWNLOAD, "gespreksverslag"),
        "reports:pdf": Seen(Act.DOWNLOAD, "verslag"),
        "reports:document": Seen(Act.DOWNLOAD, "gegevens van het verslag"),
        "reports:survey_csv": Seen(Act.EXPORT, "uitkomst van een peiling"),
        "reports:survey_json": Seen(Act.EXPORT, "uitkomst van een peiling"),
        "surveys:remarks": Seen(Act.VIEW, "opmerkingen uit een peiling"),
        "surveys:sheets": Seen(Act.EXPORT, "aankondigingen met code"),
        "organisations:members": Seen(Act.VIEW, "leden"),
        "organisations:outbox": Seen(Act.VIEW, "verstuurde berichten"),
        "organisations:log": Seen(Act.VIEW, "logboek"),
        "organisations:log_csv": Seen(Act.EXPORT, "logboek"),
    }
)


class Subject(NamedTuple):
    """Whose log a visit is written in, and what it was about."""

    organisation: int | None
    words: str


NOTHING = Subject(None, "")


def log_visits(get_response: GetResponse) -> GetResponse:
    """Writes the visits of `LOGGED` in the log, also when they were refused; knows who visits all along."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        with context.visit(request, _whence(request)):
            response = get_response(request)
            _write(request, response.status_code)
        return response

    return middleware


def _whence(request: HttpRequest) -> str:
    try:
        return str(get_adapter().get_client_ip(request))
    except PermissionDenied:  # by a socket of this machine, without a proxy that says whose request it is
        return ""


def _write(request: HttpRequest, status: int) -> None:
    match = request.resolver_match
    seen = LOGGED.get(match.view_name) if match else None
    result = _result(status)
    if not (match and seen and result) or request.method not in ("GET", "HEAD"):
        return
    if not request.user.is_authenticated:
        return  # they were sent to the sign-in page and saw nothing
    subject = _subject(match, request)
    what = ", ".join(filter(None, [seen.what, subject.words, *map(str, _places(match))]))
    write(seen.act, what, organisation=subject.organisation, result=result)


def _result(status: int) -> Result | None:
    """How a visit ended; None for what showed nothing, such as a redirect."""
    if status in (200, 206):
        return Result.DONE
    if status in (403, 404):
        return Result.REFUSED
    return Result.FAILED if status >= 500 else None


def _places(match: ResolverMatch) -> list[object]:
    """What the address says of the place within a round: link, theme, question."""
    return [value for key, value in match.kwargs.items() if key not in ("pk", "slug", "audience")]


def _subject(match: ResolverMatch, request: HttpRequest) -> Subject:
    """The organisation and the thing that an address speaks of; at most one query."""
    if "slug" in match.kwargs:
        found = Organisation.objects.filter(slug=match.kwargs["slug"]).values_list("pk", flat=True).first()
        return Subject(found, "")
    if match.view_name == "organisations:members":
        mine = Membership.objects.filter(user=request.user.pk).values_list("organisation_id", flat=True)
        return Subject(mine.first(), "")
    if "pk" not in match.kwargs:
        return NOTHING
    if match.route.startswith("verslagen/"):
        return _round(Adoption.objects.filter(pk=match.kwargs["pk"]).values("assessment"))
    return _round([match.kwargs["pk"]])


def _round(keys: Any) -> Subject:
    rounds = Assessment.objects.filter(pk__in=keys)
    found = rounds.values_list("organisation_id", "title", "year").first()
    return Subject(found[0], f"{found[1]} {found[2]}") if found else NOTHING
