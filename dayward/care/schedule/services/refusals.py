"""What the database refuses, in sentences; and refusals that a reason lifts."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar

from django.db import IntegrityError, OperationalError, connection, transaction
from django.utils.translation import gettext as _
from psycopg.errors import DeadlockDetected

from dayward.kernel.errors import Refused

OVER_CAP = "over_cap_reason"
OWN_HOURS = "own_hours_reason"
BELOW_FLOOR = "below_floor_reason"
PULL_OUT = "pull_out"
CHECKS = "check_reason"

# Ours alone: other packages have constraints that must wait for the end of the transaction.
MOVABLE = (
    "room_one_session_at_a_time, staff_one_session_at_a_time, person_one_booking_at_a_time, "
    "pull_outs_never_overlap, pull_out_lies_inside, session_once_per_series_day, make_up_is_later"
)

_inside: ContextVar[bool] = ContextVar("inside", default=False)


class NeedsReason(Refused):
    """This takes a reason; `needs` names the field for it."""

    def __init__(self, needs: str, reasons: Sequence[str]) -> None:
        super().__init__(reasons=reasons)
        self.needs = needs


def constraint_of(error: IntegrityError) -> str:
    """The name of the constraint that refused."""
    diagnosis = getattr(error.__cause__, "diag", None)
    return str(getattr(diagnosis, "constraint_name", "") or "")


def _sentence(constraint: str) -> str:
    return {
        "room_one_session_at_a_time": _("The room is taken at that time."),
        "staff_one_session_at_a_time": _("The clinician is busy at that time."),
        "person_one_booking_at_a_time": _("The person already has something at that time."),
        "pull_outs_never_overlap": _("The person is pulled out for something else at that time."),
        "pull_out_lies_inside": _("A visit inside this session would no longer lie inside it."),
        "session_never_over_cap": _("No seat is left."),
        "booking_once_per_session": _("The person is booked into this session already."),
        "made_up_for_once": _("Another session makes up for the missed one already."),
        "make_up_is_later": _("A make-up is on a later day than the session it makes up for."),
        "limit_reason_once": _("Somebody has said why already."),
        "session_once_per_series_day": _("The series has a session on that day already."),
    }.get(constraint, _("This does not fit with what is there already."))


@contextmanager
def explained(why: Callable[[], Sequence[str]] | None = None) -> Iterator[None]:
    """Moves may pass each other inside; at the end all constraints hold, or Refused says what collides."""
    if _inside.get():  # the outermost one decides
        yield
        return
    token = _inside.set(True)
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"SET CONSTRAINTS {MOVABLE} DEFERRED")
            yield
            cursor.execute(f"SET CONSTRAINTS {MOVABLE} IMMEDIATE")
    except IntegrityError as error:
        reasons = list(why()) if why else []
        name = constraint_of(error)
        if name == "session_never_over_cap":
            raise NeedsReason(OVER_CAP, reasons or [_sentence(name)]) from None
        raise Refused(reasons=reasons or [_sentence(name)]) from None
    finally:
        _inside.reset(token)


@contextmanager
def one_of_two() -> Iterator[None]:
    """Around a service, outside its transaction: of two who wait for each other's rows, one is refused.

    Sessions, seats and leaders are locked in many orders (a day is closed while somebody is enrolled), and what
    excludes each other is found out at the end; PostgreSQL then ends one of the two.
    """
    try:
        yield
    except OperationalError as error:
        if not isinstance(error.__cause__, DeadlockDetected):
            raise
        raise Refused(_("Somebody else was faster by a moment. Look again at what is free.")) from None
