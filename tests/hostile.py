"""Markup in every text that anybody can type or send: what must stay text wherever it is shown."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

from django.apps import apps
from django.db import DatabaseError, models, transaction

from tests.found_forms import MARK

PAYLOAD = f"\"'><{MARK} onclick=alert(1)><img src=x onerror=alert(1)><script>alert(1)</script>{{{{7*7}}}}"
SHORT = f"<{MARK} onload=x>"
APPS = ("assessments", "surveys", "organisations", "reports")
# Not typed by anybody: keys, digests, documents that are frozen, and the chain of the log.
NOT_TYPED = {
    *("slug", "digest", "document", "link", "theme", "question", "area", "file", "content_type", "sha256"),
    *(
        "key",
        "code",
        "parts",
        "box",
        "email",
        "to",
        "html",
        "text_html",
        "password",
        "seed",
        "colour",
        "accent",
    ),
    *("content", "address", "schema", "previous", "chain", "whence", "cbs_code", "token", "stage", "variant"),
}
WHOLE = {"chain", "LogEntry", "LogHead", "Message", "HouseStyle", "Logo", "Survey", "Ballot", "ReportFile"}


def typed_fields() -> list[tuple[type[models.Model], models.Field[Any, Any]]]:
    """Every column that holds what somebody typed."""
    return [
        (model, field)
        for app in APPS
        for model in apps.get_app_config(app).get_models()
        if model.__name__ not in WHOLE
        for field in model._meta.concrete_fields
        if type(field) in (models.CharField, models.TextField)
        and not (field.choices or field.unique or field.name.endswith(("digest", "_key", "_id", "url")))
        and field.name not in NOT_TYPED
    ]


def spread() -> int:
    """Puts the markup in all of them; how many columns took it. The database refuses it for what is fixed."""
    done = 0
    for model, field in typed_fields():
        longest = field.max_length or len(PAYLOAD)
        payload = PAYLOAD if longest >= len(PAYLOAD) else SHORT[:longest]
        rows = model._base_manager.exclude(**{field.name: ""})
        with suppress(DatabaseError), transaction.atomic():
            for number, key in enumerate(rows.values_list("pk", flat=True)):
                told = f"{payload}{number}"[-longest:]  # some must differ within a round
                rows.filter(pk=key).update(**{field.name: told})
                done += not number
    return done
