"""An organisation's house style: a sheet that is there, or its own two colours, logo and address."""

from __future__ import annotations

import io
from collections.abc import Callable

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.test import Client
from PIL import Image, ImageFile, PngImagePlugin

from organisations.drawing import LogoRefused
from organisations.letter import Kind, Letter
from organisations.logos import MAX_BYTES, read_logo
from organisations.models import HouseStyle, Logo, Organisation, User, known_theme, themes
from reports.style import style_of
from tests.styles import ACCENT, COLOUR, SVG, make_style

ClientOf = Callable[[str], Client]
PAGE = "/organisaties/waterrijk/huisstijl/"
TYPED = {"colour": COLOUR, "accent": ACCENT, "address": "Waterpad 1\r\n\r\n1234  AB Waterrijk"}


def png(width: int = 400, height: int = 200, mode: str = "RGBA") -> bytes:
    """A picture that says more than it shows."""
    said = PngImagePlugin.PngInfo()
    said.add_text("Comment", "<script>alert(1)</script>")
    written = io.BytesIO()
    Image.new(mode, (width, height), (14, 97, 108, 200)[: len(mode)]).save(written, "PNG", pnginfo=said)
    return written.getvalue() + b"<script>alert(1)</script>"


def test_the_house_styles_are_the_sheets_in_static_themes() -> None:
    assert {"portaal", "waterrijk", "hoogezand"} <= set(themes())


def test_a_house_style_without_a_sheet_is_refused() -> None:
    known_theme("portaal")
    with pytest.raises(ValidationError):
        known_theme("nergens")


def test_a_png_is_drawn_again_without_what_else_was_in_it() -> None:
    logo = read_logo(png())
    assert (logo.kind, logo.width, logo.height) == ("png", 400, 200)
    assert b"script" not in logo.content and b"Comment" not in logo.content
    with Image.open(io.BytesIO(logo.content)) as drawn:
        assert drawn.getpixel((9, 9)) == (14, 97, 108, 200)
    large = read_logo(png(2400, 600, "RGB"))
    assert (large.width, large.height) == (1200, 300)


@pytest.mark.parametrize(
    "content",
    [b"", b"GIF89a", b"%PDF-1.7", png()[:200], png(20, 20), png(4000, 90), b"<" * (MAX_BYTES + 1)],
    ids=["empty", "gif", "pdf", "half", "small", "thread", "large"],
)
def test_what_is_no_logo_is_refused(content: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ImageFile, "LOAD_TRUNCATED_IMAGES", True)  # as WeasyPrint leaves it
    with pytest.raises(LogoRefused):
        read_logo(content)


def test_a_house_style_is_looked_at_before_it_is_used(client_of: ClientOf) -> None:
    bea, anna = client_of("bea"), client_of("anna")
    file = SimpleUploadedFile("logo.svg", SVG.encode())
    sent = bea.post(PAGE, TYPED | {"logo": file, "logo_text": "Gemeente Waterrijk"})
    style = HouseStyle.objects.get()
    assert sent["Location"] == f"{PAGE}{style.pk}/"
    shown = bea.get(sent["Location"]).content.decode()
    assert style.sheet in shown and style.logo and shown.count(style.logo.address) == 2
    assert "Voldoet aan WCAG 2.2" in shown and "7,1 op 1" in shown and "1234 AB Waterrijk" in shown
    assert style.sheet not in anna.get("/").content.decode()  # not used yet

    bea.post(sent["Location"])
    page = anna.get("/").content.decode()
    assert style.sheet in page and style.logo.address in page
    assert style.sheet not in client_of("chris").get("/").content.decode()


def test_an_earlier_house_style_can_be_put_back(client_of: ClientOf, cast: dict[str, User]) -> None:
    bea = client_of("bea")
    first = make_style(cast["bea"])
    first.use()
    second = make_style(cast["bea"], colour="#7a1f3d", accent="#7a1f3d")
    second.use()
    page = bea.get(PAGE).content.decode()
    assert page.index("#7a1f3d, met logo") < page.index(f"{COLOUR} en {ACCENT}, met logo")
    assert "Zet deze huisstijl terug" in bea.get(f"{PAGE}{first.pk}/").content.decode()
    bea.post(f"{PAGE}{first.pk}/")
    assert Organisation.objects.get(slug="waterrijk").style == first
    assert HouseStyle.objects.count() == 2


def test_what_was_proposed_and_never_used_makes_way(cast: dict[str, User]) -> None:
    used = make_style(cast["bea"])
    used.use()
    make_style(cast["bea"], colour="#7a1f3d")
    last = make_style(cast["bea"], colour="#123456")
    other = make_style(cast["chris"])
    assert set(HouseStyle.objects.all()) == {used, last, other}


