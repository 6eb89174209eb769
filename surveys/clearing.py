"""What must be settled with others before a survey opens, by audience. Pure; why stands in the template."""

_ALWAYS = {
    "dpia": "Functionaris gegevensbescherming (FG) en DPIA",
    "privacy_notice": "Privacyverklaring",
}
# Council members have no works council; who speaks for all of them is the presidium.
_TITLES = {
    "staff": {"works_council": "Ondernemingsraad (OR)", **_ALWAYS},
    "council": {"works_council": "Presidium", **_ALWAYS},
}


def titles(audience: str) -> dict[str, str]:
    """By kind of clearance what it is called for this audience, in the order of the list."""
    return _TITLES[audience]
