"""Single sign-on of an organisation: its settings, and whom it lets in."""

from __future__ import annotations

from collections.abc import Iterable

from django.conf import settings
from django.db import models, transaction
from django.utils import timezone

from organisations import walls
from organisations.log.acts import Act, Result
from organisations.models.invitation import Invitation, InvitationGone
from organisations.models.log import write
from organisations.models.organisation import Membership, Organisation
from organisations.models.sign_on_people import EmergencyAccount
from organisations.models.user import User
from organisations.policy import May
from organisations.sign_on.claims import Person, Refusal, Refused, Rules, Shape, changed, domain_of
from organisations.sign_on.provider import Client
from organisations.sign_on.sealed import Unreadable, seal, unseal

CONNECTION = ("shape", "issuer", "client_id")  # another one of these is another provider
REACHED = ("entry", "certificates")  # another one of these is the same provider, to be tested anew
SHAPES = [(shape.value, shape.label) for shape in Shape]


class NotNow(Exception):
    """A step that cannot be taken as things are; the message says why, in Dutch."""


class SignOnQuerySet(models.QuerySet["SignOn"]):
    def open(self) -> SignOnQuerySet:
        """Those that are on; where the portal does not speak SAML, none that need it."""
        found = self.filter(is_open=True).select_related("organisation")
        return found if settings.SAML else found.exclude(shape=Shape.SAML)

    def for_domain(self, domain: str) -> SignOn | None:
        """The one that addresses of this domain sign in with."""
        return self.open().filter(domains__domain=domain).first()

    def closing(self, email: str) -> SignOnQuerySet:
        """Those that leave an address of this domain no other way in."""
        return self.open().filter(closes_passwords=True, domains__domain=domain_of(email))

    def only_way_for(self, user: User) -> SignOn | None:
        """The one that this user must sign in with, because the organisation closed the other ways.

        Not for its emergency accounts, who has an address of another domain, and who belongs to more than
        this organisation. Two queries.
        """
        closing = self.closing(user.email).filter(organisation__memberships__user=user)
        with walls.of_person(user.pk):
            found = closing.exclude(emergencies__membership__user=user).first()
        return None if found is None or found.is_beyond(user) else found


