"""What a hostile visitor sends: forms filled in half right and half wrong, as bytes.

FUZZ=20 in the environment tries twenty times as much, and other things each time; without it every run tries
the same, so that a test that passes here passes elsewhere.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any, NamedTuple
from urllib.parse import quote_from_bytes

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st

from tests.found_forms import CHOSEN, MARK, Field, FoundForm

TIMES = int(os.environ.get("FUZZ", "1"))
TEXTS = (
    *("", " ", "\x00", "a\x00b", "\ud800", "\udfff\ud800", "\x07bel", "\x1b[2J", "\u202eomgekeerd", "\ufeff"),
    *("9" * 400, "-1", "0", "1e999", "NaN", "Infinity", "1_000", "²", "٣", "0x10", "2147483648", "-0", "1.5"),
    *("9223372036854775808", "18446744073709551616", "00000000000000000001", "True", "null", "[]", "{}"),
    *("2026-02-30", "9999-12-31", "0001-01-01", "10000-01-01", "2026-11-31", "31-12-2026", "-2026-01-01"),
    *("1900-01-01", "12/12/12", "2026-W01-1", "24:00", "2026-11-22T25:61:61"),
    *(f"<{MARK} onclick=alert(1)>", f"\"'><{MARK} src=x onerror=alert(1)>", f"</textarea><{MARK}>"),
    *(f"</script><{MARK}>", f"]]><{MARK}>", "javascript:alert(1)", "data:text/html,x", "{{ 7|add:7 }}"),
    *("{% now 'Y' %}", "%s%n%d", "{0.__class__}", "$(id)", "`id`", "'; DROP TABLE x; --", "' OR 1=1 --"),
    *("=1+1", "@SUM(A1)", "+cmd|' /C calc'!A0", "-2+3", "\t=1+1"),
    *("a\r\nBcc: wie@elders.example", "regel 1\nregel 2", "a\u2028b", "x@y\r\n.example", "a,b;c"),
    *("../../etc/passwd", "..\\..\\x", "/dev/null", "con", "a" * 300 + ".pdf", "file:///etc/passwd"),
    *("http://169.254.169.254/", "//elders.example/", "https://elders.example\\@x", "http://[::1]/"),
    *("http://[", "http://a:99999999/", "http://xn--/", "https://" + "a" * 3000),
    *("İstanbul", "ﬃ", "ß" * 200, "e\u0301" * 150, "Z\u0351\u036b\u0343" * 60, "👩‍👩‍👧" * 60, "ﷺ" * 40),
    *("a" * 121, "a" * 201, "a" * 4001, "a" * 70_000, "ë" * 4000, "@" * 300, "@Anna " * 400, "\n" * 5000),
    *("wie@elders.example", "a@b", '"x"@y.nl', "a" * 250 + "@x.nl", "wie@[127.0.0.1]", "é@ü.nl"),
)
SOUND = {
    "email": "iemand@elders.example",
    "url": "https://www.waterrijk.example/stuk",
    "password": "een lange zin om te onthouden",
    "color": "#0e616c",
    "number": "3",
}
EXTRA = ("id", "pk", "organisation", "user", "status", "is_superuser", "next", "_method", "version", "keep")
FILES: Mapping[str, bytes] = {
    "leeg.txt": b"",
    "stuk.txt": b"Een gewone tekst.",
    "groepen.csv": "Burgerzaken;30\nFinanciën;14\n".encode(),
    "adressen.csv": b"een@waterrijk.example\ntwee@waterrijk.example\n",
    "a\x00b.txt": b"tekst",
    "\u202etxt.exe": b"MZ\x90\x00",
    f"<{MARK}>.pdf": b"%PDF-1.7\n%%EOF",
    "../../x.xlsx": b"PK\x03\x04\x00\x00",
    "x" * 300 + ".png": b"\x89PNG\r\n\x1a\n",
    "logo.svg": b"<svg xmlns='http://www.w3.org/2000/svg'><!ENTITY",
    "nul.csv": b"a\x00b;1\n\xff\xfe;2\n",
}


class Sent(NamedTuple):
    """What is sent in place of each field, in order; a name may come more than once."""

    values: list[tuple[str, str]]
    files: list[tuple[str, str, bytes]]


def trying(examples: int) -> Any:
    """How hypothesis goes about it: this many examples, the same each time unless FUZZ asks for more."""
    return settings(
        max_examples=examples * TIMES,
        deadline=None,
        derandomize=TIMES == 1,
        database=None,
        phases=(Phase.explicit, Phase.generate, *((Phase.shrink,) if TIMES > 1 else ())),
        suppress_health_check=list(HealthCheck),
    )


def hostile(ids: Sequence[int] = ()) -> st.SearchStrategy[str]:
    """Texts that something may stumble over; `ids` are keys of what is somebody else's."""
    known = st.sampled_from([*TEXTS, *map(str, ids), *map(str, ids)])
    return known | st.text(max_size=40) | st.integers().map(str) | st.tuples(known, known).map("".join)


