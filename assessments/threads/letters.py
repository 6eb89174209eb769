"""The mail to somebody who is mentioned in a thread.

It says who mentions them and at which question, and not what was said: a thread may be as confidential as the
answers, and a mail is read on a phone in the train, forwarded, and kept in other places than the portal.
"""

from __future__ import annotations

from assessments.models import Assessment, Remark
from chain.questionnaire import Question
from organisations.letter import Kind, Letter, address, one_line
from organisations.models import Message
from organisations.tasks import deliver


def _occasion(remark: Remark) -> str:
    """How the keys of this remark's mail begin.

    Not with the round's: a mention must not make the reminder of the last day wait, and still means something
    when the round closes.
    """
    return f"mentioned/{remark.pk}/"


def tell(remark: Remark, round_: Assessment, question: Question) -> None:
    """Writes to everyone whom the remark mentions, in the transaction of that remark."""
    content = round_.content
    where = (round_.pk, content.link_of(question.id).slug, content.theme_of(question.id).slug, question.id)
    author = one_line(remark.author.name)
    letters = [
        Letter(
            kind=Kind.MENTIONED,
            key=f"{_occasion(remark)}{user.pk}",
            organisation=round_.organisation,
            to=user.email,
            name=user.name,
            subject=f"{author} noemt u in een gesprek: {round_}",
            template="assessments/mail/mentioned",
            user=user,
            words={
                "author": author,
                "question": one_line(f"{question.id} {question.title}"),
                "round": one_line(str(round_)),
                "link": address("assessments:thread", *where),
            },
        )
        for user in remark.mentioned.all()
    ]
    if letters and Message.objects.post(letters):
        deliver.enqueue()


def take_back(remark: Remark) -> None:
    """What did not go out yet about this remark does not go any more."""
    Message.objects.withdraw(_occasion(remark))
