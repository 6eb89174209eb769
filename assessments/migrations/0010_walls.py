"""The second wall between organisations (organisations/walls.py)."""

from django.db import migrations

from organisations.row_security import Wall


class Migration(migrations.Migration):
    dependencies = [("assessments", "0009_check_by_part"), ("organisations", "0009_walls")]

    operations = [
        Wall("Assessment"),
        Wall("Action"),
        Wall("CouncilPromise"),
        Wall("ActionStep", "action"),
        Wall("Annex", "adoption"),
        Wall("AnswerRevision", "answer"),
        Wall("Edition", "adoption"),
        Wall("Meeting_present", "meeting"),
        Wall("Remark", "thread"),
        Wall("Remark_mentioned", "remark"),
        *(
            Wall(model, "assessment")
            for model in (
                "Adoption",
                "AgreedLevel",
                "Answer",
                "Assignment",
                "Brief",
                "ClerkCheck",
                "CouncilQuestion",
                "Evidence",
                "EvidencedLevel",
                "GuestPass",
                "Handling",
                "JudgementRevision",
                "Meeting",
                "Reaction",
                "Sample",
                "SentBack",
                "StatusChange",
                "Thread",
                "VulnerabilityScores",
                "YearlyFigures",
            )
        ),
    ]
