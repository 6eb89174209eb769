"""A logo that comes as SVG is built anew: it draws, and can do nothing else."""

from __future__ import annotations

from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from organisations.drawing import ELEMENTS, MAX_BYTES, SVG, LogoRefused, rebuilt

HEAD = (
    '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" viewBox="0 0 90 40"'
)
SHAPE = '<path id="p" d="M0 0h10v10z"/>'
# What is known to have gone past sanitisers, or to ask something of elsewhere. Each stands beside a shape.
HOSTILE = {
    "script": "<script>alert(1)</script>",
    "script from elsewhere": '<script href="https://evil.example/x.js"/>',
    "script in a group": "<g><script>alert(1)</script></g>",
    "script with a prefix": '<s:script xmlns:s="http://www.w3.org/2000/svg">alert(1)</s:script>',
    "script of HTML": '<script xmlns="http://www.w3.org/1999/xhtml">alert(1)</script>',
    "script in CDATA of a style": "<style><![CDATA[</style><script>alert(1)</script>]]></style>",
    "event": '<rect width="1" height="1" onload="alert(1)" onclick="alert(1)" onbegin="alert(1)"/>',
    "event in a namespace": '<rect xmlns:e="urn:e" e:onload="alert(1)" width="1" height="1"/>',
    "foreign object": "<foreignObject><body xmlns='http://www.w3.org/1999/xhtml' onload='alert(1)'/>"
    "</foreignObject>",
    "frame": '<iframe xmlns="http://www.w3.org/1999/xhtml" src="javascript:alert(1)"/>',
    "link": '<a href="javascript:alert(1)"><rect width="1" height="1"/></a>',
    "old link": '<a xlink:href="javascript:alert(1)"><rect width="1" height="1"/></a>',
    "animated link": '<set attributeName="href" to="javascript:alert(1)"/><animate attributeName="href"/>',
    "use of elsewhere": '<use href="https://evil.example/x.svg#a"/>',
    "use of data": '<use xlink:href="data:image/svg+xml;base64,PHN2Zz4=#x"/>',
    "style from elsewhere": "<style>@import url(https://evil.example/x.css);.a{fill:url(//evil.example/x)}"
    "</style>",
    "style attribute": '<rect style="fill:url(https://evil.example/a#b);background:url(//x)" width="1"/>',
    "style with an escape": r'<rect style="fill:\75rl(//evil.example)" width="1" height="1"/>',
    "fill from elsewhere": '<rect fill="url(https://evil.example/x#y)" width="1" height="1"/>',
    "fill of a file": '<rect fill="url(x.png)" width="1" height="1"/>',
    "fill with more": "<rect fill=\"url('#p') url(//evil.example/x)\" width='1' height='1'/>",
    "fill by another function": '<rect fill="image-set(x.png 1x)" stroke="var(--x)" width="1" height="1"/>',
    "filter": '<filter id="f"><feImage href="https://evil.example/x.png"/></filter>',
    "mask and pattern": '<mask id="m"/><pattern id="q"><rect width="1" height="1"/></pattern>',
    "another program's parts": '<x:view xmlns:x="urn:inkscape" x:href="file:///etc/passwd"/>',
    "instruction": '<?xml-stylesheet href="https://evil.example/x.css"?>',
    "comment": "<!-- ><script>alert(1)</script> -->",
    "handler and listener": '<handler type="text/javascript">alert(1)</handler><listener event="load"/>',
    "quote in an id": "<rect id='a\"&gt;&lt;script&gt;' width='1' height='1'/>",
    "markup in a value": "<rect width='1' height='1' fill='\"&gt;&lt;script&gt;alert(1)&lt;/script&gt;'/>",
    "base": '<g xml:base="https://evil.example/"><use href="#p"/></g>',
}
REFUSED = {
    "entities": f'<!DOCTYPE svg [<!ENTITY a "x">]>{HEAD}>{SHAPE}</svg>',
    "entities in entities": '<!DOCTYPE svg [<!ENTITY a "x"><!ENTITY b "&a;&a;&a;&a;">]>'
    f"{HEAD}>{SHAPE}<g>&b;</g></svg>",
    "a file as entity": f'<!DOCTYPE svg [<!ENTITY a SYSTEM "file:///etc/passwd">]>{HEAD}>{SHAPE}&a;</svg>',
    "parameter entity": f'<!DOCTYPE svg [<!ENTITY % a SYSTEM "https://evil.example/">%a;]>{HEAD}>{SHAPE}</svg>',
    "unknown entity": f'<!DOCTYPE svg SYSTEM "https://evil.example/x.dtd">{HEAD}>{SHAPE}<g>&a;</g></svg>',
    "text": f"{HEAD}><text>Waterrijk</text></svg>",
    "photo": f'{HEAD}><image href="data:image/png;base64,AAAA"/></svg>',
    "nothing to draw": f"{HEAD}><g/></svg>",
    "no size": f'<svg xmlns="{SVG}">{SHAPE}</svg>',
    "endless size": f'<svg xmlns="{SVG}" viewBox="0 0 1e999 10">{SHAPE}</svg>',
    "a thread": f'<svg xmlns="{SVG}" viewBox="0 0 1000 1">{SHAPE}</svg>',
    "not SVG": "<html><body>Dag</body></html>",
    "SVG of no namespace": f'<svg viewBox="0 0 9 9">{SHAPE}</svg>',
    "half": f"{HEAD}>{SHAPE}",
    "nothing": "",
    "deep": f"{HEAD}>{'<g>' * 60}{SHAPE}{'</g>' * 60}</svg>",
    "many": f"{HEAD}>{'<g/>' * 4000}</svg>",
    "too large": f"{HEAD}>{SHAPE}<!--{'x' * MAX_BYTES}--></svg>",
    "use of use": f'{HEAD}><g id="a">{SHAPE}<use href="#p"/></g><use href="#a"/></svg>',
    "use of itself": f'{HEAD}><g id="a">{SHAPE}<use href="#a"/></g></svg>',
    "unknown encoding": f'<?xml version="1.0" encoding="x-user-defined"?>{HEAD}>{SHAPE}</svg>',
}


