"""What the browser needs to ask for a passkey, as JSON for an attribute of the page."""

import json
from collections.abc import Mapping
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder


def as_json(options: Mapping[str, Any]) -> str:
    """The options that allauth made for `navigator.credentials`; binary values are base64url in them."""
    return json.dumps(options, cls=DjangoJSONEncoder)


def for_any_device(options: dict[str, Any]) -> dict[str, Any]:
    """The same for a new passkey that can also sign in by itself, on every device that is able to.

    allauth asks for one of two kinds, and makes the person choose; a key without a PIN still does as a second
    factor.
    """
    chosen = {**options["publicKey"].get("authenticatorSelection", {})}
    chosen |= {"residentKey": "preferred", "requireResidentKey": False, "userVerification": "preferred"}
    extensions = {**options["publicKey"].get("extensions", {}), "credProps": True}
    return {
        **options,
        "publicKey": {
            **options["publicKey"],
            "authenticatorSelection": chosen,
            "extensions": extensions,
        },
    }
