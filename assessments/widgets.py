"""Input elements of our own."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms


class LevelSelect(forms.RadioSelect):
    """Radio buttons of which each may carry a description, tied to it for those who hear the page."""

    def __init__(self, *args: Any, descriptions: Mapping[str, str] | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.descriptions = dict(descriptions or {})

    def create_option(self, name: str, value: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        option: dict[str, Any] = super().create_option(name, value, *args, **kwargs)
        option["is_level"] = str(value).isdigit()
        option["description"] = self.descriptions.get(str(value), "")
        if option["description"]:
            option["attrs"]["aria-describedby"] = f"{option['attrs'].get('id')}_description"
        return option
