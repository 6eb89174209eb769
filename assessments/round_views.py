"""Rounds for whoever leads them: start, delegate, follow, and take the next step."""

from __future__ import annotations

from collections.abc import Iterable

from django.contrib import messages
from django.core.paginator import Paginator
from django.db import IntegrityError, transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone

from assessments import letters
from assessments.asked import Key
from assessments.forms import AssessmentForm, ReasonForm
from assessments.guests import letters as guest_letters
from assessments.models import Assessment, Assignment, Content, StepRefused, Thread
from assessments.models.sample import checklist_of
from assessments.progress import Known, PersonProgress, per_person, per_theme
from assessments.status import DELEGATING, LIFE, Status, steps_from, takers
from organisations.models import Organisation, User
from organisations.policy import May, may
from organisations.requests import signed_in
from organisations.signing.again import sign_in_again

PAGE = 25  # rounds on one page of the list

# Steps that fix results, bring them to the council or end the round: who takes one proves who they are.
WEIGHTY = (Status.ADOPTED, Status.SUBMITTED, Status.PUBLISHED, Status.WITHDRAWN)


def rounds(request: HttpRequest) -> HttpResponse:
    """All rounds that the user may know of, newest first."""
    user = signed_in(request)
    return render(
        request,
        "assessments/rounds.html",
        {
            "rounds": Paginator(Assessment.objects.visible_to(user).for_list(), PAGE).get_page(
                request.GET.get("pagina")
            ),
            "followed_rounds": set(Assessment.objects.followed_by(user).values_list("pk", flat=True)),
            "shown_rounds": set(Assessment.objects.results_visible_to(user).values_list("pk", flat=True)),
            "may_start": Organisation.objects.where_may(user, May.LEAD_ROUND).exists(),
        },
    )


def create(request: HttpRequest) -> HttpResponse:
    user = signed_in(request)
    if not Organisation.objects.where_may(user, May.LEAD_ROUND).exists():
        raise Http404
    form = AssessmentForm(request.POST or None, user=user, initial={"year": timezone.localdate().year})
    if request.method == "POST":
        form.instance.created_by = user
        if form.is_valid() and _saved(form):
            messages.success(request, f"{form.instance} is aangemaakt. Verdeel nu de thema's.")
            return redirect("assessments:delegation", form.instance.pk)
    return render(request, "assessments/edit.html", {"form": form}, status=422 if form.errors else 200)


def _saved(form: AssessmentForm) -> bool:
    """Saves the new round; a second click on the button, at the same moment, is told that it is there."""
    try:
        with transaction.atomic():
            form.save()
    except IntegrityError:
        form.add_error("title", "Er is al een ronde met deze naam in dit jaar.")
        return False
    return True


def edit(request: HttpRequest, pk: int) -> HttpResponse:
    user = signed_in(request)
    round_ = get_object_or_404(Assessment.objects.editable_by(user), pk=pk)
    if not round_.takes_delegation:
        return render(request, "assessments/fixed.html", {"round": round_}, status=409)
    form = AssessmentForm(request.POST or None, instance=round_, user=user)
    if request.method == "POST" and form.is_valid():
        try:
            round_.change(**form.cleaned_data)
        except StepRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, "De gegevens van de ronde zijn opgeslagen.")
            return redirect("assessments:detail", round_.pk)
    context = {"form": form, "round": round_}
    return render(request, "assessments/edit.html", context, status=422 if form.errors else 200)


def detail(request: HttpRequest, pk: int) -> HttpResponse:
    """Where a round stands: its life so far, who is how far, and the next step."""
    user = signed_in(request)
    round_ = get_object_or_404(Assessment.objects.followed_by(user).select_related("organisation"), pk=pk)
    roles = round_.roles_of(user)
    steps = steps_from(round_.status, roles)
    shows_judgements = round_.takes_judgements or round_.is_frozen
    history = list(round_.history.select_related("by"))
    return render(
        request,
        "assessments/detail.html",
        {
            "round": round_,
            "people": _people(round_),
            "life": LIFE,
            "passed": LIFE[: LIFE.index(Status(round_.status))] if round_.status in LIFE else [],
            "history": history,
            "step": next((step for step in steps if not step.needs_reason), None),
            "withdrawal": any(step.target == Status.WITHDRAWN for step in steps),
            "reopening": round_.is_frozen and any(step.target == Status.VALIDATION for step in steps),
            "correction": round_.correction,
            "is_public": any(change.target == Status.PUBLISHED for change in history),
            "leads": may(roles, May.LEAD_ROUND),
            "guests": may(roles, May.LEAD_ROUND) and round_.takes_judgements and round_.guest_passes.exists(),
            "validated": round_.evidencedlevels.count(),
            "shows_results": round_.status not in (Status.DRAFT, Status.PREPARED),
            "shows_council": round_.status not in DELEGATING,
            "checks": checklist_of(round_) if shows_judgements else None,
        },
    )


