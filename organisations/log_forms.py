"""Which entries of the log an auditor asks for."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from django import forms
from django.db.models import Q
from django.utils import timezone

from organisations.log.acts import ACT_CHOICES, RESULT_CHOICES
from organisations.models.log import LogQuerySet

ALL = [("", "alles")]


class LogForm(forms.Form):
    """What to look for; everything that is left empty limits nothing."""

    since = forms.DateField(label="Vanaf", required=False, widget=forms.DateInput(attrs={"type": "date"}))
    until = forms.DateField(
        label="Tot en met", required=False, widget=forms.DateInput(attrs={"type": "date"})
    )
    act = forms.ChoiceField(label="Wat", required=False, choices=ALL + ACT_CHOICES)
    result = forms.ChoiceField(label="Resultaat", required=False, choices=ALL + RESULT_CHOICES)
    words = forms.CharField(
        label="Wie of waarop", required=False, max_length=100, help_text="Een deel van een naam of adres."
    )

    def clean(self) -> dict[str, object]:
        found = self.cleaned_data
        if found.get("since") and found.get("until") and found["since"] > found["until"]:
            self.add_error("until", "Deze dag ligt voor de eerste dag.")
        return found

    def narrow(self, entries: LogQuerySet) -> LogQuerySet:
        """Those of the entries that are asked for; the form must be valid."""
        asked = self.cleaned_data
        if asked["since"]:
            entries = entries.filter(at__gte=_midnight(asked["since"]))
        if asked["until"]:
            entries = entries.filter(at__lt=_midnight(asked["until"] + timedelta(days=1)))
        for name in ("act", "result"):
            if asked[name]:
                entries = entries.filter(**{name: asked[name]})
        if words := asked["words"]:
            entries = entries.filter(Q(who__icontains=words) | Q(what__icontains=words))
        return entries


def _midnight(day: datetime) -> datetime:
    return timezone.make_aware(datetime.combine(day, time()))
