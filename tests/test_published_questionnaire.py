"""A published questionnaire is never edited: kept by digest, published once, checked when it is loaded."""

from collections.abc import Iterator
from dataclasses import replace
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction
from pytest_django import DjangoAssertNumQueries

from chain.models import ChangedText, PublishedQuestionnaire, TamperedDocument, load
from chain.text import Text
from tests.rounds import CHAIN, FOLDER

pytestmark = pytest.mark.django_db

CHANGED = replace(CHAIN, title=Text("Integriteit", "Integrity"))


@pytest.fixture(autouse=True)
def nothing_is_loaded_yet() -> Iterator[None]:
    load.cache_clear()
    yield
    load.cache_clear()


@pytest.fixture
def published() -> PublishedQuestionnaire:
    return PublishedQuestionnaire.objects.publish(CHAIN)[0]


def load_questionnaire(folder: Path = FOLDER) -> str:
    said = StringIO()
    call_command("load_questionnaire", str(folder), stdout=said)
    return said.getvalue()


def tamper(row: PublishedQuestionnaire) -> None:
    """Changes a word behind the back of the model, as somebody with the database's password could."""
    with connection.cursor() as cursor:
        cursor.execute("UPDATE chain_publishedquestionnaire SET document = replace(document, 'geen', 'veel')")


def test_a_questionnaire_is_kept_under_the_digest_of_its_document(published: PublishedQuestionnaire) -> None:
    assert published.digest == CHAIN.digest
    assert (str(published), published.slug, published.version) == (
        "integriteitsketen 2026.2",
        CHAIN.slug,
        "2026.2",
    )
    assert load(published.digest) == CHAIN


def test_publishing_the_same_text_again_changes_nothing(published: PublishedQuestionnaire) -> None:
    again, created = PublishedQuestionnaire.objects.publish(CHAIN)
    assert not created and again.published_at == published.published_at
    assert PublishedQuestionnaire.objects.count() == 1


def test_another_text_under_the_same_version_is_refused(published: PublishedQuestionnaire) -> None:
    with pytest.raises(ChangedText, match=r"integriteitsketen 2026\.2 is published with another text"):
        PublishedQuestionnaire.objects.publish(CHANGED)
    assert load(published.digest) == CHAIN


def test_a_changed_text_is_published_as_a_new_version(published: PublishedQuestionnaire) -> None:
    row, created = PublishedQuestionnaire.objects.publish(replace(CHANGED, version="2027.1"))
    assert created and row.digest != published.digest
    assert PublishedQuestionnaire.objects.filter(slug=CHAIN.slug).latest() == row


def test_the_database_knows_one_text_per_version(published: PublishedQuestionnaire) -> None:
    with pytest.raises(IntegrityError):
        PublishedQuestionnaire.objects.create(
            slug=CHAIN.slug, version=CHAIN.version, digest="0" * 64, document="{}"
        )


def test_a_published_questionnaire_cannot_be_updated(published: PublishedQuestionnaire) -> None:
    published.document = "{}"
    with pytest.raises(TypeError, match="cannot be changed"):
        PublishedQuestionnaire.objects.update(document="{}")
    with pytest.raises(TypeError, match="cannot be changed"), transaction.atomic():
        PublishedQuestionnaire.objects.bulk_update([published], ["document"])
    assert load(published.digest) == CHAIN


def test_a_document_that_was_changed_after_all_is_found_out(published: PublishedQuestionnaire) -> None:
    tamper(published)
    with pytest.raises(TamperedDocument, match=r"integriteitsketen 2026\.2"):
        load(published.digest)
    with pytest.raises(TamperedDocument):
        PublishedQuestionnaire.objects.publish(CHAIN)


def test_a_saved_change_is_found_out(published: PublishedQuestionnaire) -> None:
    published.document = published.document.replace("geen", "veel")
    published.save()
    with pytest.raises(TamperedDocument):
        load(published.digest)


def test_loading_costs_one_query_once(
    published: PublishedQuestionnaire, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(1):
        assert load(published.digest) is load(published.digest)


def test_an_unknown_digest_is_no_questionnaire() -> None:
    with pytest.raises(PublishedQuestionnaire.DoesNotExist):
        load("0" * 64)


def test_the_command_publishes_once_and_says_what_it_did() -> None:
    start = f"integriteitsketen 2026.2 (82 questions, {CHAIN.digest[:12]}…): "
    assert load_questionnaire() == f"{start}published\n"
    assert load_questionnaire() == f"{start}was published already, nothing changed\n"


def test_the_command_refuses_a_changed_text(published: PublishedQuestionnaire, tmp_path: Path) -> None:
    for file in FOLDER.iterdir():
        text = file.read_text(encoding="utf-8")
        (tmp_path / file.name).write_text(
            text.replace("Er is geen beleid.", "Geen beleid."), encoding="utf-8"
        )
    with pytest.raises(CommandError, match="a changed text needs a new version"):
        load_questionnaire(tmp_path)
    assert PublishedQuestionnaire.objects.get().digest == CHAIN.digest


def test_the_command_says_all_that_is_wrong_and_publishes_nothing(tmp_path: Path) -> None:
    for file in FOLDER.iterdir():
        text = file.read_text(encoding="utf-8")
        (tmp_path / file.name).write_text(text.replace("nature: hard", "nature: firm"), encoding="utf-8")
    with pytest.raises(CommandError) as refusal:
        load_questionnaire(tmp_path)
    said = str(refusal.value).splitlines()
    hard = sum(question.nature == "hard" for question in CHAIN.questions)
    assert said[0] == f"{hard} faults, nothing was published:" and len(said) == hard + 1
    assert said[1] == "1-pro-actie.yaml: PA-01.nature: must be one of hard, soft, not 'firm'"
    assert not PublishedQuestionnaire.objects.exists()


def test_the_command_says_when_the_stored_document_was_changed(published: PublishedQuestionnaire) -> None:
    tamper(published)
    with pytest.raises(CommandError, match="is not the one that was published"):
        load_questionnaire()
