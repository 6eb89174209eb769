"""A folder becomes one immutable questionnaire, or is refused with everything that is wrong in it."""

import dataclasses
import shutil
from collections.abc import Callable
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from chain import links
from chain.questionnaire import Questionnaire, from_document, to_document
from chain.reading import FaultyQuestionnaire, read_folder
from chain.schema import COMMON, LINK, common_rules, link_rules
from chain.text import Text

FOLDER = Path(__file__).parent.parent / "fixtures" / "questionnaire"
LINK_FILE = "1-pro-actie.yaml"


@pytest.fixture(scope="module")
def chain() -> Questionnaire:
    return read_folder(FOLDER)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return shutil.copytree(FOLDER, tmp_path / "questionnaire")


@pytest.fixture
def short_folder(folder: Path) -> Path:
    """A folder with two themes of the first link only: read much faster than the whole."""
    themes = (folder / LINK_FILE).read_text(encoding="utf-8").split("  - slug: ")
    (folder / LINK_FILE).write_text("  - slug: ".join(themes[:3]), encoding="utf-8")
    edit(folder, ", ".join(links.SLUGS), "pro-actie", "questionnaire.yaml")
    common = folder / "questionnaire.yaml"
    common.write_text(common.read_text(encoding="utf-8").split("\nxray:")[0], encoding="utf-8")
    for other in list(folder.glob("[2-5]-*.yaml")):
        other.unlink()
    read_folder(folder)
    return folder


def faults(folder: Path) -> list[str]:
    with pytest.raises(FaultyQuestionnaire) as refusal:
        read_folder(folder)
    return [str(fault) for fault in refusal.value.faults]


def edit(folder: Path, old: str, new: str, file: str = LINK_FILE) -> None:
    """Replaces the first place where a text stands; fails when it stands nowhere."""
    text = (folder / file).read_text(encoding="utf-8")
    assert old in text
    (folder / file).write_text(text.replace(old, new, 1), encoding="utf-8")


# ---- What is read


def test_the_real_questionnaire_has_five_links_in_the_order_of_the_chain(chain: Questionnaire) -> None:
    assert [link.slug for link in chain.links] == list(links.SLUGS)
    assert [str(link.title) for link in chain.links] == list(links.NAMES.values())
    assert [len(link.questions) for link in chain.links] == [16, 17, 16, 16, 17]
    assert (chain.slug, chain.version, len(chain.questions)) == ("integriteitsketen", "2026.2", 82)


def test_a_question_is_read_with_all_that_is_in_the_file(chain: Questionnaire) -> None:
    question = chain.question("PA-01")
    assert question.title == Text("Integriteitsbeleid", "Integrity policy")
    assert (question.dimension, question.nature, question.legal_minimum) == ("design", "hard", 2)
    assert [(basis.law, basis.article) for basis in question.legal_basis] == [
        ("Ambtenarenwet 2017", "art. 4 lid 1")
    ]
    assert [str(text) for text in question.levels][::4] == [
        "Er is geen beleid.",
        "Wij toetsen het beleid elk jaar en passen het aan.",
    ]
    assert question.answered_by == ("IC", "GS")
    assert (question.cases_only, question.light_track) == (False, True)
    assert (chain.question("PA-12").legal_minimum, chain.question("RE-01").cases_only) == (None, True)


def test_lookups_find_what_is_there_and_raise_for_what_is_not(chain: Questionnaire) -> None:
    link, theme = chain.link("nazorg"), chain.theme("nazorg", "leren")
    assert chain.link_of("NZ-08") == link and chain.theme_of("NZ-08") == theme
    assert chain.question("NZ-08") in theme.questions and theme in link.themes
    assert chain.has("NZ-08") and not chain.has("NZ-99")
    for lookup, key in [
        (chain.question, "NZ-99"),
        (chain.link, "leren"),
        (chain.theme_of, ""),
        (chain.link_of, "x"),
    ]:
        with pytest.raises(KeyError):
            lookup(key)
    with pytest.raises(KeyError):
        chain.theme("repressie", "leren")


