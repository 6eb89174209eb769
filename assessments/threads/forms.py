"""Input in a thread: a remark, and whom it mentions."""

from __future__ import annotations

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict

from assessments.forms import LongText
from assessments.models.remark import REMARK_LIMIT
from assessments.threads.mentions import named
from organisations.models import User

EMPTY = "Schrijf uw opmerking op."


class RemarkForm(forms.Form):
    """What somebody says, and to whom of those who read along: ticked, or typed with an @."""

    use_required_attribute = False
    text = LongText(label="Uw opmerking", limit=REMARK_LIMIT, rows=4)
    mentioned = forms.MultipleChoiceField(
        label="Wie noemt u?",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="Wie u noemt, krijgt een e-mail. U kunt ook @ en de naam in de tekst typen.",
        error_messages={"invalid_choice": "Iemand die u koos, kan dit gesprek niet meer lezen."},
    )

    def __init__(self, others: list[User], data: QueryDict | None = None) -> None:
        """`others`: everyone who reads along but the author."""
        super().__init__(data)
        self.others = others
        self.fields["text"].required = True
        self.fields["text"].error_messages["required"] = EMPTY
        mentioned = self.fields["mentioned"]
        assert isinstance(mentioned, forms.MultipleChoiceField)
        mentioned.choices = [(str(user.pk), user.name) for user in others]

    def clean_text(self) -> str:
        text: str = self.cleaned_data["text"].strip()
        if not text:
            raise ValidationError(EMPTY)
        return text

    def people(self) -> list[User]:
        """Whom the remark mentions; of a valid form."""
        ticked = {int(pk) for pk in self.cleaned_data["mentioned"]}
        typed = named(self.cleaned_data["text"], {user.pk: user.name for user in self.others})
        return [user for user in self.others if user.pk in ticked | typed]