def innocent(content: bytes) -> None:
    """Fails unless the file holds elements of the list, without anything that acts or points outside."""
    assert b"<!" not in content and b"<?" not in content
    for element in ElementTree.fromstring(content).iter():
        name = element.tag.removeprefix(f"{{{SVG}}}")
        assert name in ELEMENTS, name
        for attribute, value in element.attrib.items():
            assert not attribute.startswith(("on", "{")) and attribute not in ("style", "class"), attribute
            assert not set(value) & set(":/\\'\"<>&"), value
            assert "url(" not in value or value.startswith("url(#logo-")
            assert attribute != "href" or value.startswith("#logo-")


@pytest.mark.parametrize("part", HOSTILE.values(), ids=HOSTILE)
def test_what_could_act_or_fetch_is_not_in_the_drawing(part: str) -> None:
    made = rebuilt(f"{HEAD} onload='alert(1)'>{SHAPE}{part}</svg>".encode())
    innocent(made.content)
    assert b"M0 0h10v10z" in made.content and b"evil" not in made.content and b"alert" not in made.content


@pytest.mark.parametrize("text", REFUSED.values(), ids=REFUSED)
def test_what_cannot_be_a_logo_is_refused(text: str) -> None:
    with pytest.raises(LogoRefused, match=r"[A-Z].*"):
        rebuilt(text.encode())


@given(st.text(max_size=200), st.sampled_from(["d", "fill", "style", "id", "href", "transform", "clip-path"]))
def test_no_value_whatever_gets_out_of_its_place(value: str, name: str) -> None:
    svg = ElementTree.Element(f"{{{SVG}}}svg", {"viewBox": "0 0 9 9"})
    ElementTree.SubElement(svg, f"{{{SVG}}}path", {"d": "M0 0h1", name: value})
    try:
        made = rebuilt(ElementTree.tostring(svg))
    except LogoRefused:
        return
    innocent(made.content)


@given(st.binary(max_size=300))
def test_no_bytes_whatever_do_more_than_be_refused(content: bytes) -> None:
    with pytest.raises(LogoRefused):
        rebuilt(content)


def test_a_drawing_program_s_file_keeps_its_look() -> None:
    """Classes and styles become attributes; a bare document type is what such programs write."""
    made = rebuilt(
        b"""<?xml version="1.0" encoding="utf-8"?>
        <!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "http://www.w3.org/Graphics/SVG/1.1/DTD/svg11.dtd">
        <svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="120mm"
             height="40mm"><title>Logo</title><metadata>door een programma</metadata>
        <style type="text/css">.st0{fill:#E30613;} .st1,.st2{opacity:0.5}</style>
        <defs><linearGradient id="SVGID_1_"><stop offset="0" style="stop-color:#fff"/></linearGradient>
        <clipPath id="clip"><use xlink:href="#box" overflow="visible"/></clipPath><rect id="box" width="9"
        height="9"/></defs><g clip-path="url(#clip)"><path class="st0 st1" d="M0 0L10 10z"/></g>
        <circle cx="3" cy="3" r="2" fill="url(#SVGID_1_)"/></svg>"""
    )
    text = made.content.decode()
    assert '<path fill="#E30613" opacity="0.5" d="M0 0L10 10z"/>' in text
    assert 'stop-color="#fff"' in text and 'fill="url(#logo-' in text and 'clip-path="url(#logo-' in text
    assert (made.width, made.height, made.left_out) == (120, 40, ())
    assert rebuilt(made.content).content == made.content


def test_what_was_left_out_is_told() -> None:
    assert rebuilt(f"{HEAD}>{SHAPE}<script/><filter/></svg>".encode()).left_out == ("filter", "script")