def test_nothing_of_a_questionnaire_can_be_changed(chain: Questionnaire) -> None:
    theme = chain.links[0].themes[0]
    for part in (chain, chain.links[0], theme, theme.questions[0], chain.ladder[0], chain.ladder[0].word):
        with pytest.raises(dataclasses.FrozenInstanceError):
            setattr(part, dataclasses.fields(part)[0].name, "anders")


def test_the_light_track_keeps_its_questions_and_drops_empty_themes(chain: Questionnaire) -> None:
    light = chain.for_track("light")
    assert [q for q in chain.questions if q.light_track] == list(light.questions)
    assert [theme.slug for theme in light.link("pro-actie").themes] == [
        "richting-en-voorbeeld",
        "gesprek-en-tegenspraak",
    ]
    assert all(theme.questions for link in light.links for theme in link.themes)
    assert chain.for_track("full") is chain and chain.for_track("light") is light
    with pytest.raises(ValueError, match="middle"):
        chain.for_track("middle")


def test_a_link_without_light_questions_drops_out_of_the_light_track(chain: Questionnaire) -> None:
    heavy = dataclasses.replace(chain.link("nazorg").themes[2])
    nazorg = dataclasses.replace(chain.link("nazorg"), themes=(heavy,))
    assert not any(question.light_track for question in heavy.questions)
    shorter = dataclasses.replace(chain, links=(chain.links[0], nazorg))
    assert [link.slug for link in shorter.for_track("light").links] == ["pro-actie"]


# ---- The document


def test_a_questionnaire_survives_its_document(chain: Questionnaire) -> None:
    document = to_document(chain)
    assert from_document(document) == chain
    assert to_document(from_document(document)) == document
    assert chain.digest == from_document(document).digest and len(chain.digest) == 64


def test_the_document_does_not_depend_on_how_the_yaml_is_laid_out(chain: Questionnaire, folder: Path) -> None:
    for file in folder.iterdir():
        data = yaml.safe_load(file.read_text(encoding="utf-8"))
        file.write_text(yaml.safe_dump(data, sort_keys=True, allow_unicode=True), encoding="utf-8")
    assert read_folder(folder).digest == chain.digest


def test_a_questionnaire_without_an_xray_keeps_the_digest_it_was_published_under(
    chain: Questionnaire,
) -> None:
    before = dataclasses.replace(chain, version="2026.1", xray=())
    assert before.digest == "34a76dae593a44612b492f07fb6987697d25a4a58425b74e8234ee283fca3bda"
    assert from_document(to_document(before)) == before


def test_one_changed_letter_gives_another_digest(chain: Questionnaire, folder: Path) -> None:
    edit(folder, "Er is geen beleid.", "Er is geen beleid!")
    assert read_folder(folder).digest != chain.digest


def test_a_document_of_another_schema_is_refused() -> None:
    with pytest.raises(ValueError, match="integriteitsketen/account/1"):
        from_document('{"schema": "integriteitsketen/account/1"}')


# ---- What is refused

