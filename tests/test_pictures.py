"""The pictures: one SVG for the page and the PDF, readable without colour and without eyes."""

import logging
import re
from io import BytesIO
from itertools import pairwise
from pathlib import Path
from xml.etree import ElementTree

import pypdfium2
import pytest
import weasyprint
from fontTools.ttLib import TTFont

from organisations.colours import contrast, luminance
from reports import pictures
from reports.pictures import Bar, ChainLink, Opinion, Stack, Voice, metrics
from tests.test_look import READABLE

STATIC = Path(__file__).parent.parent / "static"
SVG = "{http://www.w3.org/2000/svg}"
LINKS = [
    ChainLink("Pro-actie", 2.5, "tussen Vastgelegd en Gedaan", note="voorlopig"),
    ChainLink("Preventie", 4, "Lerend"),
    ChainLink("Preparatie", 0, "Niet", weakest=True),
    ChainLink("Repressie", None, "te weinig inzicht"),
    ChainLink("Nazorg", 3, "Gedaan", note="voorlopig: nog niet alle vragen beantwoord"),
]
BARS = [
    Bar("Richting en voorbeeld", 2.5, "2,5"),
    Bar("Vertrouwenspersoon en durven melden, ook als dat lastig is voor <wie> & “hoe”", 0, "0"),
    Bar("Onafhankelijkheidswaarborgingsinstrumentariumbeheersorganisatie", 4, "4"),
    Bar("Kwetsbaarheden kennen", None, "te weinig inzicht"),
]
STACKS = [
    Stack("Pro-actie", {"0": 1, "1": 3, "2": 6, "3": 4, "4": 1, "unknown": 1}),
    Stack("Preventie", {"2": 70, "3": 1, "not_applicable": 2, "not_occurred": 4, "unanswered": 5}),
    Stack("Niets", {}),
]
LADDER = ["Niet", "Soms", "Vastgelegd", "Gedaan", "Lerend"]
VOICES = [
    Voice("Bram", 0),
    Voice("Fatima El Amrani-van den Heuvel", 3),
    Voice("Karim", 3),
    Voice("Ongehoordlangeachternaamzonderspaties", 4),
    Voice("Daan", None, "Weet ik niet"),
    Voice("Hanneke van der Meulen-Oldenzaal tot en met Hoogstraten", None, "Niet van toepassing"),
    Voice("Joke", None, "Niet voorgekomen"),
    Voice("Wim", None, "Weet ik niet"),
]
OPINIONS = [
    Opinion(
        "In mijn team kun je zeggen dat iets niet klopt, ook als dat <lastig> is voor een ander.",
        (13, 70, 17, 0),
        ("13%", "70%", "17%", "bijna niemand"),
        (57, 80),
        "tussen 57% en 80%",
    ),
    Opinion(
        "Wij leren.",
        (0, 100, 0, 0),
        ("bijna niemand", "bijna iedereen", "bijna niemand", "bijna niemand"),
        (72, 100),
        "minstens 72%",
    ),
    Opinion("Ik weet wie het is.", None, hidden="te weinig antwoorden om te tonen zonder iemand te verraden"),
]
DRAWN = {
    "chain": pictures.chain("keten", LINKS),
    "chain_tall": pictures.chain_tall("keten-staand", LINKS),
    "bars": pictures.bars("balken", "Thema’s", BARS),
    "wide bars": pictures.bars("brede-balken", "Thema’s", BARS, wide=760),
    "profile": pictures.profile("profiel", "Profiel", [Bar(x.title, x.printed, x.figure) for x in LINKS]),
    "distribution": pictures.distribution("verdeling", "Verdeling", STACKS),
    "spread": pictures.spread("uiteen", "Uiteen", VOICES, LADDER, agreed=2),
    "spread tall": pictures.spread_tall("uiteen-staand", "Uiteen", VOICES, LADDER, agreed=2),
    "spread of one": pictures.spread("een", "Een", VOICES[:1], LADDER),
    "spread of none": pictures.spread_tall("geen", "Geen", [], LADDER),
    "opinions": pictures.opinions("meningen", "Meningen", OPINIONS),
    "wide opinions": pictures.opinions("brede-meningen", "Meningen", OPINIONS, wide=760),
    "no opinions": pictures.opinions("zonder-meningen", "Meningen", OPINIONS[2:]),
    "wide distribution": pictures.distribution("brede-verdeling", "Verdeling", STACKS, wide=760),
}
TOKENS = (STATIC / "src" / "tokens.css").read_text(encoding="utf-8")
SHEETS = sorted((STATIC / "themes").glob("*.css"))
EACH = pytest.mark.parametrize("name", DRAWN)


