"""The words that a report explains: those that it uses, no more than can be read, always the same ones."""

from __future__ import annotations

from pathlib import Path

import pytest

from assessments.counting.content import glossary
from assessments.counting.terms import ALWAYS, MOST, NEVER, told_terms
from assessments.models.edition import supplement
from chain.glossary import used_in
from chain.reading import FaultyQuestionnaire, read_glossary
from organisations.models import User
from tests.cast import make_adopted, questionnaire

FILE = Path("fixtures/glossary.yaml")
BY_SLUG = {term.slug: term for term in glossary()}


def told(text: str) -> list[str]:
    return [one["term"] for one in told_terms(glossary(), questionnaire(), {"brief": {"asked": text}})]


@pytest.mark.parametrize(
    ("text", "times"),
    [
        ("De melder hoort het.", 1),
        ("MELDERS en een melder", 2),
        ("De aanmelder en de meldersregeling", 0),
        ("", 0),
    ],
)
def test_a_term_is_a_whole_word_with_its_plural(text: str, times: int) -> None:
    assert sum(found for _, found in used_in([BY_SLUG["melder"]], [text])) == times


def test_an_abbreviation_counts_only_as_it_is_written() -> None:
    woo = BY_SLUG["wet-open-overheid"]
    assert used_in([woo], ["Een verzoek op grond van de Woo."]) == [(woo, 1)]
    assert used_in([woo], ["woo"]) == []


def test_what_was_written_for_this_report_is_explained() -> None:
    assert "intervisie" not in told("Wij doen niets.")
    assert "intervisie" in told("Wij beginnen met intervisie.")


def test_a_report_explains_thirty_words_at_most_in_the_order_of_the_glossary() -> None:
    everything = " ".join(term.term.nl for term in glossary())
    found = told(everything)
    order = [term.term.nl for term in glossary()]
    assert len(found) == MOST and found == sorted(found, key=order.index)
    assert {BY_SLUG[slug].term.nl for slug in ALWAYS} <= set(found)


def test_words_that_everybody_knows_are_not_explained() -> None:
    assert set(BY_SLUG) >= NEVER | set(ALWAYS)
    assert {BY_SLUG[slug].term.nl for slug in NEVER}.isdisjoint(
        told("De zaak van het college en de burgemeester.")
    )


def test_the_terms_are_frozen_with_their_meaning(cast: dict[str, User]) -> None:
    adoption = make_adopted(cast).adoption
    assert adoption
    terms = supplement(adoption)["terms"]
    assert terms == told_terms(glossary(), adoption.assessment.content, {})
    assert all(one["meaning"] for one in terms)


def test_every_fault_of_the_file_is_named_at_once(tmp_path: Path) -> None:
    text = FILE.read_text(encoding="utf-8").replace("slug: aangifte\n", "slug: zzz\n", 1)
    text = text.replace("see: [code-goed-openbaar-bestuur]", "see: [onbekend]", 1)
    (tmp_path / "glossary.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(FaultyQuestionnaire) as refused:
        read_glossary(tmp_path / "glossary.yaml")
    reasons = [str(one) for one in refused.value.faults]
    assert any("order of their slugs" in one for one in reasons)
    assert any("'onbekend' is no other term" in one for one in reasons)
