"""Working without a connection: what to take along, and reading the workbook back."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from assessments.delegating.proposals import Fate, Proposal, accepted, kept, proposals, that_fit
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
        "refused": len(found) - len(offered),
    }
    return render(request, "assessments/read_back.html", context | more, status=status)


def _confirm(request: HttpRequest, pack: Pack) -> HttpResponse:
    if request.POST.get("questionnaire") != pack.round.questionnaire_id:
        messages.error(request, OTHER_CONTENT)
        return redirect("assessments:offline", pack.round.pk)
    done = list(accepted(request.POST, pack))
    left = [one for _, one in done if one]
    saved, stays, refused = len(done) - len(left), kept(request.POST, pack), _refused(request)
    if left:
        refused += sum(not one.is_offered for one in left)
        more: dict[str, object] = {"saved": saved, "kept": stays, "refused": refused}
        return _preview(request, pack, left, more, status=409)
    said = _closing(saved, stays, refused)
    messages.add_message(request, messages.SUCCESS if saved else messages.INFO, said)
    return redirect("assessments:questions", pack.round.pk)


def _refused(request: HttpRequest) -> int:
    """How many the preview had that could not be taken over, as its form says."""
    said = request.POST.get("refused", "")
    return int(said) if said.isdecimal() and len(said) <= 3 else 0


def _closing(saved: int, stays: int, refused: int) -> str:
    """What became of the workbook: how many were saved, kept the stored answer and were refused."""
    said = ["Er is niets veranderd."]
    if saved:
        answers = "1 antwoord is" if saved == 1 else f"{saved} antwoorden zijn"
        said = [f"{answers} uit het werkblad opgeslagen."]
    if stays:
        said.append(f"Bij {_questions(stays)} blijft staan wat in het portaal staat.")
    if refused:
        could = "kon" if refused == 1 else "konden"
        said.append(f"{_questions(refused)} uit het werkblad {could} niet worden overgenomen.")
    return " ".join(said)


def _questions(count: int) -> str:
    return "1 vraag" if count == 1 else f"{count} vragen"