FAULTS = [
    ("slug: pro-actie", "slug: proactie", "slug: 'proactie' differs from the file's name"),
    ("code: PA", "code: P", "code: 'P' must look like PA"),
    ("code: PA", "code: PX", "PA-01: the id must begin with PX-, the code of its link"),
    ("code: PA", "code: PA\ncolour: red", "unknown key 'colour'"),
    ("  en: Pro-action", "", "title: en is missing"),
    ("  en: Pro-action", "  en: Pro-action\n  fr: Proaction", "title: unknown key 'fr'"),
    ("  en: Pro-action", "  en: ''", "title.en: is empty"),
    (
        "  en: Pro-action",
        "  en: yes",
        "title.en: must be a text, not true or false (write it between quotes)",
    ),
    ("  en: Pro-action", '  en: "Pro\\a"', "title.en: holds a control character"),
    (
        "  en: Pro-action",
        "  en: [Pro-action]",
        "title.en: must be a text, not a list (write it between quotes)",
    ),
    (
        "slug: richting-en-voorbeeld",
        "slug: Richting",
        "Richting.slug: 'Richting' must look like richting-en-voorbeeld",
    ),
    ("slug: richting-en-voorbeeld", "slug: hard", "hard: is the name of a group of questions in every link"),
    (
        "slug: richting-en-voorbeeld",
        "slug: organisatie-van-integriteit",
        "themes: 'organisatie-van-integriteit' stands there twice",
    ),
    (
        "from_level: 0",
        "from_level: 5",
        "richting-en-voorbeeld.suggestions[0].from_level: must be a level, 0 to 4, not 5",
    ),
    (
        "from_level: 0",
        "from_level: 3",
        "richting-en-voorbeeld.suggestions: must stand in the order of from_level",
    ),
    ("id: PA-10", "id: PA-01", "questions: 'PA-01' stands there twice"),
    ("id: PA-01", "id: PA-1", "PA-1.id: 'PA-1' must look like PA-01"),
    ("id: PA-01", "id: XX-01", "XX-01: the id must begin with PA-, the code of its link"),
    (
        "dimension: design",
        "dimension: opzet",
        "PA-01.dimension: must be one of design, existence, operation, not 'opzet'",
    ),
    (
        "dimension: design",
        "dimension: [design]",
        "PA-01.dimension: must be one of design, existence, operation, not a list",
    ),
    ("nature: hard", "nature: zacht", "PA-01.nature: must be one of hard, soft, not 'zacht'"),
    ("legal_minimum: 2", "legal_minimum: 5", "PA-01.legal_minimum: must be a level, 0 to 4, not 5"),
    ("legal_minimum: 2", "legal_minimum: true", "PA-01.legal_minimum: must be a level, 0 to 4, not True"),
    ("legal_minimum: 2", "legal_minimum: 2.0", "PA-01.legal_minimum: must be a level, 0 to 4, not 2.0"),
    ("legal_minimum: 2", "legal_minimum:", "PA-01.legal_minimum: must be a level, 0 to 4, not nothing"),
    (
        "        legal_basis:\n          - law: Gemeentewet",
        "        legal_minimum: 2\n        laws:\n          - law: Gemeentewet",
        "PA-10: unknown key 'laws'",
    ),
    ("article: art. 4 lid 1", "artikel: 4", "PA-01.legal_basis[0]: article is missing"),
    (
        "          - nl: Er is geen beleid.\n            en: There is no policy.\n",
        "",
        "PA-01.levels: must hold exactly 5, not 4",
    ),
    ("answered_by: [IC, GS]", "answered_by: [IC, XY]", "PA-01.answered_by: unknown role 'XY'"),
    ("answered_by: [IC, GS]", "answered_by: [IC, IC]", "PA-01.answered_by: 'IC' stands there twice"),
    ("answered_by: [IC, GS]", "answered_by: []", "PA-01.answered_by: must hold one or more, not 0"),
    ("answered_by: [IC, GS]", "answered_by: IC", "PA-01.answered_by: must be a list, not a text"),
    (
        "answered_by: [IC, GS]",
        "answered_by: [1, GS]",
        "PA-01.answered_by[0]: must be a text, not a number (write it between quotes)",
    ),
    ("cases_only: false", "cases_only: 'no'", "PA-01.cases_only: must be true or false, not 'no'"),
    ("cases_only: false", "cases_only: 0", "PA-01.cases_only: must be true or false, not 0"),
    ("        light_track: true\n", "", "PA-01: light_track is missing"),
    ("code: PA", "code: PA\ncode: PA", "line 3: the key 'code' is written twice"),
    (
        "        nature: hard",
        "        nature: hard\n        nature: soft",
        "line 73: the key 'nature' is written twice",
    ),
    ("slug: pro-actie", "slug: pro-actie: x", "is not readable YAML: "),
    ("slug: pro-actie", "? [a]\n: 1\nslug: pro-actie", "is not readable YAML: "),
    ("slug: pro-actie", "!!python/object:os.system {}\n---\nslug: pro-actie", "is not readable YAML: "),
]


@pytest.mark.parametrize(("old", "new", "said"), FAULTS, ids=[said[:60] for _, _, said in FAULTS])
def test_a_faulty_link_is_refused_with_file_place_and_reason(
    short_folder: Path, old: str, new: str, said: str
) -> None:
    edit(short_folder, old, new)
    found = faults(short_folder)
    unreadable = said.endswith(": ")  # the rest of it is the YAML reader's
    assert any(
        fault.startswith(f"{LINK_FILE}: {said}") if unreadable else fault == f"{LINK_FILE}: {said}"
        for fault in found
    )


