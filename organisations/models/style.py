"""The house style of an organisation: every version of it, and the logos in them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import models, transaction
from django.urls import reverse
from django.utils import timezone

from organisations.colours import HEX
from organisations.house_style import own_tints, tints
from organisations.log.acts import Act
from organisations.logos import Picture
from organisations.models.log import write

if TYPE_CHECKING:
    from organisations.models.organisation import Organisation
    from organisations.models.user import User

COLOUR = rf"^{HEX.pattern}$"
KINDS = {"svg": "image/svg+xml", "png": "image/png"}


class Logo(models.Model):
    """A picture under its SHA-256. It stays: reports that were offered to the council name it."""

    digest = models.CharField("SHA-256", max_length=64, primary_key=True)
    kind = models.CharField("soort", max_length=3, choices=[(kind, kind.upper()) for kind in KINDS])
    content = models.BinaryField("bestand")
    width = models.PositiveIntegerField("breedte")
    height = models.PositiveIntegerField("hoogte")

    class Meta:
        verbose_name = "logo"
        verbose_name_plural = "logo's"

    def __str__(self) -> str:
        return f"{self.digest[:12]}.{self.kind}"

    @classmethod
    def keep(cls, picture: Picture) -> Logo:
        """The logo with this content, made if it is new."""
        fields = {name: getattr(picture, name) for name in ("kind", "content", "width", "height")}
        logo, _ = cls.objects.get_or_create(digest=picture.digest, defaults=fields)
        return logo

    @property
    def content_type(self) -> str:
        return KINDS[self.kind]

    @property
    def address(self) -> str:
        return reverse("organisations:logo", args=[self.digest, self.kind])


class HouseStyle(models.Model):
    """One version of a house style: proposed, and perhaps used. It never changes; the next is a new row.

    Without colours those of the organisation's theme are shown.
    """

    organisation = models.ForeignKey(
        "organisations.Organisation", models.CASCADE, related_name="styles", verbose_name="organisatie"
    )
    colour = models.CharField("kleur", max_length=7, blank=True)
    accent = models.CharField("tweede kleur", max_length=7, blank=True)
    logo = models.ForeignKey(Logo, models.PROTECT, null=True, blank=True, related_name="styles")
    logo_text = models.CharField("wat op het logo staat", max_length=120, blank=True)
    address = models.TextField("adresblok", max_length=400, blank=True)
    website = models.URLField("website", max_length=200, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="door")
    at = models.DateTimeField("op", default=timezone.now)
    used_at = models.DateTimeField("laatst in gebruik genomen op", null=True, blank=True)

    class Meta:
        verbose_name = "huisstijl"
        verbose_name_plural = "huisstijlen"
        ordering = ["-used_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(colour="", accent="")
                | models.Q(colour__regex=COLOUR, accent__regex=COLOUR),
                name="house_style_two_colours_or_none",
            ),
            models.CheckConstraint(
                condition=models.Q(logo=None) | ~models.Q(logo_text=""), name="house_style_logo_has_text"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organisation}, {timezone.localtime(self.at):%Y-%m-%d %H:%M}"

    @classmethod
    def propose(cls, organisation: Organisation, by: User, **fields: Any) -> HouseStyle:
        """Keeps a version to look at, in place of what was proposed before and never used."""
        with transaction.atomic():
            cls.objects.filter(organisation=organisation, used_at=None).delete()
            return cls.objects.create(organisation=organisation, by=by, **fields)

    def use(self) -> None:
        """From now on the organisation's pages, mails and new reports look like this."""
        what = "eerdere huisstijl teruggezet" if self.used_at else "nieuwe huisstijl"
        with transaction.atomic():
            write(Act.SETTINGS, what, organisation=self.organisation_id)
            self.used_at = timezone.now()
            self.save(update_fields=["used_at"])
            self.organisation.style = self
            self.organisation.save(update_fields=["style"])

    @property
    def sheet(self) -> str:
        """The address of the style sheet with these colours; empty without."""
        return sheet_address(self.colour, self.accent)

    @property
    def lines(self) -> list[str]:
        """The address block, a line each, the website last."""
        found = [line.strip() for line in self.address.splitlines() if line.strip()]
        return [*found, self.website] if self.website else found

    @property
    def tints(self) -> dict[str, str]:
        """The colours for mail, as `house_style.tints`."""
        return own_tints(self.colour) if self.colour else tints(self.organisation.theme)

    def told(self) -> dict[str, Any]:
        """What the supplement of a report says of it (assessments.supplement.StyleDocument)."""
        theme = tints(self.organisation.theme)["tint500"]
        return {
            "colour": self.colour or theme,
            "accent": self.accent or theme,
            "logo": self.logo_id or "",
            "logo_text": self.logo_text,
            "address": self.lines,
        }


def sheet_address(colour: str, accent: str) -> str:
    """The address of the style sheet with these two colours, which says all that is in it; empty without."""
    if not colour:
        return ""
    return reverse("organisations:sheet", args=[colour[1:], accent[1:]])
