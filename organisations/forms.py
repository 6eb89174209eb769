"""Input about people: inviting, accepting, and what a member may do."""

from __future__ import annotations

import unicodedata
from typing import Any

from django import forms
from django.contrib.auth import password_validation
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from organisations import walls
from organisations.functions import FUNCTIONS
from organisations.letter import OPTIONAL, Kind
from organisations.models import Invitation, Membership, Organisation, User, themes
from organisations.models.right import LAST
from organisations.policy import May, may
from organisations.roles import Role

UNREADABLE = ("Cc", "Cs", "Co", "Zl", "Zp")  # Unicode's controls, halves of pairs, private use, line ends
ROLE_CHOICES = [(role.value, f"{role.label}: {role.explanation}") for role in Role]


def one_line(text: str) -> None:
    """Raises ValidationError for what no name or title has: ends of lines, unreadable characters."""
    if any(unicodedata.category(character) in UNREADABLE for character in text):
        raise ValidationError(
            _("Hier staat een teken dat niet te lezen is. Typ de tekst opnieuw, op één regel.")
        )


class OneLineMixin(forms.Form):
    """Holds every short text of a form to one readable line."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            if isinstance(field, forms.CharField) and not isinstance(field.widget, forms.PasswordInput):
                field.validators.append(one_line)


class RolesMixin(OneLineMixin):
    functions = forms.MultipleChoiceField(
        label="Functies in de vragenlijst",
        choices=list(FUNCTIONS.items()),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="Hiermee stelt het portaal voor welke thema's bij deze persoon passen.",
    )
    roles = forms.MultipleChoiceField(
        label="Rollen",
        choices=ROLE_CHOICES,
        widget=forms.CheckboxSelectMultiple,
        help_text="Eén persoon kan meer rollen hebben.",
        error_messages={"required": "Kies ten minste één rol."},
    )


class InvitationForm(RolesMixin, forms.ModelForm[Invitation]):
    use_required_attribute = False

    class Meta:
        model = Invitation
        fields = ["name", "email", "job"]

    field_order = ["name", "email", "job", "roles", "functions"]

    def __init__(self, *args: Any, organisation: Organisation, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.organisation = organisation

    def clean_email(self) -> str:
        email: str = self.cleaned_data["email"].strip().lower()
        if self.organisation.memberships.filter(user__email=email).exists():
            raise ValidationError("Deze persoon is al lid.")
        if self.organisation.invitations.filter(email=email, accepted_at=None).exists():
            raise ValidationError(
                "Deze persoon is al uitgenodigd. U kunt de uitnodiging hieronder opnieuw sturen."
            )
        return email


class MembershipForm(RolesMixin, forms.ModelForm[Membership]):
    """For a member as `for_members_page` gives one."""

    use_required_attribute = False
    team_name = forms.CharField(
        label="Team", required=False, max_length=120, help_text="Een nieuwe naam maakt een nieuw team."
    )

    class Meta:
        model = Membership
        fields = ["job"]

    field_order = ["job", "team_name", "roles", "functions"]

    def __init__(self, *args: Any, acting: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.acting = acting
        self.fields["functions"].initial = self.instance.functions
        self.own = {held.role for held in self.instance.roles.all() if held.stands_in_for_id is None}
        self.fields["roles"].initial = sorted(self.own)
        self.fields["team_name"].initial = self.instance.team.name if self.instance.team else ""

    def clean_roles(self) -> list[str]:
        roles: list[str] = self.cleaned_data["roles"]
        if set(roles) - self.own and self.instance.user == self.acting:
            raise ValidationError("U kunt uzelf geen rol erbij geven. Een andere beheerder kan dat doen.")
        if not may(roles, May.MANAGE) and self.instance.is_last_administrator():
            raise ValidationError(LAST)
        return roles


class OrganisationForm(OneLineMixin, forms.ModelForm[Organisation]):
    """What the account to the council says of the organisation, and its house style."""

    use_required_attribute = False
    theme = forms.ChoiceField(
        label="Huisstijl", choices=lambda: [(slug, slug.capitalize()) for slug in themes()]
    )

    class Meta:
        model = Organisation
        fields = ["name", "kind", "cbs_code", "inhabitants", "staff", "theme"]

    def validate_unique(self) -> None:
        """Against all organisations: also those that the database does not show this administrator."""
        with walls.everywhere():
            super().validate_unique()

    def clean_cbs_code(self) -> str | None:
        """None instead of an empty text: several organisations may have no code, but no two the same."""
        code: str = (self.cleaned_data["cbs_code"] or "").strip().upper()
        return code or None


class AcceptForm(OneLineMixin):
    """Name and password of someone new; nothing to fill in for someone who already has an account."""

    use_required_attribute = False
    name = forms.CharField(label=_("Uw naam"), max_length=120)
    password = forms.CharField(
        label=_("Wachtwoord"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=_("Ten minste 12 tekens. Een zin van een paar woorden is sterk en goed te onthouden."),
    )

    def __init__(self, *args: Any, email: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.email = email

    def clean_password(self) -> str:
        password: str = self.cleaned_data["password"]
        password_validation.validate_password(
            password, User(email=self.email, name=self.data.get("name", ""))
        )
        return password


MAIL_CHOICES = {
    Kind.ASKED: _("als er vragen voor mij klaarstaan (één bericht per ronde)"),
    Kind.DEADLINE: _("als de laatste dag dichtbij komt en ik nog vragen open heb (7 en 2 dagen ervoor)"),
    Kind.SENT_BACK: _("als de validator mij iets vraagt over een antwoord"),
    Kind.MENTIONED: _("als iemand mij noemt in een gesprek bij een vraag"),
    Kind.ACTION: _("als een verbeteractie van mij bijna klaar moet zijn, of te laat is"),
    Kind.COUNCIL: _("als er voor de griffie iets wacht: een controle, een vraag of een toezegging"),
    Kind.DIGEST: _("over hoe het ervoor staat (hoogstens één bericht per week, op maandag)"),
}


class PreferencesForm(forms.Form):
    """The kinds of mail that a person can do without; those that they want are checked."""

    wanted = forms.MultipleChoiceField(
        label=_("Stuur mij een bericht"),
        choices=[(kind.value, MAIL_CHOICES[kind]) for kind in OPTIONAL],
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args: Any, muted: set[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["wanted"].initial = [kind.value for kind in OPTIONAL if kind.value not in muted]

    @property
    def unwanted(self) -> list[str]:
        wanted = self.cleaned_data["wanted"]
        return [kind.value for kind in OPTIONAL if kind.value not in wanted]
