"""Input of single sign-on: an address to begin with, the settings, and who keeps a password."""

from __future__ import annotations

import re
from typing import Any, Final

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from organisations import walls
from organisations.forms import OneLineMixin, one_line
from organisations.models import Membership, Organisation, SignOn, SignOnDomain
from organisations.outgoing import AddressRefused, check
from organisations.policy import May
from organisations.roles import Role
from organisations.sign_on.claims import Shape
from organisations.sign_on.provider import WELL_KNOWN

ENTRA: Final = re.compile(
    r"https://login\.microsoftonline\.com/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/v2\.0"
)
DOMAIN: Final = re.compile(r"([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]")
PLAIN: Final = {"spellcheck": "false", "autocapitalize": "none", "autocomplete": "off"}
MOST_VALUES, LONGEST_VALUE = 50, 200
KEY_DIGITS: Final = 18  # of which every number fits in a key of each database


class WhichForm(OneLineMixin):
    """The address that tells which organisation somebody is of."""

    use_required_attribute = False
    email = forms.EmailField(
        label=_("E-mailadres van uw werk"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "username"}),
    )


def lines(text: str) -> list[str]:
    """The lines of a text that have something on them, each once."""
    return list(dict.fromkeys(line.strip() for line in text.splitlines() if line.strip()))


class LinesField(forms.CharField):
    """Texts below one another; each must be readable."""

    widget = forms.Textarea(attrs={"rows": 2, **PLAIN})

    def clean(self, value: Any) -> Any:
        found = lines(super().clean(value))
        if len(found) > MOST_VALUES or any(len(one) > LONGEST_VALUE for one in found):
            raise ValidationError(
                f"Hoogstens {MOST_VALUES} regels van hoogstens {LONGEST_VALUE} tekens passen hier."
            )
        for one in found:
            one_line(one)
        return found