class SignOn(models.Model):
    """How the people of one organisation sign in with its own accounts (OpenID Connect, or SAML)."""

    class Newcomers(models.TextChoices):
        INVITED = "invited", "alleen wie lid is of uitgenodigd"
        ROLE = "role", "ook wie van de inlogdienst een rol krijgt"

    organisation = models.OneToOneField(
        Organisation, models.CASCADE, related_name="sign_on", verbose_name="organisatie"
    )
    shape = models.CharField("soort", max_length=10, choices=SHAPES, default=Shape.ENTRA.value)
    issuer = models.CharField("adres van de inlogdienst (issuer)", max_length=300)
    client_id = models.CharField("client-id", max_length=200)
    sealed_secret = models.TextField("geheim, versleuteld", editable=False)
    # Of SAML alone, in place of the two above: where people are sent, and what its word is signed with.
    entry = models.CharField("adres om in te loggen", max_length=300, blank=True, editable=False)
    certificates = models.JSONField("certificaten", default=list, blank=True, editable=False)
    level = models.CharField("vereist niveau", max_length=200, blank=True)
    claim = models.CharField("claim met rollen of groepen", max_length=100, default="roles")
    roles = models.JSONField("waarden per rol", default=dict, blank=True)
    newcomers = models.CharField(
        "wie mag binnen", max_length=10, choices=Newcomers, default=Newcomers.INVITED
    )
    is_open = models.BooleanField("aan", default=False)
    closes_passwords = models.BooleanField("alleen nog zo inloggen", default=False)
    tested_at = models.DateTimeField("getest op", null=True, editable=False)

    objects = SignOnQuerySet.as_manager()

    class Meta:
        verbose_name = "inloggen via de organisatie"
        verbose_name_plural = "inloggen via de organisaties"
        constraints = [
            models.CheckConstraint(
                condition=models.Q(is_open=False) | models.Q(tested_at__isnull=False),
                name="sign_on_tested_before_open",
            ),
            models.CheckConstraint(
                condition=models.Q(closes_passwords=False) | models.Q(is_open=True),
                name="sign_on_open_before_only_way",
            ),
            models.CheckConstraint(
                condition=(models.Q(shape=Shape.SAML.value) & ~models.Q(entry=""))
                | (~models.Q(shape=Shape.SAML.value) & models.Q(entry="")),
                name="sign_on_entry_for_saml",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organisation}: {self.issuer}"

    @property
    def is_saml(self) -> bool:
        return self.shape == Shape.SAML

    @property
    def is_spoken(self) -> bool:
        """Whether the portal speaks what it needs."""
        return settings.SAML or not self.is_saml

    @property
    def is_in_use(self) -> bool:
        """Whether people sign in by it: it is on, and spoken here."""
        return self.is_open and self.is_spoken

    @property
    def asks_userinfo(self) -> bool:
        """Whether what a token leaves out is asked apart; Entra ID's knows no more than its token."""
        return self.shape == Shape.GENERIC

    def rules(self) -> Rules:
        """What is asked of the provider's word; one query."""
        return Rules(
            shape=Shape(self.shape),
            domains=frozenset(self.domains.values_list("domain", flat=True)),
            level=self.level,
            claim=self.claim,
            roles=self.roles,
        )

    def client(self) -> Client:
        """The portal as the provider knows it. Raises Refused when the secret can no longer be read."""
        try:
            return Client(self.issuer, self.client_id, unseal(self.sealed_secret))
        except Unreadable as fault:
            raise Refused(Refusal.PROVIDER, "het geheim is met een andere sleutel bewaard") from fault

    def configure(self, secret: str, domains: Iterable[str], changes: Iterable[str]) -> None:
        """Saves the settings that the form put in; an empty secret leaves the kept one.

        Another provider knows people by other numbers, so their accounts come loose; and whatever is changed
        about the connection, it has to be tested and put on again. `changes`: what the log says was changed.
        """
        with transaction.atomic():
            before = SignOn.objects.select_for_update().filter(pk=self.pk).first()
            moved = before is None or _differ(before, self, CONNECTION)
            if secret:
                self.sealed_secret = seal(secret)
            if before is None or moved or secret or _differ(before, self, REACHED):
                self.tested_at, self.is_open, self.closes_passwords = None, False, False
            self.save()
            if moved:
                self.accounts.all().delete()
            self.domains.exclude(domain__in=list(domains)).delete()
            for domain in domains:
                self.domains.get_or_create(domain=domain)
            self.note(", ".join(changes))

    def tested(self, fault: str = "") -> None:
        """Keeps that the connection was tried, and whether it worked.

        What is in use stays on: one attempt that fails, or is broken off, must not open passwords to all.
        """
        with transaction.atomic():
            if not (fault and self.is_open):
                self.tested_at = None if fault else timezone.now()
                self.save(update_fields=["tested_at"])
            self.note("verbinding getest", Result.FAILED if fault else Result.DONE)

    def switch(self, on: bool) -> None:
        """Puts it on or off; off opens the other ways again. Raises NotNow."""
        if on and self.tested_at is None:
            raise NotNow("Test eerst de verbinding.")
        with transaction.atomic():
            self.is_open, self.closes_passwords = on, self.closes_passwords and on
            self.save(update_fields=["is_open", "closes_passwords"])
            self.note("aangezet" if on else "uitgezet")

    def close_passwords(self, closed: bool, emergencies: Iterable[Membership]) -> None:
        """Makes it the only way in, but for these accounts; or one of the ways again. Raises NotNow."""
        kept = list(emergencies)
        if closed:
            self._may_close(kept)
        with transaction.atomic():
            self.emergencies.all().delete()
            EmergencyAccount.objects.bulk_create(
                EmergencyAccount(sign_on=self, membership=membership) for membership in kept
            )
            self.closes_passwords = closed
            self.save(update_fields=["closes_passwords"])
            names = ", ".join(str(one.user) for one in kept)
            self.note(f"{'alleen nog zo inloggen' if closed else 'ook met wachtwoord'}; nood: {names or '-'}")

    def _may_close(self, emergencies: list[Membership]) -> None:
        """Raises NotNow unless somebody can still come in when the provider is down or set up wrongly."""
        if not self.is_open:
            raise NotNow("Zet het inloggen via uw organisatie eerst aan.")
        administrators = self.organisation.memberships.who_may(May.MANAGE).select_related("user")
        if not any(one in emergencies and one.user.has_usable_password() for one in administrators):
            raise NotNow("Kies ten minste één noodaccount: een beheerder met een wachtwoord.")
        if not self.accounts.filter(user__memberships__in=administrators).exists():
            raise NotNow(
                "Er moet eerst een beheerder op deze manier zijn ingelogd. Dan weet u dat het werkt."
            )

    def is_beyond(self, user: User) -> bool:
        """Whether the user is more than its member: then this organisation alone cannot say who they are."""
        elsewhere = user.memberships.exclude(organisation=self.organisation_id)
        with walls.of_person(user.pk):
            return user.is_staff or user.is_superuser or elsewhere.exists()

    def admit(self, person: Person) -> User:
        """Who this is in the portal, with the roles that the provider gives as of now. Raises Refused.

        Roles that it takes are gone, also when that is why somebody does not get in. One at a time in an
        organisation, so that of two last administrators one stays.
        """
        with transaction.atomic():
            SignOn.objects.select_for_update().get(pk=self.pk)
            account = self.accounts.select_related("user").filter(subject=person.subject).first()
            user = account.user if account else self._by_address(person)
            if not user.is_active:
                raise Refused(Refusal.INACTIVE)
            if self.is_beyond(user):
                raise Refused(Refusal.ELSEWHERE)
            membership = self._membership(user, person)
            has_role = self._give_roles(membership, person)
            self.accounts.update_or_create(
                subject=person.subject, defaults={"user": user, "used_at": timezone.now()}
            )
        if not has_role:
            raise Refused(Refusal.NO_ROLE)
        return user

    def _by_address(self, person: Person) -> User:
        """Whose address it is, who never came this way before; somebody new when they may come.

        Of who is known to the portal already and no member here, also of a guest, the provider's word proves
        nothing: they may have answered elsewhere. They come by the link in an invitation.
        """
        user = User.objects.filter(email=person.email).first()
        if user and self.accounts.filter(user=user).exists():
            raise Refused(Refusal.OTHER_ACCOUNT)  # the address was given to somebody else, there
        if user and not user.memberships.filter(organisation=self.organisation_id).exists():
            raise Refused(Refusal.BY_LINK if self._invitation(user.email) else Refusal.UNKNOWN)
        if user:
            return user
        if invitation := self._invitation(person.email):
            return _accepted(invitation, name=person.name or invitation.name, password=None)
        if not self._takes(person):
            raise Refused(Refusal.UNKNOWN)
        return User.objects.create_user(person.email, None, name=person.name or person.email)

    def _membership(self, user: User, person: Person) -> Membership:
        """The user's membership; of who was invited or may come by their role, a new one."""
        found = user.memberships.filter(organisation=self.organisation_id).first()
        if found:
            return found
        if invitation := self._invitation(user.email):
            _accepted(invitation, user)
        elif self._takes(person):
            write(Act.JOIN, user.email, organisation=self.organisation_id, who=user)
            self.organisation.admit(user, person.roles)
        else:
            raise Refused(Refusal.UNKNOWN)
        return user.memberships.get(organisation=self.organisation_id)

    def _invitation(self, email: str) -> Invitation | None:
        return self.organisation.invitations.pending().filter(email__iexact=email).first()

    def _takes(self, person: Person) -> bool:
        return self.newcomers == self.Newcomers.ROLE and bool(person.roles)

    def _give_roles(self, membership: Membership, person: Person) -> bool:
        """Gives and takes what the provider manages; whether there is a role left."""
        rules = self.rules()
        if not rules.managed:
            return True
        own = membership.roles.held().filter(stands_in_for=None)
        held = set(own.values_list("role", flat=True))
        last = membership.is_last_administrator()
        membership.set_roles(changed(held, person, rules, is_last_administrator=last))
        return membership.roles.held().exists()

    def note(self, what: str, result: Result = Result.DONE) -> None:
        """Writes in the log what was done to it."""
        told = f"inloggen via de organisatie: {what}"
        write(Act.SETTINGS, told, organisation=self.organisation_id, result=result)


def _differ(one: SignOn, other: SignOn, names: Iterable[str]) -> bool:
    return any(getattr(one, name) != getattr(other, name) for name in names)


def _accepted(invitation: Invitation, user: User | None = None, **account: str | None) -> User:
    """The user, who is a member by this invitation from now on. Raises Refused when it was used just now."""
    try:
        return invitation.accept(user, **account)
    except InvitationGone as fault:
        raise Refused(Refusal.UNKNOWN) from fault