def tree(name: str) -> ElementTree.Element:
    return ElementTree.fromstring(DRAWN[name])


def texts(svg: ElementTree.Element) -> list[str]:
    return [text.text or "" for text in svg.iter(f"{SVG}text")]


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda sheet: sheet.stem)
def test_the_levels_can_be_told_apart_and_their_numbers_read_in_every_house_style(sheet: Path) -> None:
    """A house style without colours of its own for the levels has those of tokens.css."""
    named = dict(re.findall(r"--picture-([0-4]|ink|empty): (#[0-9a-f]{6});", (TOKENS + sheet.read_text())))
    levels = [named[str(level)] for level in range(5)]
    for lighter, darker in pairwise(levels):
        assert luminance(lighter) > luminance(darker) and contrast(lighter, darker) >= 1.3
    assert all(contrast(named["ink"], level) >= READABLE for level in levels[:3])
    assert all(contrast(named["empty"], level) >= READABLE for level in levels[3:])


@EACH
def test_a_picture_is_one_image_with_a_title_first_and_a_description(name: str) -> None:
    svg = tree(name)
    title, description = list(svg)[:2]
    assert (svg.tag, svg.get("role")) == (f"{SVG}svg", "img")
    assert (title.tag, description.tag) == (f"{SVG}title", f"{SVG}desc")
    assert title.text and description.text
    assert svg.get("aria-labelledby") == f"{title.get('id')} {description.get('id')}"


@EACH
def test_nothing_in_a_picture_is_refused_by_the_security_policy_or_dear_in_the_pdf(name: str) -> None:
    for element in tree(name).iter():
        assert element.tag.removeprefix(SVG) in {"svg", "title", "desc", "g", "path", "rect", "text"}
        assert not {"style", "opacity", "text-anchor", "fill", "stroke", "onclick", "href"} & set(
            element.keys()
        )


@EACH
def test_every_text_stays_inside_its_picture(name: str) -> None:
    svg = tree(name)
    *_, wide, high = map(float, svg.get("viewBox", "").split())
    for text in svg.iter(f"{SVG}text"):
        size, x, y = (float(text.get(key, "")) for key in ("font-size", "x", "y"))
        strong = "picture-strong" in text.get("class", "")
        assert 0 <= x <= x + metrics.width(text.text or "", size, strong) <= wide + 0.1, text.text
        assert 0.7 * size <= y <= high, text.text


def test_every_class_of_a_picture_has_a_style() -> None:
    style = (STATIC / "src" / "pictures.css").read_text(encoding="utf-8")
    used = {
        kind
        for drawn in DRAWN.values()
        for kinds in re.findall(r'class="([^"]+)"', drawn)
        for kind in kinds.split()
    }
    named = {kind for kind in used if kind != "picture" and not kind.startswith("picture--")}
    assert named <= set(re.findall(r"\.([\w-]+) \{", style))


def test_no_id_stands_twice_on_a_page_with_all_pictures() -> None:
    ids = re.findall(r' id="([^"]+)"', "".join(DRAWN.values()))
    assert len(ids) == len(set(ids)) == 2 * len(DRAWN)


def test_text_from_elsewhere_is_text_and_nothing_more() -> None:
    nasty = "<script>alert('x')</script> & \x00\x1b ‘ja’"
    for drawn in (
        pictures.bars('a"><b', nasty, [Bar(nasty, 1, nasty)], wide=760),
        pictures.chain("c", [ChainLink(nasty, 1, nasty, True, nasty)]),
        pictures.distribution("d", nasty, [Stack(nasty, {"1": 1})], wide=760),
        pictures.spread("s", nasty, [Voice(nasty, 1), Voice("x", None, nasty)], LADDER),
        pictures.opinions("o", nasty, [Opinion(nasty, None, hidden=nasty)]),
    ):
        assert "<script" not in drawn
        found = " ".join(text for text in ElementTree.fromstring(drawn).itertext())
        assert "<script>alert('x')</script>" in found
        assert "\x00" not in found


