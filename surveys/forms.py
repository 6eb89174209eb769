"""What somebody fills in on one page of a survey."""

from __future__ import annotations

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _

from chain.statements import StatementList
from surveys.answers import UNKNOWN
from surveys.draft import REMARK_LIMIT, Draft
from surveys.pages import Page


class PageForm(forms.Form):
    """Some statements, and room for a remark at the end of a link. Nothing is compulsory."""

    use_required_attribute = False

    def __init__(self, content: StatementList, page: Page, draft: Draft, data: QueryDict | None) -> None:
        super().__init__(data)
        self.page, self.link = page, page.statements[0].link or ""
        choices = [(str(one.value), one.text.said_in(draft.language)) for one in content.scale]
        choices.append((str(UNKNOWN), content.dont_know.said_in(draft.language)))
        for one in page.statements:
            self.fields[one.id] = forms.ChoiceField(
                label=one.text.said_in(draft.language),
                choices=choices,
                required=False,
                widget=forms.RadioSelect,
                initial=str(draft.answers[one.id]) if one.id in draft.answers else None,
                error_messages={"invalid_choice": _("Kies een van de antwoorden.")},
            )
        if page.asks_remark:
            self.fields["remark"] = _remark(draft.remarks.get(self.link, ""))

    def merged(self, draft: Draft) -> Draft:
        """The draft with what was filled in on this page."""
        chosen = {one.id: self.cleaned_data[one.id] for one in self.page.statements}
        answers = {id_: int(choice) for id_, choice in chosen.items() if choice}
        remarks = {self.link: self.cleaned_data["remark"]} if "remark" in self.fields else {}
        return draft.with_page(answers, remarks)


def _remark(initial: str) -> forms.CharField:
    field = forms.CharField(
        label=_("Nog iets hierover kwijt? (hoeft niet)"),
        required=False,
        initial=initial,
        max_length=REMARK_LIMIT,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={
            "max_length": _("De tekst is te lang: %(show_value)d tekens. Er passen er %(limit_value)d in.")
        },
    )
    field.widget.attrs.pop("maxlength", None)  # it would cut a pasted text without a word
    return field
