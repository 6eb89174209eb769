"""Which visits are written in the log: downloads, exports, and pages with what people answered or may do.

What somebody changes is written where it happens, in the same transaction; this is for what only is read.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final, NamedTuple

from allauth.account.adapter import get_adapter
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import ResolverMatch

from assessments.models import Assessment
from integrity_portal.middleware import READING, one_writing
from organisations import walls
from organisations.log import context
from organisations.log.acts import Act, Result
from organisations.models import Invitation, Membership, Message, Organisation
from organisations.models.log import write

GetResponse = Callable[[HttpRequest], HttpResponseBase]


class Seen(NamedTuple):
    """What a visit is in the log."""

    act: Act
    what: str


LOGGED: Final[Mapping[str, Seen]] = MappingProxyType(
    {
        "assessments:guests": Seen(Act.VIEW, "gasten"),
        "assessments:guest_edit": Seen(Act.VIEW, "gast"),
        "assessments:progress": Seen(Act.VIEW, "voortgang per persoon"),
        "assessments:figures": Seen(Act.VIEW, "jaarcijfers met kleine aantallen"),
        "assessments:judgements": Seen(Act.VIEW, "bewijs en afspraken"),
        "assessments:judgement": Seen(Act.VIEW, "antwoorden en bewijs"),
        "assessments:sample": Seen(Act.VIEW, "steekproef"),
        "assessments:lives": Seen(Act.VIEW, "verloop van antwoorden"),
        "assessments:thread": Seen(Act.VIEW, "gesprek"),
        "assessments:threads": Seen(Act.VIEW, "gesprekken"),
        "assessments:evidence": Seen(Act.VIEW, "bewijs bij een vraag"),
        "assessments:evidence_file": Seen(Act.DOWNLOAD, "bestand bij een vraag"),
        "assessments:workbook": Seen(Act.EXPORT, "werkblad"),
        "reports:offline_pdf": Seen(Act.EXPORT, "vragen op papier"),
        "reports:dashboard": Seen(Act.VIEW, "resultaat"),
        "reports:covering_page": Seen(Act.VIEW, "voorbeeld van de oplegger"),
        "reports:link": Seen(Act.VIEW, "resultaat van een schakel"),
        "reports:figure": Seen(Act.VIEW, "onderbouwing van een cijfer"),
        "reports:meeting": Seen(Act.VIEW, "overleg"),
        "reports:meeting_question": Seen(Act.VIEW, "antwoorden in het overleg"),
        "reports:minutes": Seen(Act.VIEW, "gespreksverslag"),
        "reports:minutes_pdf": Seen(Act.DOWNLOAD, "gespreksverslag"),
        "reports:annex": Seen(Act.VIEW, "vertrouwelijke bijlage"),
        "reports:annex_pdf": Seen(Act.DOWNLOAD, "vertrouwelijke bijlage"),
        "reports:pdf": Seen(Act.DOWNLOAD, "verslag"),
        "reports:archive_pdf": Seen(Act.DOWNLOAD, "verslag voor het archief"),
        "reports:document": Seen(Act.DOWNLOAD, "gegevens van het verslag"),
        "reports:supplement": Seen(Act.DOWNLOAD, "aanvulling van het verslag"),
        "reports:csv": Seen(Act.DOWNLOAD, "gegevens van het verslag, per vraag"),
        "reports:sheet": Seen(Act.DOWNLOAD, "cijfers van het verslag"),
        "reports:brief_pdf": Seen(Act.DOWNLOAD, "oplegger"),
        "reports:letter": Seen(Act.DOWNLOAD, "raadsinformatiebrief"),
        "reports:proposal": Seen(Act.DOWNLOAD, "raadsvoorstel"),
        "reports:survey_csv": Seen(Act.EXPORT, "uitkomst van een peiling"),
        "reports:survey_json": Seen(Act.EXPORT, "uitkomst van een peiling"),
        "surveys:remarks": Seen(Act.VIEW, "opmerkingen uit een peiling"),
        "surveys:posters": Seen(Act.VIEW, "codes van groepen"),
        "surveys:sheets": Seen(Act.EXPORT, "aankondigingen met code"),
        "organisations:members": Seen(Act.VIEW, "leden"),
        "organisations:member": Seen(Act.VIEW, "lid"),
        "organisations:rights": Seen(Act.VIEW, "wie mag wat"),
        "organisations:review": Seen(Act.VIEW, "herziening van rechten"),
        "organisations:review_done": Seen(Act.VIEW, "herziening van rechten"),
        "organisations:outbox": Seen(Act.VIEW, "verstuurde berichten"),
        "organisations:log": Seen(Act.VIEW, "logboek"),
        "organisations:log_csv": Seen(Act.EXPORT, "logboek"),
        "retention:trial": Seen(Act.VIEW, "wat er vernietigd zou worden"),
        "retention:statement": Seen(Act.VIEW, "verklaring van vernietiging"),
    }
)
ELSEWHERE: Final = Seen(Act.VIEW, "andere pagina")  # of something that exists, to somebody who may not see it
# What an address may say of the place within a round or organisation. No other word of it comes in the log:
# some addresses hold a token.
PLACES: Final = (
    "audience",
    "link",
    "theme",
    "question",
    "group",
    "guest",
    "evidence",
    "action",
    "form",
    "role",
)
# Where the key in an address is not that of a round: the model whose organisation it belongs to.
OWNED: Final[Mapping[str, type[Membership | Invitation | Message]]] = MappingProxyType(
    {
        "organisations:member": Membership,
        "organisations:right": Membership,
        "organisations:substitute": Membership,
        "organisations:remove": Membership,
        "organisations:forget_factor": Membership,
        "organisations:resend": Invitation,
        "organisations:revoke": Invitation,
        "organisations:send_again": Message,
    }
)


class Subject(NamedTuple):
    """Whose log a visit is written in, and what it was about."""

    organisation: int | None
    words: str = ""


NOTHING: Final = Subject(None)  # what belongs to no organisation


def log_visits(get_response: GetResponse) -> GetResponse:
    """Writes the visits of `LOGGED` in the log, and those that were refused; knows who visits all along.

    It writes once the page is made, in a transaction of its own, so that nobody waits for a slow page. When
    it cannot be written, the page is not shown.
    """

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
    match, result = request.resolver_match, _result(request, status)
    if not match or not result:
        return
    seen = LOGGED.get(match.view_name)
    if seen is None and (result != Result.REFUSED or not {"pk", "slug"} & set(match.kwargs)):
        return  # before it is asked who visits: then no cache could keep a public page
    if not request.user.is_authenticated:
        return  # without an account they saw what is public, or the sign-in page
    with walls.everywhere():  # also of an organisation that the visitor may not see: it is told who tried
        subjects = _subjects(match, request)
    if seen is None and subjects == [NOTHING]:
        return  # what never was there
    act, page = seen or ELSEWHERE
    with one_writing(request):
        for subject in subjects:
            what = ", ".join(filter(None, [page, subject.words, *_places(match)]))
            write(act, what, organisation=subject.organisation, result=result)


def _result(request: HttpRequest, status: int) -> Result | None:
    """How a visit ended; None for what showed nothing, such as a redirect.

    A form that is not taken in shows the page as well; one that is writes its own entry.
    """
    if status in ((200, 206) if request.method in READING else (409, 422)):
        return Result.DONE
    if status in (403, 404):
        return Result.REFUSED
    return Result.FAILED if status >= 500 else None


def _places(match: ResolverMatch) -> list[str]:
    return [str(match.kwargs[name]) for name in PLACES if name in match.kwargs]


def _subjects(match: ResolverMatch, request: HttpRequest) -> list[Subject]:
    """The organisations and the thing that an address speaks of; one query."""
    if match.view_name == "organisations:members":
        shown = Membership.objects.visible_to(request.user).order_by("organisation")
        return [Subject(key) for key in shown.values_list("organisation", flat=True).distinct()] or [NOTHING]
    if "slug" in match.kwargs:
        found = Organisation.objects.filter(slug=match.kwargs["slug"]).values_list("pk", flat=True)
        return [Subject(key) for key in found] or [NOTHING]
    if "pk" not in match.kwargs:
        return [NOTHING]
    key = match.kwargs["pk"]
    if match.view_name in OWNED:
        rows = OWNED[match.view_name]._default_manager.filter(pk=key)
        return [Subject(one, str(key)) for one in rows.values_list("organisation", flat=True)] or [NOTHING]
    return _round(adoptions__pk=key) if _of_report(match) else _round(pk=key)


def _of_report(match: ResolverMatch) -> bool:
    return match.route.startswith("verslagen/")


def _round(**which: int) -> list[Subject]:
    rounds = Assessment.objects.filter(**which).values_list("organisation_id", "title", "year")
    return [Subject(organisation, f"{title} {year}") for organisation, title, year in rounds] or [NOTHING]
