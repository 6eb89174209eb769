"""Behind a proxy the visitor's address is the one it saw, or one guesser would lock out a whole town hall."""

import runpy
from pathlib import Path
from typing import Any

import pytest
from allauth.core.internal.httpkit import get_client_ip
from django.conf import settings
from django.test import RequestFactory, override_settings


def settings_with(monkeypatch: pytest.MonkeyPatch, **environment: str) -> dict[str, Any]:
    for name, value in {"DEMO": "1", **environment}.items():
        monkeypatch.setenv(name, value)
    return runpy.run_path(str(Path(settings.BASE_DIR) / "integrity_portal" / "settings.py"))


def test_a_visitor_is_told_apart_behind_the_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    trusted = settings_with(monkeypatch, BEHIND_PROXY="1")["ALLAUTH_TRUSTED_PROXY_COUNT"]
    # What the visitor wrote in the header comes first, what the proxy added last.
    request = RequestFactory().get("/", headers={"X-Forwarded-For": "192.0.2.9, 198.51.100.7"})
    with override_settings(ALLAUTH_TRUSTED_PROXY_COUNT=trusted):
        assert get_client_ip(request) == "198.51.100.7"


def test_without_a_proxy_the_header_counts_for_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    assert "ALLAUTH_TRUSTED_PROXY_COUNT" not in settings_with(monkeypatch)
    request = RequestFactory().get("/", headers={"X-Forwarded-For": "192.0.2.9"})
    assert get_client_ip(request) == "127.0.0.1"