KINDS = "contradiction, without_evidence, same_text, all_at_maximum, quick"
COMMON_FAULTS = [
    (
        'version: "2026.2"',
        "version: 2026.2",
        "version: must be a text, not a number (write it between quotes)",
    ),
    ('version: "2026.2"', 'version: "2026/1"', """version: '2026/1' must look like "2026.2\""""),
    (
        "slug: integriteitsketen",
        f"slug: {'a' * 51}",
        f"slug: '{'a' * 51}' must look like richting-en-voorbeeld",
    ),
    ("level: 4", "level: 3", "ladder: must hold the levels 0 to 4, in that order"),
    ("code: WH", "code: BM", "roles: 'BM' stands there twice"),
    ("      nl: Burgemeester\n", "", "BM.name: nl is missing"),
    (
        "[pro-actie, preventie",
        "[preventie, pro-actie",
        "links: must stand once, in the order of the chain: "
        "pro-actie, preventie, preparatie, repressie, nazorg",
    ),
    (
        "[pro-actie, preventie",
        "[pro-actie, reactie",
        "links[1]: must be one of pro-actie, preventie, preparatie, repressie, nazorg, not 'reactie'",
    ),
    ("[pro-actie, preventie", "[preventie", "links: no link here has the file 1-pro-actie.yaml"),
    *(
        (old, new, f"regeling-bekend-zonder-uitleg{said}")
        for old, new, said in [
            ("at_most: 1", "at_most: 5", ".but[0].at_most: must be a level, 0 to 4, not 5"),
            ("at_most: 1", "below: 1", ".but[0]: unknown key 'below'"),
            ("PP-02, at_most: 1", "PP-02", ".but[0]: must hold one of at_least, at_most, state"),
            ("PP-02, at_most: 1", "PP-01, at_most: 1", ": 'PP-01' stands there twice"),
            ("({PP-02})", "(PP-02)", ".text.nl: must name {PP-02}"),
            ("({PP-02})", "{PP-02} {nu}", ".text.nl: knows no place {nu}, only {PP-01}, {PP-02}"),
            (
                "({PP-02})",
                "{PP-02",
                ".text.nl: has braces that do not fit (expected '}' before end of string)",
            ),
        ]
    ),
    ("kind: contradiction", "kind: guess", f"xray[0].kind: must be one of {KINDS}, not 'guess'"),
    ("when: [{question: PP-01", "if: [{question: PP-01", "regeling-bekend-zonder-uitleg: when is missing"),
    ("slug: regeling-zonder-ontvanger", "slug: snel-ingevuld", "xray: 'snel-ingevuld' stands there twice"),
    ("seconds: 15", "seconds: 0", "snel-ingevuld.seconds: must be a whole number, 1 or more, not 0"),
    (
        "binnen {minutes}",
        "binnen {level}",
        "snel-ingevuld.text.nl: knows no place {level}, only {count}, {minutes}",
    ),
]


@pytest.mark.parametrize(
    ("old", "new", "said"), COMMON_FAULTS, ids=[said[:60] for _, _, said in COMMON_FAULTS]
)
def test_a_faulty_common_file_is_refused(folder: Path, old: str, new: str, said: str) -> None:
    edit(folder, old, new, "questionnaire.yaml")
    assert f"questionnaire.yaml: {said}" in faults(folder)


def test_a_rule_of_the_xray_names_questions_that_are_there(folder: Path) -> None:
    common = folder / "questionnaire.yaml"
    common.write_text(common.read_text(encoding="utf-8").replace("NZ-15", "NZ-99"), encoding="utf-8")
    assert faults(folder) == [
        "questionnaire.yaml: gesprek-over-verslag-dat-er-niet-is: no question has the id NZ-99"
    ]