def test_the_chain_names_its_weakest_link_and_cracks_it() -> None:
    for name in ("chain", "chain_tall"):
        svg = tree(name)
        assert "zwakste schakel" in texts(svg)
        assert "Zwakste schakel: Preparatie (0)." in (svg.findtext(f"{SVG}title") or "")
        assert "Preparatie: 0, Niet (zwakste schakel)" in (svg.findtext(f"{SVG}desc") or "")
        cracks = [path for path in svg.iter(f"{SVG}path") if path.get("class") == "picture-ring picture-edge"]
        assert len(cracks) == 1


def test_the_chain_prints_every_level_in_numbers_and_words() -> None:
    for name in ("chain", "chain_tall"):
        found = texts(tree(name))
        assert {"Pro-actie", "2,5", "4", "0", "?", "3", "Lerend", "te weinig inzicht"} <= set(found)
        assert "tussen Vastgelegd en Gedaan" in " ".join(found)


def test_a_stronger_link_has_a_thicker_wire() -> None:
    wires = [ChainLink("x", half / 2, "").wire for half in range(9)]
    assert wires == sorted(set(wires))


def test_neighbouring_links_hang_in_one_another() -> None:
    """Each but the last lies under its next one, and over it where it is drawn again."""
    kinds = [path.get("class", "") for path in tree("chain").iter(f"{SVG}path")]
    rings = [kind for kind in kinds if kind.startswith("picture-ring picture-") and not kind.endswith("edge")]
    patches = [
        kind for kind in kinds if kind.endswith("picture-edge") and kind != "picture-ring picture-edge"
    ]
    assert (len(rings), len(patches)) == (5, 4)


def test_a_bar_is_as_long_as_its_value_and_zero_still_shows() -> None:
    rows = [Bar("a", 4, "4"), Bar("b", 2, "2"), Bar("c", 0, "0")]
    svg = ElementTree.fromstring(pictures.bars("b", "b", rows))
    lengths = [
        float(r.get("width", "")) for r in svg.iter(f"{SVG}rect") if "picture-bar" in r.get("class", "")
    ]
    assert lengths[0] == pytest.approx(2 * lengths[1], abs=0.1)
    assert 0 < lengths[2] < 5


def test_a_stack_shows_each_part_in_proportion_with_its_number_where_that_fits() -> None:
    svg = ElementTree.fromstring(pictures.distribution("d", "d", [Stack("Alle", {"1": 60, "2": 20, "3": 1})]))
    rects = [r for r in svg.iter(f"{SVG}rect") if r.get("height") == "28"]
    lengths = [float(r.get("width", "")) for r in rects]
    assert lengths[0] == pytest.approx(3 * lengths[1], abs=0.3)
    assert {"60", "20"} <= set(texts(svg))
    assert "3 gedaan: 1" in (svg.findtext(f"{SVG}desc") or "")


def test_the_legend_names_the_states_that_occur_and_no_others() -> None:
    svg = ElementTree.fromstring(pictures.distribution("d", "d", [Stack("Alle", {"1": 3, "unknown": 1})]))
    assert {"0 niet", "4 lerend", "weet ik niet"} <= set(texts(svg))
    assert not {"niet voorgekomen", "niet beantwoord"} & set(texts(svg))


def dots(svg: ElementTree.Element, kind: str) -> int:
    return sum(path.get("class") == f"picture-ring picture-{kind}" for path in svg.iter(f"{SVG}path"))


@pytest.mark.parametrize("name", ["spread", "spread tall"])
def test_everyone_is_a_dot_on_their_level_or_apart_without_one(name: str) -> None:
    svg = tree(name)
    assert [dots(svg, f"level-{level}") for level in range(5)] == [1, 0, 0, 2, 1]
    assert dots(svg, "unknown") == 4
    assert {"Bram", "Karim", "0 Niet", "2 Vastgelegd", "Daan: weet ik niet", "afgesproken"} <= set(texts(svg))


def test_the_spread_says_in_words_who_stands_where_and_how_far_apart() -> None:
    description = tree("spread").findtext(f"{SVG}desc") or ""
    assert "0 Niet: Bram; 3 Gedaan: Fatima El Amrani-van den Heuvel, Karim; 4 Lerend:" in description
    assert "Weet ik niet: Daan;" in description
    assert description.endswith("4 niveaus verschil; afgesproken is niveau 2.")
    assert "4 niveaus verschil" in texts(tree("spread"))