class SignOnForm(forms.ModelForm[SignOn]):
    """All of the settings of OpenID Connect; the secret goes in and is never shown again."""

    use_required_attribute = False
    shape = forms.ChoiceField(
        label="Soort",
        choices=[(shape.value, shape.label) for shape in (Shape.ENTRA, Shape.GENERIC)],
        widget=forms.RadioSelect,
    )
    secret = forms.CharField(
        label="Client-geheim",
        error_messages={"required": "Vul het geheim in dat u bij de inlogdienst hebt gemaakt."},
        strip=True,
        max_length=500,
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
    )
    domain_lines = LinesField(
        label="Domeinen van de e-mailadressen",
        help_text="Wat achter de @ staat, één per regel. Alleen deze adressen kunnen zo inloggen.",
        error_messages={"required": "Vul ten minste één domein in."},
    )

    class Meta:
        model = SignOn
        fields = ["shape", "issuer", "client_id", "level", "claim", "newcomers"]
        widgets = {"newcomers": forms.RadioSelect} | {
            name: forms.TextInput(attrs=PLAIN) for name in ("issuer", "client_id", "level", "claim")
        }
        help_texts = {
            "issuer": "Bij Microsoft: https://login.microsoftonline.com/, het nummer van uw tenant en /v2.0.",
            "client_id": "Het nummer waaronder het portaal bij de inlogdienst bekend is.",
            "level": "Hiermee bewijst de inlogdienst een tweede stap. Bij Microsoft: de verificatiecontext, "
            "zoals c1. Bij anderen: een of meer waarden van acr, met spaties ertussen. Leeg: het portaal "
            "vraagt zelf om een tweede stap, aan wie die nodig heeft.",
            "claim": "Waar de inlogdienst de rollen of groepen van iemand noemt. Vaak roles of groups.",
        }

    def __init__(self, *args: Any, organisation: Organisation, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.organisation = organisation
        if "secret" in self.fields:
            self._about_the_secret()
        if self.instance.pk:
            self.fields["domain_lines"].initial = "\n".join(
                self.instance.domains.values_list("domain", flat=True)
            )
        for role in Role:
            self.fields[f"values_{role}"] = LinesField(
                label=role.label.capitalize(),
                required=False,
                initial="\n".join(self.instance.roles.get(role, ())),
            )
        for name in {"issuer", "client_id", "level", "claim", "secret"} & set(self.fields):
            self.fields[name].validators.append(one_line)

    def _about_the_secret(self) -> None:
        """Also forgets what SAML put in its place: the form then begins with nothing of a provider."""
        if self.instance.is_saml:
            anew = {"shape": Shape.ENTRA.value, "issuer": "", "level": "", "claim": "roles"}
            self.initial = {**self.initial, **anew}
            self.instance.entry, self.instance.certificates = "", []
        kept = bool(self.instance.sealed_secret)
        self.fields["secret"].required = not kept
        self.fields["secret"].help_text = (
            "Er is een geheim bewaard. Niemand kan het lezen. Vul alleen iets in om het te vervangen."
            if kept
            else "Dit maakt u bij de inlogdienst. Het portaal bewaart het versleuteld."
        )

    @property
    def role_fields(self) -> list[forms.BoundField]:
        return [self[f"values_{role}"] for role in Role]

    def clean_issuer(self) -> str:
        issuer: str = self.cleaned_data["issuer"].strip().removesuffix(WELL_KNOWN)
        if self.data.get("shape") == Shape.ENTRA:
            if not ENTRA.fullmatch(issuer):
                raise ValidationError(
                    "Vul het adres van uw tenant in: https://login.microsoftonline.com/, het nummer van "
                    "de tenant en /v2.0. Met common of organizations kan niet: daar logt iedereen in."
                )
            return issuer
        try:
            check(issuer)
        except AddressRefused as refused:
            raise ValidationError(str(refused)) from refused
        return issuer

    def clean_domain_lines(self) -> list[str]:
        domains = sorted({one.lower().lstrip("@") for one in self.cleaned_data["domain_lines"]})
        for domain in domains:
            self._own(domain)
        return domains

    def _own(self, domain: str) -> None:
        """Raises ValidationError unless a member has an address of this domain, and nobody elsewhere has.

        Members came by a mail to their address, which proves it. A domain that is somebody else's would send
        their people to a page that is not theirs.
        """
        if not DOMAIN.fullmatch(domain) or len(domain) > 190:
            raise ValidationError(f"{domain[:80]} is geen domein. Vul in wat achter de @ staat.")
        having = Membership.objects.filter(user__email__endswith=f"@{domain}")
        taken = SignOnDomain.objects.filter(domain=domain).exclude(sign_on__organisation=self.organisation)
        with walls.everywhere():
            is_own = having.filter(organisation=self.organisation).exists()
            is_shared = taken.exists() or having.exclude(organisation=self.organisation).exists()
        if not is_own:
            raise ValidationError(f"Nog geen lid van uw organisatie heeft een adres bij {domain}.")
        if is_shared:
            raise ValidationError(
                f"Ook een andere organisatie in dit portaal gebruikt {domain}. Vraag wie het portaal beheert."
            )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        self.instance.roles = {role.value: values for role in Role if (values := data.get(f"values_{role}"))}
        if data.get("newcomers") == SignOn.Newcomers.ROLE and not self.instance.roles and not self.errors:
            self.add_error("newcomers", "Vul dan ook in welke waarden een rol geven.")
        if data.get("shape") == Shape.ENTRA and len(data.get("level", "").split()) > 1:
            self.add_error("level", "Microsoft neemt één verificatiecontext, zoals c1.")
        return data

    @property
    def changes(self) -> list[str]:
        """The labels of what was changed, for the log."""
        return [str(self.fields[name].label) for name in self.changed_data]


class _Accounts(forms.ModelMultipleChoiceField[Membership]):
    """A choice of members. Django asks the database for any number that is sent, also one it cannot hold."""

    def clean(self, value: Any) -> Any:
        for key in value or ():
            if len(key) > KEY_DIGITS:
                wrong = {"value": key[:KEY_DIGITS]}
                raise forms.ValidationError(self.error_messages["invalid_choice"], "invalid_choice", wrong)
        return super().clean(value)

    def label_from_instance(self, one: Membership) -> str:
        return f"{one.user.name} ({one.user.email})"


class PasswordsForm(forms.Form):
    """Whether signing in through the organisation is the only way, and for whom it is not."""

    closed = forms.BooleanField(label="Leden loggen alleen nog in via de organisatie", required=False)
    emergencies = _Accounts(
        label="Noodaccounts",
        queryset=Membership.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="Beheerders die met hun wachtwoord en tweede stap kunnen blijven inloggen, voor als de "
        "inlogdienst niet werkt.",
    )

    def __init__(self, *args: Any, sign_on: SignOn, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["emergencies"]
        assert isinstance(field, _Accounts)
        administrators = sign_on.organisation.memberships.who_may(May.MANAGE)
        field.queryset = administrators.select_related("user")
        self.fields["closed"].initial = sign_on.closes_passwords
        field.initial = list(sign_on.emergencies.values_list("membership", flat=True))
