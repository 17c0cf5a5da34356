"""Any management command of Django, with the database running, as its owner: dayward django -- showmigrations."""

from __future__ import annotations

from argparse import REMAINDER, ArgumentParser, Namespace

from django.core.management import execute_from_command_line

from dayward.kernel.database import ensure_database


def arguments(parser: ArgumentParser) -> None:
    parser.add_argument("arguments", nargs=REMAINDER, help="after `--`")


def run(options: Namespace) -> int:
    ensure_database()
    given = [argument for argument in options.arguments if argument != "--"]
    execute_from_command_line(["dayward django", *given])
    return 0
