"""The remarks of a closed survey, for who leads it; and the end of its loose answers."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone

from chain.links import NAMES
from organisations.requests import signed_in
from organisations.signing.again import sign_in_again
from surveys.leading import Led, led_survey
from surveys.models import Destruction, Remark, RemarkChanged, Survey, SurveyRefused
from surveys.models.life import destroy, destroyed_from
from surveys.models.remark import WHOLE_CHAIN
from surveys.remark_forms import DecisionForm, PassedOnForm

PAGE = 20
NO_LINK = "keten"  # in the address, for remarks on no link
CHANGED = (
    "Iemand anders heeft over deze opmerking intussen iets besloten. Kijk nog eens; er is niets veranderd."
)


@dataclass(frozen=True, slots=True)
class Shown:
    """Which remarks the reader chose to see: `link` is a slug, "keten", or "" for all."""

    link: str
    new: bool

    @staticmethod
    def of(request: HttpRequest) -> Shown:
        link = request.GET.get("schakel", "")
        return Shown(link if link in (*NAMES, NO_LINK) else "", request.GET.get("toon") == "nieuw")

    @property
    def stored_link(self) -> str | None:
        """The link as remarks have it; none for all."""
        return None if not self.link else "" if self.link == NO_LINK else self.link

    def query(self, **other: str) -> str:
        asked = {"schakel": self.link, "toon": "nieuw" if self.new else ""} | other
        return "?" + urlencode({name: value for name, value in asked.items() if value})


@dataclass(frozen=True, slots=True)
class Card:
    """A remark with its forms; `passing` only for a report of wrongdoing."""

    remark: Remark
    link: str
    form: DecisionForm
    passing: PassedOnForm | None


def remarks(request: HttpRequest, pk: int, audience: str) -> HttpResponse:
    """The remarks, some on a page, each with what can be decided. A POST decides on one of them."""
    led, survey = led_survey(signed_in(request), pk, audience)
    if request.method != "POST":
        return _page(request, led, survey)
    remark = get_object_or_404(survey.remarks.select_related("group"), pk=_id(request.POST.get("remark", "")))
    passes = "pass_on" in request.POST
    form = PassedOnForm(remark, request.POST) if passes else DecisionForm(remark, request.POST)
    if not form.is_valid():
        return _page(request, led, survey, remark, form, 422)
    try:
        if passes:
            remark.pass_on(form.cleaned_data["to"], form.cleaned_data["on"])
        else:
            given = form.cleaned_data
            remark.decide(signed_in(request), given["was"], given["state"], given["masked"])
    except RemarkChanged:
        return _page(request, led, survey, remark, form, 409)
    messages.success(request, "Het doorgeven is opgeschreven." if passes else _done(remark))
    page = request.GET.get("pagina", "")
    return redirect(f"{request.path}{Shown.of(request).query(pagina=page)}#opmerking-{remark.pk}")


def _id(typed: str) -> UUID:
    try:
        return UUID(typed)
    except ValueError as wrong:
        raise Http404 from wrong


def _done(remark: Remark) -> str:
    return f"De opmerking heeft nu als stand: {Remark.State(remark.state).label}."


def _page(
    request: HttpRequest,
    led: Led,
    survey: Survey,
    at: Remark | None = None,
    bound: DecisionForm | PassedOnForm | None = None,
    status: int = 200,
) -> HttpResponse:
    """The page; `bound` is what was sent for the remark `at` and could not be taken."""
    shown = Shown.of(request)
    found = survey.remarks.for_reading(shown.stored_link, new=shown.new)
    page = Paginator(found, PAGE).get_page(request.GET.get("pagina"))
    there = list(page.object_list)
    if at:
        at.refresh_from_db(fields=["state", "passed_to", "passed_on"])
        there = [at, *(one for one in there if one != at)]
    cards = [_card(one, bound if one == at else None) for one in there]
    context = {
        "led": led,
        "survey": survey,
        "round": led.round,
        "shown": shown,
        "page": page,
        "cards": cards,
        "links": _links(survey, shown),
        "tally": survey.remarks.aggregate(every=Count("pk"), seen=Count("pk", filter=~Q(state="new"))),
        "destruction": Destruction.objects.filter(survey=survey).first(),
        "changed": CHANGED if status == 409 else "",
        "typed": bound.cleaned_data.get("masked", "") if bound and status == 409 else "",
    }
    return render(request, "surveys/remarks.html", context, status=status)


def _card(remark: Remark, bound: DecisionForm | PassedOnForm | None) -> Card:
    deciding = bound if isinstance(bound, DecisionForm) else DecisionForm(remark)
    passing = None
    if remark.state == Remark.State.REPORT:
        passing = bound if isinstance(bound, PassedOnForm) else PassedOnForm(remark)
    return Card(remark, _name(remark.link), deciding, passing)


def _name(link: str) -> str:
    return NAMES.get(link, WHOLE_CHAIN)


def _links(survey: Survey, shown: Shown) -> list[tuple[str, str, int, bool]]:
    """What can be chosen: where it leads, its name, how many remarks, and whether it is chosen; one query."""
    numbers = dict(survey.remarks.order_by().values_list("link").annotate(Count("pk")))
    found = [(Shown("", shown.new).query(), "Alle", sum(numbers.values()), not shown.link)]
    for link in (*NAMES, ""):
        if link in numbers:
            slug = link or NO_LINK
            found.append((Shown(slug, shown.new).query(), _name(link), numbers[link], shown.link == slug))
    return found


@sign_in_again()
def destruction(request: HttpRequest, pk: int, audience: str) -> HttpResponse:
    """When the loose answers go, and destroying them sooner; afterwards the statement that they are gone."""
    led, survey = led_survey(signed_in(request), pk, audience)
    status = 200
    if request.method == "POST" and request.POST.get("sure") == "yes":
        try:
            destroy(survey, signed_in(request))
        except SurveyRefused:
            status = 409
        else:
            messages.success(request, "De losse antwoorden en opmerkingen zijn vernietigd.")
            return redirect(reverse("surveys:destruction", args=[pk, audience]))
    elif request.method == "POST":
        status = 422
    context = {
        "led": led,
        "survey": survey,
        "round": led.round,
        "destruction": Destruction.objects.filter(survey=survey).select_related("by").first(),
        "destroyed_from": destroyed_from(survey),
        "unread": survey.remarks.filter(state=Remark.State.NEW).count(),
        "reports": survey.remarks.filter(state=Remark.State.REPORT, passed_on=None).count(),
        "unsure": status == 422,
        "today": timezone.localdate(),
    }
    return render(request, "surveys/destruction.html", context, status=status)
