"""Fill a new database with the synthetic clinic, or simulate the days that have passed since.

The same --seed and --as-of give the same rows. Without --as-of the history ends now, with later today still open.

    dayward seed --size small --as-of 2026-03-02
    dayward seed --catch-up
"""

from __future__ import annotations

import json
from argparse import ArgumentParser, ArgumentTypeError, Namespace
from dataclasses import asdict
from datetime import UTC, date, datetime, time

from django.utils import timezone

from dayward.demo import seed
from dayward.demo.clinic import SEED
from dayward.demo.large import LARGE, multiply
from dayward.demo.sign_ins import sign_ins
from dayward.demo.simulation import SIZES
from dayward.doors.cli._progress import long_step, say
from dayward.doors.cli.demo import SIGN_INS
from dayward.kernel.database import connect, owner_database, write_marks
from dayward.kernel.local import var_folder

LARGE_SIZE = "large"


def arguments(parser: ArgumentParser) -> None:
    parser.add_argument(
        "--size",
        choices=[*sorted(SIZES), LARGE_SIZE],
        default="small",
        help="how many people, default small; large is five clinics and five years, and needs a database superuser",
    )
    parser.add_argument(
        "--as-of", type=a_day, metavar="DATE", help="the day on which the history ends, at noon UTC-6"
    )
    parser.add_argument(
        "--seed", type=int, default=SEED, help=f"another number, other people; default {SEED}"
    )
    parser.add_argument("--catch-up", action="store_true", help="continue the history up to now")


def a_day(text: str) -> datetime:
    """A day given on the command line means about noon in the middle of the country."""
    try:
        return datetime.combine(date.fromisoformat(text), time(18), tzinfo=UTC)
    except ValueError:
        raise ArgumentTypeError(f"{text} is not a date such as 2026-03-02") from None


def run(options: Namespace) -> int:
    if options.catch_up and seed.is_seeded():
        catch_up()
    else:
        with long_step(f"making the synthetic clinic ({options.size})"):
            build(options.size, options.as_of or timezone.now(), options.seed)
    keep_sign_ins()
    write_marks(fresh_until=seed.fresh_until().isoformat())
    return 0


def build(size: str, as_of: datetime, number: int) -> None:
    """The large clinic is the small one, multiplied as the owner of the database."""
    base = "small" if size == LARGE_SIZE else size
    seed.build(size=base, as_of=as_of, seed=number, tell=detail)
    if size == LARGE_SIZE:
        with connect(owner_database(), autocommit=True) as owner:
            multiply(owner, LARGE, as_of.date(), detail)


def keep_sign_ins() -> None:
    """`dayward demo` prints them without loading Django."""
    rows = [asdict(row) for row in sign_ins()]
    (var_folder() / SIGN_INS).write_text(json.dumps(rows, indent=1), encoding="utf-8")


def catch_up() -> None:
    with long_step("simulating what has happened since"):
        days = seed.catch_up(now=timezone.now(), tell=detail)
    if days:
        say(f"  {days} {'day was' if days == 1 else 'days were'} missing and simulated.")


def detail(text: str) -> None:
    say(f"    {text}")
