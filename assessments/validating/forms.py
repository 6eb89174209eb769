"""Input about checking answers: a question asked back, the reply to it, and the drawing of a sample."""

from __future__ import annotations

from typing import Any

from django import forms

from assessments.forms import LongText
from assessments.validating.sampling import LARGEST, SIZE


class SendBackForm(forms.Form):
    """What the validator wants to know of one answer."""

    use_required_attribute = False
    text = LongText(
        label="Wat wilt u weten?",
        help_text="De deelnemer ziet deze vraag en uw naam. Noem geen namen van andere personen.",
        rows=2,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["text"].required = True


class ReplyForm(forms.Form):
    """What the contributor says to that; the changed answer may say enough."""

    use_required_attribute = False
    text = LongText(
        label="Uw reactie aan de validator",
        help_text="De validator en de coördinator lezen dit. Het komt niet in het verslag.",
    )


class SampleForm(forms.Form):
    """How many questions are drawn, and why again."""

    use_required_attribute = False
    size = forms.IntegerField(
        label="Vragen per schakel",
        min_value=1,
        max_value=LARGEST,
        initial=SIZE,
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
        error_messages={
            "required": "Vul een getal in.",
            "invalid": "Vul een getal in.",
            "min_value": "Trek per schakel ten minste één vraag.",
            "max_value": f"Trek per schakel ten hoogste {LARGEST} vragen.",
        },
    )
    reason = LongText(
        label="Waarom trekt u opnieuw?",
        help_text="Dit blijft bij de steekproef staan. In het verslag staat hoe vaak er is getrokken.",
        rows=2,
    )

    def __init__(self, *args: Any, again: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].required = again
        if not again:
            del self.fields["reason"]
