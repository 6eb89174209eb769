"""Questionnaires and statements that were published: immutable documents, addressed by their digest."""

from functools import lru_cache
from typing import Any, NoReturn, TypeVar

from django.db import models, transaction
from django.utils import timezone

from chain import questionnaire, statements
from chain.documents import digest as digest_of
from chain.questionnaire import Questionnaire
from chain.statements import StatementList


class ChangedText(Exception):
    """Another text was offered under a version that is published already."""


class TamperedDocument(Exception):
    """A stored document does not have the digest that it is kept under."""


Row = TypeVar("Row", bound="Published")


class Publishing(models.QuerySet[Row]):
    """What can be done with published documents: publish a next one, and read."""

    def publish(self, content: Questionnaire | StatementList) -> tuple[Row, bool]:
        """The row of this version, and whether it is new.

        Raises ChangedText when the version is published with another text: that needs a new version; and
        TamperedDocument when the row is no longer what was published.
        """
        with transaction.atomic():
            row, created = self.get_or_create(
                slug=content.slug,
                version=content.version,
                defaults={"digest": content.digest, "document": content.document},
            )
        if row.digest != content.digest:
            raise ChangedText(
                f"{row} is published with another text; a changed text needs a new version "
                f"(published {row.digest[:12]}…, offered {content.digest[:12]}…)"
            )
        row.checked()
        return row, created

    def update(self, **kwargs: Any) -> NoReturn:
        """Refused: what is published is succeeded by a new version, never edited."""
        raise TypeError("what is published cannot be changed")


class Published(models.Model):
    """One version of a document that others refer to by its digest."""

    digest = models.CharField("controlegetal", max_length=64, primary_key=True)
    slug = models.SlugField("naam")
    version = models.CharField("versie", max_length=20)
    document = models.TextField("document")
    published_at = models.DateTimeField("gepubliceerd op", default=timezone.now, editable=False)

    class Meta:
        abstract = True
        ordering = ["slug", "published_at"]
        get_latest_by = "published_at"

    def __str__(self) -> str:
        return f"{self.slug} {self.version}"

    def checked(self) -> str:
        """The document. Raises TamperedDocument when it was changed after all.

        A database has ways round every model method; so what was read is checked against its digest.
        """
        if digest_of(self.document) != self.digest:
            raise TamperedDocument(f"the document of {self} is not the one that was published")
        return self.document


class PublishedQuestionnaire(Published):
    """One version of a questionnaire. Answers refer to the question ids in its document."""

    objects = models.Manager.from_queryset(Publishing["PublishedQuestionnaire"])()

    class Meta(Published.Meta):
        abstract = False
        verbose_name = "gepubliceerde vragenlijst"
        verbose_name_plural = "gepubliceerde vragenlijsten"
        constraints = [models.UniqueConstraint(fields=["slug", "version"], name="one_text_per_version")]

    def read(self) -> Questionnaire:
        """The questionnaire in the document. Raises TamperedDocument."""
        return questionnaire.from_document(self.checked())


class PublishedStatements(Published):
    """One version of a list of statements. Answers refer to the statement ids in its document."""

    objects = models.Manager.from_queryset(Publishing["PublishedStatements"])()

    class Meta(Published.Meta):
        abstract = False
        verbose_name = "gepubliceerde stellingen"
        verbose_name_plural = "gepubliceerde stellingen"
        constraints = [models.UniqueConstraint(fields=["slug", "version"], name="one_statements_a_version")]

    def read(self) -> StatementList:
        """The list in the document. Raises TamperedDocument."""
        return statements.from_document(self.checked())


@lru_cache(maxsize=64)
def load(digest: str) -> Questionnaire:
    """The published questionnaire with this digest; one query and one parse per process.

    Raises PublishedQuestionnaire.DoesNotExist or TamperedDocument.
    """
    return PublishedQuestionnaire.objects.get(digest=digest).read()


@lru_cache(maxsize=64)
def load_statements(digest: str) -> StatementList:
    """The published list of statements with this digest; one query and one parse per process.

    Raises PublishedStatements.DoesNotExist or TamperedDocument.
    """
    return PublishedStatements.objects.get(digest=digest).read()
