"""A second factor as people have it: the app on their telephone, the codes on paper, and a key."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from hashlib import sha256
from secrets import token_bytes
from typing import Any
from urllib.parse import urlsplit

from allauth.account.utils import user_pk_to_url_str
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, generate_totp_secret, hotp_value
from allauth.mfa.webauthn.internal.auth import WebAuthn
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from django.test import Client
from fido2.cose import ES256
from fido2.utils import websafe_decode, websafe_encode
from fido2.webauthn import Aaguid, AttestationObject, AttestedCredentialData, AuthenticatorData

from organisations.models import User
from tests.cast import PASSWORD

PERIOD = 30


class App:
    """The app of one person, set up; its codes, now or some periods away."""

    def __init__(self, user: User) -> None:
        self.secret = generate_totp_secret()
        TOTP.activate(user, self.secret)
        self.codes: list[str] = RecoveryCodes.activate(user).generate_codes()

    def code(self, periods: int = 0) -> str:
        return shown(self.secret, periods)


def shown(secret: str, periods: int = 0) -> str:
    """What an app with this secret shows."""
    return str(format_hotp_value(hotp_value(secret, int(time.time()) // PERIOD + periods)))


def factors(user: User) -> list[str]:
    return sorted(Authenticator.objects.filter(user=user).values_list("type", flat=True))


def with_password(user: User, **more: str) -> Client:
    """A browser that gave the right password, and nothing else yet."""
    client = Client()
    client.post("/account/login/", {"login": user.email, "password": PASSWORD, **more})
    return client


class Key:
    """A key that one plugs in; its owner set it up. Whoever holds it can touch it, only who knows the PIN
    is verified by it.
    """

    def __init__(self, user: User, origin: str = "https://testserver") -> None:
        self.user, self.origin, self.host = user, origin, urlsplit(origin).hostname or ""
        self.private, self.id = ec.generate_private_key(ec.SECP256R1()), token_bytes(16)
        public = ES256.from_cryptography_key(self.private.public_key())  # type: ignore[no-untyped-call]
        made = AttestedCredentialData.create(Aaguid.NONE, self.id, public)
        response = {
            "clientDataJSON": self._told("webauthn.create", websafe_encode(b"x")),
            "attestationObject": websafe_encode(AttestationObject.create("none", self._data(0x45, made), {})),
        }
        WebAuthn.add(user, "Sleutel", {**self._named(), "response": response})

    def answers(self, options: Mapping[str, Any], *, verified: bool) -> str:
        """What a browser sends back to what a page asked of it."""
        told = self._told("webauthn.get", options["publicKey"]["challenge"])
        data = self._data(0x05 if verified else 0x01)
        signed = data + sha256(websafe_decode(told)).digest()
        response = {
            "clientDataJSON": told,
            "authenticatorData": websafe_encode(data),
            "signature": websafe_encode(self.private.sign(signed, ec.ECDSA(SHA256()))),
            "userHandle": websafe_encode(user_pk_to_url_str(self.user).encode()),
        }
        return json.dumps({**self._named(), "response": response})

    def _named(self) -> dict[str, object]:
        name = websafe_encode(self.id)
        return {"id": name, "rawId": name, "type": "public-key", "clientExtensionResults": {}}

    def _told(self, kind: str, challenge: str) -> str:
        told = {"type": kind, "challenge": challenge, "origin": self.origin}
        return websafe_encode(json.dumps(told).encode())

    def _data(self, flags: int, made: AttestedCredentialData | None = None) -> AuthenticatorData:
        host, said = sha256(self.host.encode()).digest(), AuthenticatorData.FLAG(flags)
        data: AuthenticatorData = AuthenticatorData.create(host, said, 0, made or b"")
        return data
