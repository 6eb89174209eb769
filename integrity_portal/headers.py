"""What every answer tells the browser besides its content; the rest of it is in settings.py."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from django.http import HttpRequest
from django.http.response import HttpResponseBase

GetResponse = Callable[[HttpRequest], HttpResponseBase]
# What a browser can do that no page asks for, nor anything that would get into one: all that Chromium 156
# knows, but for hints about the screen. Passkeys are for the portal itself.
DENIED: Final = """
accelerometer aria-notify autoplay browsing-topics camera captured-surface-control clipboard-read
clipboard-write compute-pressure digital-credentials-create digital-credentials-get display-capture
encrypted-media fullscreen gamepad geolocation gyroscope hid identity-credentials-get idle-detection
keyboard-map language-detector language-model local-fonts local-network local-network-access
loopback-network magnetometer microphone midi on-device-speech-recognition otp-credentials payment
picture-in-picture private-state-token-issuance private-state-token-redemption screen-wake-lock serial
speaker-selection storage-access summarizer sync-xhr translator unload usb window-management
xr-spatial-tracking
"""
OWN: Final = ("publickey-credentials-create", "publickey-credentials-get")
PERMISSIONS_POLICY: Final = ", ".join(
    [*(f"{feature}=()" for feature in DENIED.split()), *(f"{feature}=(self)" for feature in OWN)]
)


def protections(get_response: GetResponse) -> GetResponse:
    """Denies by default: no other site gets at an answer, and no cache keeps one that does not say it may.

    Pages of someone who signed in stay out of every cache, also after signing out on a shared laptop. Nobody
    is asked who they are for it: a page that anyone may keep must not vary by cookie.
    """

    def middleware(request: HttpRequest) -> HttpResponseBase:
        response = get_response(request)
        headers = response.headers
        headers.setdefault("Cache-Control", "no-store")
        headers.setdefault("Permissions-Policy", PERMISSIONS_POLICY)
        headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        headers.setdefault("X-Permitted-Cross-Domain-Policies", "none")
        if headers.get("Content-Type", "").startswith("text/html"):
            headers.setdefault("Cross-Origin-Embedder-Policy", "require-corp")
            headers.setdefault("Origin-Agent-Cluster", "?1")
        return response

    return middleware


def of_files(headers: dict[str, str], path: str, url: str) -> None:
    """WHITENOISE_ADD_HEADERS_FUNCTION: what other sites may do with our styles and scripts is nothing."""
    headers["Cross-Origin-Resource-Policy"] = "same-origin"