def test_a_colour_that_cannot_be_read_is_refused_with_the_nearest_that_can(client_of: ClientOf) -> None:
    bea = client_of("bea")
    typed = TYPED | {"colour": "#F7A600", "accent": "fff"}
    refused = bea.post(PAGE, typed)
    page = refused.content.decode()
    assert refused.status_code == 422 and not HouseStyle.objects.exists()
    assert "Het contrast is 2 op 1. Nodig is ten minste 4,5 op 1." in page
    assert 'href="#id_colour"' in page and 'href="#id_accent"' in page, "the summary leads to each fault"
    assert "Het contrast is 1 op 1. Nodig is ten minste 3 op 1." in page
    assert 'value="colour:#a16c00"' in page and "Waterpad 1" in page
    taken = bea.post(PAGE, typed | {"take": "colour:#a16c00", "accent": ""})
    assert taken.status_code == 302
    style = HouseStyle.objects.get()
    assert (style.colour, style.accent) == ("#a16c00", "#a16c00")


def test_a_logo_is_not_lost_when_something_else_is_refused(client_of: ClientOf) -> None:
    bea = client_of("bea")
    file = SimpleUploadedFile("logo.svg", SVG.encode())
    refused = bea.post(PAGE, TYPED | {"logo": file})
    logo = Logo.objects.get()
    assert refused.status_code == 422 and f'value="{logo.pk}"' in refused.content.decode()
    assert "Schrijf op wat er op het logo staat." in refused.content.decode()
    bea.post(PAGE, TYPED | {"kept": logo.pk, "logo_text": "Gemeente Waterrijk"})
    assert HouseStyle.objects.get().logo == logo


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"colour": "blauw"}, "Vul een kleur in zoals #1b5a8e"),
        ({"colour": ""}, "Vul ook de eerste kleur in"),
        ({"address": "\n".join("abcdefg")}, "Het adresblok heeft 7 regels"),
        ({"website": "geen adres"}, "geldige URL"),
        ({"logo": SimpleUploadedFile("logo.svg", b"<html/>")}, "geen goede SVG"),
    ],
)
def test_what_is_wrong_is_said_where_it_is(client_of: ClientOf, typed: dict[str, object], said: str) -> None:
    refused = client_of("bea").post(PAGE, TYPED | typed)
    assert refused.status_code == 422 and said in refused.content.decode()


def test_without_colours_those_of_the_theme_stay(client_of: ClientOf, cast: dict[str, User]) -> None:
    Organisation.objects.filter(slug="waterrijk").update(theme="waterrijk")
    style = make_style(cast["bea"], colour="", accent="")
    style.use()
    page = client_of("anna").get("/").content.decode()
    assert "themes/waterrijk.css" in page and style.logo and style.logo.address in page
    told = Organisation.objects.get(slug="waterrijk").style_told()
    assert told and told["colour"] == "#0e616c" and told["logo"] == style.logo_id


def test_the_sheet_and_the_logo_are_for_everybody_and_for_ever(cast: dict[str, User], client: Client) -> None:
    style = make_style(cast["bea"])
    assert style.logo
    for address, kind in ((style.sheet, "text/css; charset=utf-8"), (style.logo.address, "image/svg+xml")):
        answer = client.get(address)
        assert answer.status_code == 200 and answer["Content-Type"] == kind
        assert answer["Cache-Control"] == "public, max-age=31536000, immutable"
        assert answer["Content-Security-Policy"] == "sandbox; default-src 'none'"
        assert "Set-Cookie" not in answer and "Cookie" not in answer.get("Vary", "")
    assert client.get(style.logo.address.replace(".svg", ".png")).status_code == 404
    assert client.get("/huisstijl/1-ffffff-0e616c.css").status_code == 404  # nobody could read it


def test_a_mail_has_the_colours_and_the_address_and_no_picture(cast: dict[str, User]) -> None:
    make_style(cast["bea"]).use()
    organisation = Organisation.objects.get(slug="waterrijk")
    words = {
        "link": "https://x.example/",
        "round": "Jaarronde",
        "sender": "Anna",
        "number": 1,
        "deadline": None,
    }
    letter = Letter(
        Kind.ASKED, "k", organisation, "a@b.example", "Bram", "Dag", "assessments/mail/asked", None
    )
    text, html = Letter(
        **{name: getattr(letter, name) for name in letter.__slots__} | {"words": words}
    ).render()
    assert COLOUR in html and "<img" not in html and "1234 AB Waterrijk" in html
    assert "1234 AB Waterrijk\nhttps://waterrijk.example/" in text


def test_a_paper_has_the_logo_and_the_colours(cast: dict[str, User]) -> None:
    style = make_style(cast["bea"])
    paper = style_of(style.told())
    assert style.logo and paper.files == {"logo.svg": bytes(style.logo.content)}
    assert ACCENT in paper.paper and paper.lines[-1] == "https://waterrijk.example/"
    assert style_of(None).paper == "" and style_of(None).files == {}


def test_the_database_holds_two_colours_or_none_and_a_text_to_a_logo(cast: dict[str, User]) -> None:
    for wrong in ({"accent": ""}, {"colour": "red"}, {"logo_text": ""}):
        with pytest.raises(IntegrityError), transaction.atomic():
            make_style(cast["bea"], **wrong)
