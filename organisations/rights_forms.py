"""Input about rights: a last day, who stands in for whom, and what is kept at the yearly review."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone

from organisations.models import Membership, MembershipRole, by_name
from organisations.models.review import END, KEEP, Held

DAY = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class UntilForm(forms.Form):
    """The last day of a role; without one it has no end."""

    use_required_attribute = False
    until = forms.DateField(
        label="Laatste dag",
        required=False,
        widget=DAY,
        help_text="Tot en met deze dag. Leeg betekent: zonder einde.",
    )


class SubstituteForm(forms.Form):
    """Who stands in for a member in one role, and on which days."""

    use_required_attribute = False
    who = forms.ModelChoiceField(
        label="Wie vervangt?", queryset=Membership.objects.none(), empty_label="Kies een collega"
    )
    since = forms.DateField(label="Eerste dag", widget=DAY, initial=timezone.localdate)
    until = forms.DateField(label="Laatste dag", widget=DAY, help_text="Tot en met deze dag.")

    def __init__(self, *args: Any, right: MembershipRole, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        colleagues = Membership.objects.filter(
            organisation=right.membership.organisation_id, user__is_active=True
        ).exclude(pk=right.membership_id)
        field: Any = self.fields["who"]
        field.queryset = colleagues.select_related("user")
        found = sorted(field.queryset, key=lambda one: by_name(one.user.name))
        field.choices = [("", field.empty_label), *((one.pk, one.user.name) for one in found)]


class ReviewForm(forms.Form):
    """For every right whether it stays; nothing is chosen beforehand, so that each is looked at."""

    use_required_attribute = False

    def __init__(self, *args: Any, held: list[Held], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.held = held
        for one in held:
            self.fields[self._name(one)] = forms.ChoiceField(
                label=f"Besluit over {one.person.name} als {one.right.label}",
                choices=[("", "Kies"), (KEEP, "Behouden"), (END, "Beëindigen")],
                widget=forms.Select(attrs={"class": "utrecht-select utrecht-select--html-select"}),
                error_messages={"required": "Kies behouden of beëindigen."},
            )

    @staticmethod
    def _name(one: Held) -> str:
        return f"right-{one.right.pk}"

    @property
    def rows(self) -> list[tuple[Held, forms.BoundField]]:
        return [(one, self[self._name(one)]) for one in self.held]

    @property
    def decisions(self) -> dict[int, str]:
        return {one.right.pk: self.cleaned_data[self._name(one)] for one in self.held}
