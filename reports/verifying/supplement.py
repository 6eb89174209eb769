"""The supplement beside an account: that it belongs to it, and tells what the account says."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

from assessments.supplement import SCHEMA, SupplementDocument
from chain.trend import Trend
from reports.verifying.comparing import differences, shown
from reports.verifying.findings import Finding, Told, Unreadable

KEYS = frozenset(SupplementDocument.__required_keys__ | SupplementDocument.__optional_keys__)
CODE = re.compile(r"[2-9B-DF-HJKMNP-TV-XZ]{4}-[2-9B-DF-HJKMNP-TV-XZ]{4}")


def checked_form(document: Any) -> dict[str, Any]:
    """The document, when it is a supplement at all. Raises Unreadable."""
    parts = ("account", "edition")
    if not isinstance(document, dict) or document.get("schema") != SCHEMA:
        raise Unreadable("de aanvulling is geen aanvulling van het integriteitsportaal")
    if not all(isinstance(document.get(key), dict) for key in parts):
        raise Unreadable("de aanvulling noemt de gegevens niet waar zij bij hoort")
    return document


def supplement_differences(
    document: dict[str, Any], account: dict[str, Any], digest: str
) -> Iterator[Finding]:
    """Where a supplement does not fit the account with this digest."""
    for key in sorted(document.keys() - KEYS):
        yield Finding("aanvulling", f"{shown(key)} hoort hier niet")
    named = {"digest": digest, "version": account["round"]["version"]}
    yield from differences("aanvulling.account", document["account"], named)
    edition = document["edition"]
    code, address = edition.get("code"), edition.get("address")
    if code and not (isinstance(code, str) and CODE.fullmatch(code)):
        yield Finding("aanvulling.edition.code", f"{shown(code)} is geen code van een verslag")
    elif code and not str(address).endswith(f"/controle/{code}/"):
        yield Finding("aanvulling.edition.address", f"{shown(address)} is niet het adres van deze code")
    yield from change_differences(document.get("change"), account)


def is_readable(change: Any) -> bool:
    """Whether a change since the year before has a list of links to compare."""
    links = change.get("links") if isinstance(change, dict) else None
    return isinstance(links, list) and all(isinstance(one, dict) for one in links)


def change_differences(change: Any, account: dict[str, Any]) -> Iterator[Finding]:
    """Where "now" in the change since the year before is not what the account prints."""
    if change is None:
        return
    links = account["results"]["links"]
    if not is_readable(change):
        yield Finding("aanvulling.change", "is niet te lezen")
        return
    now = [{"slug": link["slug"], "now": link["printed"]} for link in links]
    said = [{"slug": one.get("slug"), "now": one.get("now")} for one in change["links"]]
    yield from differences("aanvulling.change.links", said, now)


def trend_differences(change: dict[str, Any], computed: Trend) -> Iterator[Finding]:
    """Where the change does not follow from the answers of both years, by the rules of `chain.trend`."""
    place = "aanvulling.change"
    yield from differences(f"{place}.links", change["links"], [asdict(one) for one in computed.links])
    shown_ = {
        "newly_shown": list(computed.newly_shown),
        "no_longer_shown": list(computed.no_longer_shown),
    }
    yield from differences(f"{place}.legal", change.get("legal"), shown_)


def earlier_differences(change: Any, before: dict[str, Any], earlier: Told) -> Iterator[Finding]:
    """Where the change since the year before does not name the earlier account or its levels."""
    place = "aanvulling.change"
    named = {"digest": earlier.account, "year": earlier.year, "adopted": earlier.adopted}
    yield from differences(place, {key: change.get(key) for key in named}, named)
    results = before.get("results")
    links = results.get("links") if isinstance(results, dict) else None
    printed = {link.get("slug"): link.get("printed") for link in links or [] if isinstance(link, dict)}
    for link in change["links"]:
        wanted = printed.get(link.get("slug"))
        yield from differences(f"{place}.links[{shown(link.get('slug'))}].before", link.get("before"), wanted)