def test_who_agree_have_no_measure_between_them_and_nobody_is_said_to_be_nobody() -> None:
    assert not [content for content in texts(tree("spread of one")) if "verschil" in content]
    assert texts(tree("spread of none"))[-1] == "Niemand heeft deze vraag beantwoord."


def test_people_on_one_level_stand_one_above_the_other() -> None:
    svg = ElementTree.fromstring(pictures.spread("s", "s", [Voice(f"P{n}", 2) for n in range(12)], LADDER))
    rows = [float(one.get("y", "")) for one in svg.iter(f"{SVG}text") if (one.text or "").startswith("P")]
    assert len(rows) == 12 and all(below - above >= 20 for above, below in pairwise(rows))


@pytest.mark.parametrize(
    ("file", "table"), [("400Regular", metrics.REGULAR), ("600SemiBold", metrics.STRONG)]
)
def test_the_widths_are_those_of_the_font(file: str, table: tuple[int, ...]) -> None:
    font = TTFont(STATIC / "build" / "fonts" / "pdf" / f"SourceSans3_{file}.ttf")
    names, advances, em = font.getBestCmap(), font["hmtx"], font["head"].unitsPerEm
    for place, width in enumerate(table):
        assert width == round(advances[names[place + 32]][0] * 1000 / em), chr(place + 32)
    for letter in "éëïöüóèçÉÖ":
        assert abs(metrics.advance(letter, table) - advances[names[ord(letter)]][0] * 1000 / em) <= 1, letter


def test_words_wrap_at_spaces_and_a_word_too_long_is_cut() -> None:
    assert metrics.wrap("tussen Vastgelegd en Gedaan", 150, 18) == ["tussen Vastgelegd", "en Gedaan"]
    assert metrics.wrap("", 100, 15) == []
    (cut,) = metrics.wrap("Onafhankelijkheidswaarborg", 60, 15)
    assert cut.endswith("…") and metrics.width(cut, 15) <= 60


def test_weasyprint_draws_every_picture_without_a_word_of_complaint(caplog: pytest.LogCaptureFixture) -> None:
    """A fault inside an SVG is only logged, and the rest of the page is drawn clipped: so no line at all."""
    style = (STATIC / "build" / "pictures.css").read_text(encoding="utf-8")
    dressed = "".join(drawn.replace("</svg>", f"<style>{style}</style></svg>") for drawn in DRAWN.values())
    page = f'<html lang="nl"><title>Platen</title><style>svg {{ width: 17cm }}</style>{dressed}'
    with caplog.at_level(logging.WARNING, logger="weasyprint"):
        pdf = weasyprint.HTML(string=page).write_pdf(pdf_variant="pdf/ua-1")
    assert [record.message for record in caplog.records if record.name == "weasyprint"] == []
    read = " ".join(page.get_textpage().get_text_bounded() for page in pypdfium2.PdfDocument(BytesIO(pdf)))
    for word in ("zwakste schakel", "tussen Vastgelegd", "2,5", "niet voorgekomen", "Kwetsbaarheden kennen"):
        assert word in read


def test_a_statement_has_its_four_figures_from_left_to_right_and_its_words() -> None:
    """Disagreeing bars end where agreeing ones begin; all are drawn on one scale."""
    svg = tree("wide opinions")
    bars = [rect for rect in svg.iter(f"{SVG}rect") if "picture-bar" in (rect.get("class") or "")][:4]
    kinds = [(rect.get("class") or "").removeprefix("picture-bar picture-") for rect in bars]
    assert kinds == ["disagree", "agree", "neutral", "unknown"]
    left, right, neutral, unknown = [
        (float(rect.get("x", "")), float(rect.get("width", ""))) for rect in bars
    ]
    assert sum(left) == pytest.approx(right[0], abs=0.2)
    assert left[1] / 13 == pytest.approx(right[1] / 70, abs=0.01) == pytest.approx(neutral[1] / 17, abs=0.02)
    assert unknown[1] == 2  # none: only where it would begin
    description = list(svg)[1].text or ""
    assert "eens 70% (tussen 57% en 80%), neutraal 17%, oneens 13%, weet ik niet bijna niemand" in description


def test_a_statement_that_is_not_shown_has_no_bar_and_says_why() -> None:
    svg = tree("no opinions")
    assert not [rect for rect in svg.iter(f"{SVG}rect") if "picture-bar" in (rect.get("class") or "")]
    assert "zonder iemand te verraden" in " ".join(texts(svg))
