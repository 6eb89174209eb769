"""The check page, for anybody and without an account: is this the report that was offered to the council?

What is sent is looked at and not kept. Whatever the answer, no cache keeps it.
"""

from __future__ import annotations

import re
from threading import BoundedSemaphore

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from reports.recognising import LIBRARY, Known, by_code, by_sum, recognised
from reports.verify_forms import CodeForm, FileForm
from reports.verifying.findings import Unreadable
from reports.verifying.opening import opened
from reports.verifying.verdict import verify as verdict_of
from reports.verifying.wording import seal_lines
from surveys.attempts import note_wrong, too_many

CODES, FILES = "reports.wrong-codes", "reports.checked-files"
MOST_FILES = 60  # in five minutes, of all together: each takes a second or two of a processor
BUSY = "Er worden nu te veel verslagen gecontroleerd. Probeer het over vijf minuten weer."
_turn = BoundedSemaphore(1)  # of this process
QUEUE = 20  # seconds


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def verify(request: HttpRequest) -> HttpResponse:
    """Asks for a code or a file. A POST has one of them, or the SHA-256 that a script made of a file."""
    if "sha256" in request.POST:
        return _of_sum(request.POST["sha256"])
    if request.method == "POST" and "code" not in request.POST:
        return _of_file(request)
    form = CodeForm(request.POST if request.method == "POST" else None)
    if form.is_bound:
        if too_many(CODES):
            form.add_error("code", BUSY)
        elif form.is_valid():
            return redirect("reports:verify_code", form.known.edition.code)
        else:
            note_wrong(CODES)
    return _page(request, form, FileForm())


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD"])
def verify_code(request: HttpRequest, code: str) -> HttpResponse:
    """What is true of the report with this code; of an unknown code, where to find the right one."""
    if too_many(CODES):
        form = CodeForm({"code": code})
        form.add_error("code", BUSY)
        return _page(request, form, FileForm())
    known = by_code(code)
    if known is None:
        note_wrong(CODES)
        context = {"code": code[:40], "form": CodeForm()}
        return render(request, "reports/verify/unknown.html", context, status=404)
    if code != known.edition.code:
        return redirect("reports:verify_code", known.edition.code)
    return render(request, "reports/verify/code.html", {"known": known, "file_form": FileForm()})


def _page(request: HttpRequest, form: CodeForm, file_form: FileForm) -> HttpResponse:
    refused = (form.is_bound and form.errors) or (file_form.is_bound and file_form.errors)
    context = {"form": form, "file_form": file_form}
    return render(request, "reports/verify/ask.html", context, status=422 if refused else 200)


def _of_sum(sum_: str) -> HttpResponse:
    """For the script: whether a checksum is of something that was offered to a council, and its address."""
    known = by_sum(sum_) if re.fullmatch(r"[0-9a-f]{64}", sum_) else None
    return JsonResponse(_told(known, sum_) if known else {"known": False})


def _told(known: Known, sum_: str) -> dict[str, object]:
    return {
        "known": True,
        "of": known.sums.get(sum_, ""),
        "title": f"{known.title} van {known.edition.adoption.assessment.organisation.name}",
        "version": known.edition.adoption.number,
        "told": known.told,
        "address": reverse("reports:verify_code", args=[known.edition.code]),
    }


def _of_file(request: HttpRequest) -> HttpResponse:
    form = FileForm(request.POST, request.FILES)
    if not form.is_valid():
        return _page(request, CodeForm(), form)
    if too_many(FILES, MOST_FILES) or not _turn.acquire(timeout=QUEUE):
        form.add_error("file", BUSY)
        return _page(request, CodeForm(), form)
    note_wrong(FILES)
    try:
        verdict = verdict_of(opened(form.cleaned_data["file"].read(), settings.SEAL_ROOTS), LIBRARY)
    except Unreadable as refusal:
        form.add_error("file", f"Wij kunnen dit bestand niet controleren: {refusal}.")
        return _page(request, CodeForm(), form)
    finally:
        _turn.release()
    known, same = recognised(verdict)
    seals = [list(seal_lines(seal)) for seal in verdict.seals]
    context = {"verdict": verdict, "known": known, "same": same, "seals": seals}
    return render(request, "reports/verify/result.html", context)
