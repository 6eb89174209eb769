"""Work of this app that waits for no page."""

from django_tasks import task

from organisations import walls
from organisations.outbox import Message
from organisations.signing import notices


@task(priority=10)  # before the reports, of which each takes some seconds
@walls.everywhere()
def deliver() -> None:
    """Sends what is due in the outbox. Twice does no harm: whoever claims a message first sends it."""
    Message.objects.send_due()


@task(priority=10)
def mail_new_password(email: str) -> None:
    """Mails a link to a new password to whoever has this address, or that nobody has it."""
    if notices.mail_link(email):
        deliver.enqueue()
