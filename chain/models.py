"""Questionnaires that were published: immutable documents, addressed by their digest."""

from functools import lru_cache
from typing import Any, NoReturn

from django.db import models, transaction
from django.utils import timezone

from chain.documents import digest as digest_of
from chain.questionnaire import Questionnaire, from_document, to_document


class ChangedText(Exception):
    """Another text was offered under a version that is published already."""


class TamperedDocument(Exception):
    """A stored document does not have the digest that it is kept under."""


class PublishedQuestionnaires(models.QuerySet["PublishedQuestionnaire"]):
    def publish(self, questionnaire: Questionnaire) -> tuple["PublishedQuestionnaire", bool]:
        """The row of this version, and whether it is new.

        Raises ChangedText when the version is published with another text: that needs a new version; and
        TamperedDocument when the row is no longer what was published.
        """
        document = to_document(questionnaire)
        with transaction.atomic():
            row, created = self.get_or_create(
                slug=questionnaire.slug,
                version=questionnaire.version,
                defaults={"digest": questionnaire.digest, "document": document},
            )
        if row.digest != questionnaire.digest:
            raise ChangedText(
                f"{row} is published with another text; a changed text needs a new version "
                f"(published {row.digest[:12]}…, offered {questionnaire.digest[:12]}…)"
            )
        row.read()
        return row, created

    def update(self, **kwargs: Any) -> NoReturn:
        """Refused: what is published is succeeded by a new version, never edited."""
        raise TypeError("a published questionnaire cannot be changed")


class PublishedQuestionnaire(models.Model):
    """One version of a questionnaire. Answers refer to the question ids in its document."""

    digest = models.CharField("controlegetal", max_length=64, primary_key=True)
    slug = models.SlugField("naam")
    version = models.CharField("versie", max_length=20)
    document = models.TextField("document")
    published_at = models.DateTimeField("gepubliceerd op", default=timezone.now, editable=False)

    objects = PublishedQuestionnaires.as_manager()

    class Meta:
        verbose_name = "gepubliceerde vragenlijst"
        verbose_name_plural = "gepubliceerde vragenlijsten"
        ordering = ["slug", "published_at"]
        get_latest_by = "published_at"
        constraints = [models.UniqueConstraint(fields=["slug", "version"], name="one_text_per_version")]

    def __str__(self) -> str:
        return f"{self.slug} {self.version}"

    def read(self) -> Questionnaire:
        """The questionnaire in the document. Raises TamperedDocument when it was changed after all.

        A database has ways round every model method; so what was read is checked against its digest.
        """
        if digest_of(self.document) != self.digest:
            raise TamperedDocument(f"the document of {self} is not the one that was published")
        return from_document(self.document)


@lru_cache(maxsize=64)
def load(digest: str) -> Questionnaire:
    """The published questionnaire with this digest; one query and one parse per process.

    Raises PublishedQuestionnaire.DoesNotExist or TamperedDocument.
    """
    return PublishedQuestionnaire.objects.get(digest=digest).read()
