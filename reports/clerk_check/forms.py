"""What the griffier ticks and notes of the list."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from django import forms
from django.forms import BoundField
from django.http import QueryDict

from assessments.forms import LongText
from assessments.models import ClerkCheck
from reports.clerk_check.items import Group, Item

NOTE = 1000


class CheckForm(forms.Form):
    """For each item a tick and a note; `shown` and `seen` are the check and the report looked at."""

    use_required_attribute = False
    shown = forms.IntegerField(min_value=0, max_value=2**31 - 1, widget=forms.HiddenInput)
    seen = forms.CharField(max_length=64, widget=forms.HiddenInput)

    def __init__(
        self, data: QueryDict | None, groups: Sequence[Group], newest: ClerkCheck | None, seen: str
    ) -> None:
        kept = newest.items if newest else {}
        super().__init__(data, initial={"shown": newest.pk if newest else 0, "seen": seen})
        self.groups = groups
        for item in self._items():
            before = kept.get(item.slug, {})
            self.fields[f"ok-{item.slug}"] = forms.BooleanField(
                label="Akkoord", required=False, initial=before.get("ok", False)
            )
            self.fields[f"note-{item.slug}"] = LongText(
                label="Opmerking", rows=2, limit=NOTE, initial=before.get("note", "")
            )

    def _items(self) -> Iterator[Item]:
        return (item for group in self.groups for item in group.items)

    def rows(self) -> list[tuple[Group, list[tuple[Item, BoundField, BoundField]]]]:
        """The list with its fields, as the page shows it."""
        return [
            (group, [(item, self[f"ok-{item.slug}"], self[f"note-{item.slug}"]) for item in group.items])
            for group in self.groups
        ]

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        if "approve" in self.data:
            for item in self._items():
                if not data.get(f"ok-{item.slug}") and not data.get(f"note-{item.slug}", "").strip():
                    self.add_error(
                        f"note-{item.slug}",
                        "Zet een vinkje of schrijf een opmerking voordat u akkoord geeft.",
                    )
        return data

    @property
    def content(self) -> dict[str, Any]:
        """The fields of `ClerkCheck`, without those of what was looked at."""
        data = self.cleaned_data
        items = {
            item.slug: {"ok": data[f"ok-{item.slug}"], "note": data[f"note-{item.slug}"].strip()}
            for item in self._items()
        }
        return {"items": items, "approved": "approve" in self.data}