def _sound(field: Field) -> st.SearchStrategy[str]:
    """What somebody would send who means well."""
    if field.kind in ("select", "hidden", "link", *CHOSEN) and field.offered:
        return st.sampled_from(field.offered)
    if field.kind == "date":
        return st.integers(1, 60).map(lambda days: str(date.today() + timedelta(days)))
    return st.just(next(filter(None, field.offered), SOUND.get(field.kind, "Een gewone tekst.")))


@st.composite
def filled_in(draw: st.DrawFn, form: FoundForm, ids: Sequence[int]) -> Sent:
    """The form filled in soundly but for a few fields, which are wrong, missing or there more than once."""
    plain = [field for field in form.fields if field.kind != "file"]
    names = [field.name for field in plain] or [""]
    wrong = draw(st.dictionaries(st.sampled_from(names), st.lists(hostile(ids), max_size=2), max_size=2))
    if draw(st.integers(0, 9)) == 9:  # the same nonsense everywhere
        nonsense = draw(hostile(ids))
        wrong = {name: [nonsense] for name in names}
    values: list[tuple[str, str]] = []
    button = draw(st.sampled_from([field.name for field in plain if field.kind == "submit"] or [""]))
    for field in plain:
        if field.name in wrong:
            values += [(field.name, value) for value in wrong[field.name]]
        elif field.kind == "checkbox":
            chosen = draw(st.lists(st.sampled_from(field.offered), min_size=1, max_size=3) | st.just([]))
            values += [(field.name, value) for value in chosen]
        elif field.kind != "submit" or field.name == button:
            values.append((field.name, draw(_sound(field))))
    if draw(st.booleans()):
        values.append((draw(st.sampled_from(EXTRA)), draw(hostile(ids))))
    files = [
        (field.name, name, FILES[name])
        for field in form.fields
        if field.kind == "file" and (name := draw(st.sampled_from([*FILES, ""])))
    ]
    return Sent(values, files)


def encoded(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")


def as_query(sent: Sent) -> str:
    pairs = ((encoded(name), encoded(value)) for name, value in sent.values)
    return "&".join(f"{quote_from_bytes(name)}={quote_from_bytes(value)}" for name, value in pairs)


def as_body(sent: Sent, with_files: bool) -> tuple[bytes, str]:
    """The body and its content type."""
    if not with_files:
        return as_query(sent).encode(), "application/x-www-form-urlencoded"
    parts = [(f'name="{name}"', encoded(value)) for name, value in sent.values]
    for name, called, content in sent.files:
        title = called.replace('"', "%22").replace("\r", "").replace("\n", "")
        parts.append((f'name="{name}"; filename="{title}"', content))
    lines = [
        b"--grens\r\nContent-Disposition: form-data; " + encoded(head) + b"\r\n\r\n" + content + b"\r\n"
        for head, content in parts
    ]
    return b"".join(lines) + b"--grens--\r\n", "multipart/form-data; boundary=grens"
