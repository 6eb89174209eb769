"""What a browser says of itself, in words that its owner recognises. Pure."""

# The first that is named counts: each later one claims to be those before it too.
BROWSERS = {
    "Edg": "Edge",
    "OPR/": "Opera",
    "SamsungBrowser": "Samsung Internet",
    "Firefox": "Firefox",
    "FxiOS": "Firefox",
    "CriOS": "Chrome",
    "Chrome": "Chrome",
    "Safari": "Safari",
}
UNKNOWN = "?"
DEVICES = {
    "iPhone": "iPhone",
    "iPad": "iPad",
    "Android": "Android",
    "Windows": "Windows",
    "Macintosh": "Mac",
    "CrOS": "Chromebook",
    "Linux": "Linux",
}


def browser(user_agent: str) -> str:
    """Such as "Firefox, Windows"; what says nothing known is "?"."""
    named = [
        next((name for sign, name in names.items() if sign in user_agent), "")
        for names in (BROWSERS, DEVICES)
    ]
    return ", ".join(filter(None, named)) or UNKNOWN
