"""Pages about people: members, inviting them, and accepting an invitation."""

from __future__ import annotations

from allauth.account.internal.flows.login import perform_password_login
from allauth.account.models import Login
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from organisations import letters, walls
from organisations.forms import AcceptForm, InvitationForm, MembershipForm, OrganisationForm
from organisations.log.acts import Act
from organisations.models import (
    Invitation,
    InvitationGone,
    Membership,
    Message,
    Organisation,
    RightRefused,
    SignOn,
    User,
    by_name,
)
from organisations.models.log import write
from organisations.requests import signed_in
from organisations.signing.again import sign_in_again


def members(request: HttpRequest) -> HttpResponse:
    """The members of each organisation that the user manages or coordinates."""
    user = signed_in(request)
    memberships = sorted(
        Membership.objects.visible_to(user).for_members_page(),
        key=lambda member: (member.organisation.name, member.organisation_id, by_name(member.user.name)),
    )
    managed = list(Organisation.objects.editable_by(user))
    if not memberships and not managed:
        raise Http404
    return render(
        request,
        "organisations/members.html",
        {
            "memberships": memberships,
            "managed": managed,
            "stuck": set(
                Message.objects.filter(organisation__in=managed)
                .stuck()
                .values_list("organisation_id", flat=True)
            ),
            "invitations": Invitation.objects.editable_by(user)
            .filter(accepted_at=None)
            .select_related("organisation"),
        },
    )


def organisation(request: HttpRequest, slug: str) -> HttpResponse:
    found = get_object_or_404(Organisation.objects.editable_by(signed_in(request)), slug=slug)
    form = OrganisationForm(request.POST or None, instance=found)
    if request.method == "POST" and form.is_valid():
        with transaction.atomic():
            form.save()
            changed = ", ".join(str(form[name].label) for name in form.changed_data)
            write(Act.SETTINGS, changed, organisation=found)
        messages.success(request, f"De gegevens van {found} zijn opgeslagen.")
        return redirect("organisations:members")
    context = {"form": form, "organisation": found}
    return render(request, "organisations/organisation.html", context, status=422 if form.errors else 200)


@sign_in_again()
def invite(request: HttpRequest, slug: str) -> HttpResponse:
    user = signed_in(request)
    organisation = get_object_or_404(Organisation.objects.editable_by(user), slug=slug)
    form = InvitationForm(request.POST or None, organisation=organisation)
    if request.method == "POST" and form.is_valid():
        invitation = form.save(commit=False)
        invitation.organisation, invitation.invited_by = organisation, user
        invitation.roles = form.cleaned_data["roles"]
        invitation.functions = form.cleaned_data["functions"]
        with transaction.atomic():
            letters.invite(invitation)
        messages.success(request, f"De uitnodiging aan {invitation.name} gaat per e-mail weg.")
        return redirect("organisations:members")
    context = {"form": form, "organisation": organisation}
    return render(request, "organisations/invite.html", context, status=422 if form.errors else 200)


@require_POST
def resend(request: HttpRequest, pk: int) -> HttpResponse:
    invitation = get_object_or_404(
        Invitation.objects.editable_by(signed_in(request)), pk=pk, accepted_at=None
    )
    with transaction.atomic():
        letters.invite(invitation)
    messages.success(
        request, f"De uitnodiging aan {invitation.name} is opnieuw verstuurd. De oude link werkt niet meer."
    )
    return redirect("organisations:members")


@require_POST
def revoke(request: HttpRequest, pk: int) -> HttpResponse:
    invitation = get_object_or_404(
        Invitation.objects.editable_by(signed_in(request)), pk=pk, accepted_at=None
    )
    with transaction.atomic():
        letters.revoke(invitation)
    messages.success(request, f"De uitnodiging aan {invitation.name} is ingetrokken.")
    return redirect("organisations:members")


@sign_in_again()
def member(request: HttpRequest, pk: int) -> HttpResponse:
    """What one member does and may do; the administrator changes it here."""
    user = signed_in(request)
    membership = get_object_or_404(Membership.objects.editable_by(user).for_members_page(), pk=pk)
    form = MembershipForm(request.POST or None, instance=membership, acting=user)
    if request.method == "POST" and form.is_valid():
        try:
            with transaction.atomic():
                changed = form.save(commit=False)
                changed.functions = form.cleaned_data["functions"]
                changed.join_team(form.cleaned_data["team_name"])
                changed.set_roles(form.cleaned_data["roles"])
        except RightRefused as refused:
            form.add_error("roles", str(refused))
        else:
            messages.success(request, f"De gegevens van {membership.user} zijn opgeslagen.")
            return redirect("organisations:members")
    context = {"form": form, "membership": membership}
    return render(request, "organisations/member.html", context, status=422 if form.errors else 200)


@sign_in_again()
def remove(request: HttpRequest, pk: int) -> HttpResponse:
    """Asks, and then ends the membership; what the person answered stays."""
    membership = get_object_or_404(
        Membership.objects.editable_by(signed_in(request)).for_members_page(), pk=pk
    )
    status = 200
    if request.method == "POST":
        try:
            membership.end()
        except RightRefused:
            status = 409  # the page says why
        else:
            messages.success(
                request, f"{membership.user} is geen lid meer. Gegeven antwoorden blijven bewaard."
            )
            return redirect("organisations:members")
    return render(request, "organisations/remove.html", {"membership": membership}, status=status)


@never_cache
@login_not_required
def accept(request: HttpRequest, token: str) -> HttpResponse:
    """The page behind an invitation's link: a new account, or one more organisation for an existing one."""
    with walls.everywhere():
        invitation = Invitation.objects.with_token(token).select_related("organisation").first()
    if invitation is None:
        return render(request, "organisations/invitation_gone.html", status=404)
    walls.enter(invitation.organisation_id)
    existing = User.objects.filter(email=invitation.email.lower()).first()
    if existing and not existing.is_guest:
        return _accept_existing(request, invitation, existing)
    # Of a guest, whom the portal knows, only this link proves the address (SignOn.admit).
    if (
        not existing
        and SignOn.objects.closing(invitation.email).filter(organisation=invitation.organisation_id).exists()
    ):
        return redirect("organisations:sign_on_start", invitation.organisation.slug)
    form = AcceptForm(request.POST or None, email=invitation.email, initial={"name": invitation.name})
    if request.method == "POST" and form.is_valid():
        try:
            user = invitation.accept(**form.cleaned_data)
        except InvitationGone:
            return redirect(request.path)  # a second click: the page now says how it stands
        welcome = _("Welkom bij het integriteitsportaal van %(organisation)s.")
        messages.success(request, welcome % {"organisation": invitation.organisation})
        entered: HttpResponse = perform_password_login(request, {"email": user.email}, Login(user=user))
        return entered
    context = {"form": form, "invitation": invitation}
    return render(request, "organisations/accept.html", context, status=422 if form.errors else 200)


def _accept_existing(request: HttpRequest, invitation: Invitation, user: User) -> HttpResponse:
    """Someone who has an account proves it by signing in; the link alone does not let them in."""
    if not request.user.is_authenticated:
        return redirect(f"{reverse('account_login')}?next={request.path}")
    if request.user != user:
        return render(request, "organisations/other_account.html", {"invitation": invitation}, status=403)
    if request.method == "POST":
        try:
            invitation.accept(user)
        except InvitationGone:
            return redirect(request.path)
        joined = _("U bent nu ook lid van %(organisation)s.")
        messages.success(request, joined % {"organisation": invitation.organisation})
        return redirect("home")
    return render(request, "organisations/accept.html", {"form": None, "invitation": invitation})
