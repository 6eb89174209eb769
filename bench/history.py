"""A long history: rounds like the adopted one of the demo's Waterrijk, with all answers and the account."""

from __future__ import annotations


def add_history(rounds: int) -> None:
    """Adds so many adopted rounds, one a year, back from the demo's."""
    from django.db import connection, transaction

    from assessments.models import Adoption, Answer, Assessment

    model = Assessment.objects.filter(organisation__slug="waterrijk", adoptions__isnull=False).get()
    answers, adoption = list(model.answers.all()), model.adoptions.get()
    first = model.year
    with transaction.atomic():
        for number in range(1, rounds + 1):
            past = Assessment.objects.get(pk=model.pk)
            past.pk, past.year = None, first - number
            past.save()
            Adoption.objects.create(
                assessment=past,
                number=1,
                document=adoption.document,
                digest=adoption.digest,
                adopted_at=adoption.adopted_at,
                adopted_by=adoption.adopted_by,
            )
            for answer in answers:
                answer.pk, answer.assessment = None, past
            Answer.objects.bulk_create(answers)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