def test_all_faults_of_all_files_are_said_at_once(folder: Path) -> None:
    edit(folder, 'version: "2026.2"', "version: 2026.2", "questionnaire.yaml")
    edit(folder, "nature: hard", "nature: firm")
    edit(folder, "dimension: design", "dimension: draft")
    edit(folder, "code: PV", "code: PV\ncode: PV", "2-preventie.yaml")
    (folder / "3-preparatie.yaml").write_bytes(b"slug: \xff")
    (folder / "4-repressie.yaml").write_text("- no mapping", encoding="utf-8")
    (folder / "5-nazorg.yaml").write_text("", encoding="utf-8")
    assert faults(folder) == [
        "questionnaire.yaml: version: must be a text, not a number (write it between quotes)",
        "1-pro-actie.yaml: PA-01.dimension: must be one of design, existence, operation, not 'draft'",
        "1-pro-actie.yaml: PA-01.nature: must be one of hard, soft, not 'firm'",
        "2-preventie.yaml: line 3: the key 'code' is written twice",
        "3-preparatie.yaml: is not UTF-8 text",
        "4-repressie.yaml: must be a mapping, not a list",
        "5-nazorg.yaml: must be a mapping, not nothing",
    ]


def test_a_missing_and_an_extra_file_are_named(folder: Path) -> None:
    (folder / "5-nazorg.yaml").rename(folder / "6-nazorg.yml")
    assert faults(folder) == [
        "questionnaire.yaml: links: no link here has the file 6-nazorg.yml",
        "5-nazorg.yaml: is missing or cannot be read",
    ]


def test_two_links_cannot_have_the_same_code(folder: Path) -> None:
    text = (folder / "2-preventie.yaml").read_text(encoding="utf-8")
    (folder / "2-preventie.yaml").write_text(text.replace("PV", "PA"), encoding="utf-8")
    assert faults(folder) == ["2-preventie.yaml: code: 'PA' is the code of 1-pro-actie.yaml too"]


def test_a_legal_minimum_needs_a_legal_basis(folder: Path) -> None:
    basis = "        legal_basis:\n          - law: Ambtenarenwet 2017\n            article: art. 4 lid 1\n"
    edit(folder, basis, "")
    assert faults(folder) == [f"{LINK_FILE}: PA-01: legal_minimum needs a legal_basis"]


def test_a_folder_that_is_none_is_refused(tmp_path: Path) -> None:
    assert faults(tmp_path / "nowhere") == [f"{tmp_path / 'nowhere'}: is not a folder"]
    assert faults(tmp_path) == ["questionnaire.yaml: is missing or cannot be read"]


JUNK = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-1, 6),
    st.floats(),
    st.text(max_size=5),
    st.just([]),
    st.just({}),
    st.lists(st.integers(), max_size=2),
    st.dictionaries(st.sampled_from(["nl", "slug", "id", "x", 1, None]), st.integers(), max_size=2),
)
COMMON_DATA = yaml.safe_load((FOLDER / "questionnaire.yaml").read_text(encoding="utf-8"))
LINK_DATA = yaml.safe_load((FOLDER / LINK_FILE).read_text(encoding="utf-8"))


def places(node: Any) -> list[tuple[Any, Any]]:
    """Every (container, key) in a tree of plain data."""
    keys = node.keys() if isinstance(node, dict) else range(len(node)) if isinstance(node, list) else ()
    return [(node, key) for key in keys] + [place for key in keys for place in places(node[key])]


def with_junk(data: Any, choose: Callable[[list[tuple[Any, Any]]], tuple[Any, Any]], junk: Any) -> Any:
    changed = deepcopy(data)
    node, key = choose(places(changed))
    node[key] = junk
    return changed


@given(st.data(), JUNK)
def test_whatever_stands_in_a_file_is_read_or_refused_and_never_a_crash(
    data: st.DataObject, junk: Any
) -> None:
    short = {**LINK_DATA, "themes": LINK_DATA["themes"][:1]}
    link = with_junk(short, lambda found: data.draw(st.sampled_from(found)), junk)
    if not list(LINK("", link)):
        assert all(reason for _, reason in link_rules(link, "pro-actie", {"IC"}))
    common = with_junk(COMMON_DATA, lambda found: data.draw(st.sampled_from(found)), junk)
    if not list(COMMON("", common)):
        assert all(reason for _, reason in common_rules(common))
