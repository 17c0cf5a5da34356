"""What every signed text says of whom it is about, and how it writes a day."""

from __future__ import annotations

from datetime import date

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from dayward.foundation.people.models import Person


def about(person: Person) -> list[tuple[str, str]]:
    return [(_("Person"), person.called), (_("Born"), in_words(person.birth_date))]


def in_words(day: date | None) -> str:
    """ "Nov 5, 2026"; nothing where no day is known."""
    return date_format(day) if day else ""