def _people(round_: Assessment) -> list[PersonProgress]:
    """Two queries."""
    given = _given(round_)
    answered = round_.answers.given().values_list("contributor_id", "question")
    return per_person(
        round_.content, given, answered, _names(given.values()), _handed_in(round_, given.values())
    )


def _given(round_: Assessment) -> dict[tuple[int, Key], Assignment]:
    """Who was given which themes and questions, with their names; one query."""
    return {(one.user_id, one.key): one for one in round_.assignments.select_related("user")}


def _names(given: Iterable[Assignment]) -> dict[int, str]:
    return {one.user_id: one.user.label for one in given}


def _handed_in(round_: Assessment, given: Iterable[Assignment]) -> set[tuple[int, Key]]:
    """What is handed in: by its person, or because the round closed."""
    begun = round_.status not in DELEGATING
    return {(one.user_id, one.key) for one in given if begun or one.handed_in_at}


def progress(request: HttpRequest, pk: int) -> HttpResponse:
    """Who answered what, question by question."""
    round_ = get_object_or_404(
        Assessment.objects.followed_by(signed_in(request)).select_related("organisation"), pk=pk
    )
    given = _given(round_)
    answers = list(round_.answers.select_related("contributor"))
    names = _names(given.values()) | {one.contributor_id: one.contributor.label for one in answers}
    choices = {(one.contributor_id, one.question): one.choice for one in answers if one.content != Content()}
    known = Known(
        handed_in=_handed_in(round_, given.values()),
        sent_back=_sent_back(round_),
        evidenced=dict(round_.evidencedlevels.values_list("question", "level")),
        is_closed=round_.status not in DELEGATING,
    )
    context = {
        "round": round_,
        "themes": per_theme(round_.content, given, choices, names, known),
        "has_begun": round_.status not in (Status.DRAFT, Status.PREPARED),
        "remarks": Thread.objects.counted(round_, [one.id for one in round_.content.questions]),
    }
    return render(request, "assessments/progress.html", context)


def _sent_back(round_: Assessment) -> set[tuple[int, str]]:
    """Whose answer on which question the validator waits for; one query in validation, or none."""
    if not round_.takes_judgements:
        return set()
    return set(round_.sent_back.open().values_list("contributor_id", "question"))


@sign_in_again(when=lambda target, **_: target in WEIGHTY)
def transition(request: HttpRequest, pk: int, target: str) -> HttpResponse:
    """Asks whether the step is meant, says what stands in its way, and takes it."""
    user = signed_in(request)
    round_ = get_object_or_404(Assessment.objects.visible_to(user).select_related("organisation"), pk=pk)
    step = round_.step_to(target, user)
    if step is None:
        return _no_step(request, round_, target)
    sent = request.POST if request.method == "POST" else None
    form = ReasonForm(sent, step.who_reads) if step.needs_reason else None
    refused: tuple[str, ...] = ()
    if request.method == "POST" and (form is None or form.is_valid()):
        try:
            with transaction.atomic():
                round_.take(step, user, form.cleaned_data["reason"] if form else "")
                letters.tell(round_, user)
                guest_letters.invite_waiting(round_, user)
        except StepRefused as refusal:
            refused = refusal.objections
        else:
            messages.success(request, f"{round_} is nu {Status(round_.status).label}.")
            return redirect(_onwards(round_, user))
    facts = round_.facts() if step.conditions else None
    context = {
        "round": round_,
        "step": step,
        "form": form,
        "refused": refused or (step.objections(facts) if facts else []),
        "facts": facts,
        "back": _back(round_, user),
    }
    status = 409 if refused else 422 if form and form.errors else 200
    return render(request, "assessments/transition.html", context, status=status)


def _no_step(request: HttpRequest, round_: Assessment, target: str) -> HttpResponse:
    """What was taken already, by a second click or a colleague, is told; anything else does not exist."""
    user = signed_in(request)
    if request.method != "POST" or round_.status != target or not takers(target) & round_.roles_of(user):
        raise Http404
    messages.info(request, f"{round_} is al {Status(round_.status).label}.")
    return redirect(_onwards(round_, user))


def _onwards(round_: Assessment, user: User) -> str:
    """Where a step leads: what was just adopted to its report, which then has its PDF made."""
    if round_.status == Status.ADOPTED and round_.adoption:
        return reverse("reports:report", args=[round_.adoption.pk])
    return _back(round_, user)


def _back(round_: Assessment, user: User) -> str:
    """The page about this round for someone who took, or did not take, a step."""
    if Assessment.objects.followed_by(user).filter(pk=round_.pk).exists():
        return reverse("assessments:detail", args=[round_.pk])
    if Assessment.objects.handled_by(user).filter(pk=round_.pk).exists():
        return reverse("reports:handling", args=[round_.pk])
    return reverse("reports:list")
