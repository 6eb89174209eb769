"""Where to report a weakness: a file that RFC 9116 asks for, from the settings."""

from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client
from django.utils import timezone
from environs import ValidationError
from pytest_django import Settings

from integrity_portal import setting_forms

ADDRESS = "/.well-known/security.txt"


def test_it_names_the_contact_and_a_day_in_the_coming_year(client: Client, settings: Settings) -> None:
    settings.SECURITY_CONTACT = "mailto:security@portaal.example"
    settings.PORTAL_URL = "https://portaal.example"
    response = client.get(ADDRESS)
    assert response["Content-Type"] == "text/plain; charset=utf-8"
    fields = dict(line.split(": ", 1) for line in response.content.decode().splitlines())
    expires = datetime.strptime(fields.pop("Expires"), "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
    assert timedelta(days=100) < expires - timezone.now() < timedelta(days=365)
    assert fields == {
        "Contact": "mailto:security@portaal.example",
        "Preferred-Languages": "nl, en",
        "Canonical": f"https://portaal.example{ADDRESS}",
    }


def test_without_a_contact_there_is_none(client: Client, settings: Settings) -> None:
    settings.SECURITY_CONTACT = ""
    assert client.get(ADDRESS).status_code == 404


@pytest.mark.parametrize("contact", ["security@portaal.example", "http://portaal.example", "mailto:x"])
def test_a_contact_that_nobody_can_use_is_refused(contact: str) -> None:
    with pytest.raises(ValidationError):
        setting_forms.contact(contact)
