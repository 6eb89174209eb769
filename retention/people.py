"""Every column that holds a key to a person, of whatever table: found, not listed, so none is forgotten."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from django.apps import apps
from django.db import models

from organisations.models import User


class Key(NamedTuple):
    """A column, or a list of people (`is_list`), of a model."""

    model: type[models.Model]
    name: str
    words: str
    is_list: bool
    protects: bool


def keys() -> Iterator[Key]:
    """All of them; Django's own list leaves out those that have no way back."""
    for model in apps.get_models():
        for field in model._meta.get_fields():
            if not isinstance(field, models.ForeignKey | models.ManyToManyField):
                continue
            if field.related_model is not User:
                continue
            is_list = isinstance(field, models.ManyToManyField)
            protects = getattr(field.remote_field, "on_delete", None) is models.PROTECT
            yield Key(model, field.name, str(field.verbose_name), is_list, protects)
