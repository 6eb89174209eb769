"""Working without a connection: what to take along, and reading the workbook back."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from assessments.delegating.proposals import Fate, Proposal, accepted, proposals, that_fit
from assessments.offline.forms import WorkbookForm
from assessments.offline.pack import Pack, own_pack, pack_of
from assessments.offline.workbook import write
from assessments.offline.workbook.reading import EXCEL
from organisations.requests import signed_in

OTHER_CONTENT = "De vragenlijst is intussen vervangen. Er is niets opgeslagen. Download het werkblad opnieuw."


def offline(request: HttpRequest, pk: int) -> HttpResponse:
    """What there is to download, and where the workbook comes back."""
    pack = own_pack(signed_in(request), pk)
    return _offline(request, pack, WorkbookForm(pack))


def _offline(request: HttpRequest, pack: Pack, form: WorkbookForm) -> HttpResponse:
    context = {
        "round": pack.round,
        "pack": pack,
        "links": [(link, len(mine)) for link, mine in pack.pages.by_link()],
        "form": form if pack.is_open else None,
    }
    return render(request, "assessments/offline.html", context, status=422 if form.is_bound else 200)


@require_safe
def workbook(request: HttpRequest, pk: int) -> HttpResponse:
    """The workbook: of all questions or of one link, one's own or for somebody without a connection."""
    person, link = request.GET.get("persoon", ""), request.GET.get("schakel", "")
    pack = pack_of(signed_in(request), pk, person, link)
    response = HttpResponse(write(pack.pages), content_type=EXCEL.content_type)
    response["Content-Disposition"] = content_disposition_header(True, f"{pack.file_name}.xlsx") or ""
    response["Cache-Control"] = "no-store"
    return response


def read_back(request: HttpRequest, pk: int) -> HttpResponse:
    """A workbook that is sent gives the preview and stores nothing; what is confirmed there is saved."""
    pack = own_pack(signed_in(request), pk)
    if request.method != "POST":
        return redirect("assessments:offline", pk)
    if "confirm" in request.POST:
        return _confirm(request, pack)
    form = WorkbookForm(pack, request.POST, request.FILES)
    if not form.is_valid():
        return _offline(request, pack, form)
    found = proposals(form.filled, pack)
    unchanged = len(form.filled.rows) - len(found)
    return _preview(request, pack, found, {"unchanged": unchanged, "remarks": form.filled.remarks})


def _preview(
    request: HttpRequest, pack: Pack, found: list[Proposal], more: dict[str, object], status: int = 200
) -> HttpResponse:
    offered = [one for one in found if one.is_offered]
    fitting = that_fit(offered)
    shown = [*fitting, *(one for one in found if not one.is_offered)]
    groups = [(fate, [one for one in shown if one.fate is fate]) for fate in Fate]
    context = {
        "round": pack.round,
        "groups": [(fate, ones) for fate, ones in groups if ones],
        "offered": len(fitting),
        "later": len(offered) - len(fitting),
    }
    return render(request, "assessments/read_back.html", context | more, status=status)


def _confirm(request: HttpRequest, pack: Pack) -> HttpResponse:
    if request.POST.get("questionnaire") != pack.round.questionnaire_id:
        messages.error(request, OTHER_CONTENT)
        return redirect("assessments:offline", pack.round.pk)
    done = list(accepted(request.POST, pack))
    left = [one for _, one in done if one]
    saved = len(done) - len(left)
    if left:
        return _preview(request, pack, left, {"saved": saved}, status=409)
    if saved:
        said = "1 antwoord is" if saved == 1 else f"{saved} antwoorden zijn"
        messages.success(request, f"{said} uit het werkblad opgeslagen.")
    else:
        messages.info(request, "Er is niets veranderd.")
    return redirect("assessments:questions", pack.round.pk)
