"""Input of single sign-on by SAML: the provider's metadata, and what all sign-on has."""

from __future__ import annotations

from typing import Any, Final

from django import forms
from django.core.exceptions import ValidationError

from organisations.sign_on.claims import Shape
from organisations.sign_on.forms import PLAIN, SignOnForm
from organisations.sign_on.saml.documents import Malformed
from organisations.sign_on.saml.metadata import LARGEST, Named, provider

ROLES: Final = "http://schemas.microsoft.com/ws/2008/06/identity/claims/role"


class SamlForm(SignOnForm):
    """All of the settings of SAML. The metadata is pasted or handed in: the portal never fetches it."""

    secret = None  # type: ignore[assignment]
    shape = None  # type: ignore[assignment]
    metadata = forms.CharField(
        label="Metadata van de inlogdienst (XML)",
        required=False,
        widget=forms.Textarea(attrs={"rows": 6, **PLAIN}),
        max_length=LARGEST,
    )
    file = forms.FileField(
        label="Of het bestand met de metadata",
        required=False,
        widget=forms.FileInput(attrs={"accept": ".xml,text/xml,application/xml"}),
    )

    class Meta(SignOnForm.Meta):
        fields = ["level", "claim", "newcomers"]
        help_texts = {
            "level": "Hiermee bewijst de inlogdienst een tweede stap: een of meer waarden van "
            "AuthnContextClassRef, met spaties ertussen. Bij Microsoft: "
            "http://schemas.microsoft.com/claims/multipleauthn. Leeg: het portaal vraagt zelf om een tweede "
            "stap, aan wie die nodig heeft.",
            "claim": "De naam van het attribuut waarin de inlogdienst de rollen of groepen van iemand noemt.",
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not self.instance.is_saml:
            self.initial = {**self.initial, "level": "", "claim": ROLES}
        self.fields["claim"].label = "Attribuut met rollen of groepen"
        self.fields["metadata"].help_text = (
            "Vul alleen iets in om te vervangen wat hierboven staat, bijvoorbeeld bij een nieuw certificaat."
            if self.instance.is_saml
            else "Deze krijgt u van wie uw inlogdienst beheert. Het portaal haalt ze nergens zelf op."
        )

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        if not {"metadata", "file"} & set(self.errors):
            try:
                self._take(self._document(data))
            except Malformed as fault:
                self.add_error("file" if data.get("file") else "metadata", ValidationError(str(fault)))
        return data

    def _document(self, data: dict[str, Any]) -> bytes:
        """What was handed in; empty when what is kept has to stay. Raises Malformed."""
        pasted, file = data.get("metadata", ""), data.get("file")
        if pasted and file:
            raise Malformed("Plak de metadata, of kies het bestand; niet allebei.")
        if file and file.size > LARGEST:
            raise Malformed(f"Het bestand is groter dan {LARGEST // 1024} kB.")
        found: bytes = file.read() if file else pasted.encode()
        if not found and not self.instance.is_saml:
            raise Malformed("Plak de metadata van uw inlogdienst, of kies het bestand.")
        return found

    def _take(self, document: bytes) -> None:
        if not document:
            return
        named: Named = provider(document)
        self.instance.shape, self.instance.issuer, self.instance.entry = (
            Shape.SAML,
            named.entity_id,
            named.entry,
        )
        self.instance.certificates = list(named.certificates)
        self.instance.client_id = self.instance.sealed_secret = ""
