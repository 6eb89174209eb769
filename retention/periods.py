"""Days and months of a period: when something is due. Pure."""

from datetime import date

WAIT_DAYS = 14  # before a shorter period counts: time to see that it was a mistake


def months_after(day: date, months: int) -> date:
    """The same day so many months later (earlier, below zero), or the last one of that month."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    for last in (day.day, 30, 29, 28):
        try:
            return date(year, month + 1, last)
        except ValueError:
            continue
    raise ValueError(f"{months} months after {day} is no day")


def due_on(began: date, months: int | None) -> date | None:
    """The first day on which it goes; none when it always stays."""
    return None if months is None else months_after(began, months)


def began_before(today: date, months: int | None) -> date | None:
    """What began on this day or before it is due today; none when it always stays."""
    return None if months is None else months_after(today, -months)


def first_of_month(day: date) -> date:
    return day.replace(day=1)


def in_words(months: int | None) -> str:
    """A period as people say it: in whole years where it can be."""
    if months is None:
        return "altijd"
    if months % 12 == 0:
        return f"{months // 12} jaar"
    return "1 maand" if months == 1 else f"{months} maanden"
