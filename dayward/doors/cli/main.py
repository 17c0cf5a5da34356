"""The one program: finds the command, starts what it needs, turns errors into sentences."""

from __future__ import annotations

import argparse
import importlib
import os
import sys
import traceback
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType

from dayward import __version__
from dayward.kernel.database import ROLE_VARIABLE, kept_running, running
from dayward.kernel.errors import DaywardError


@dataclass(frozen=True)
class Command:
    """A command and what it needs before its file is imported."""

    module: str
    summary: str
    django: bool = True
    database: bool = True
    owner: bool = False
    listed: bool = True
    lasting: bool = False  # it goes on when the embedded database ends, which is then started again


COMMANDS = {
    "demo": Command("demo", "run the synthetic clinic on this computer", django=False, database=False),
    "init": Command("init", "set up a clinic: organization, site, time zone, administrator"),
    "link": Command("link", "a link to set a new password, for an administrator whom nobody else can help"),
    "serve": Command("serve", "run the web server", lasting=True),
    "worker": Command("worker", "run the background worker", lasting=True),
    "import": Command("import_", "read referral documents (FHIR bundles, C-CDA)"),
    "seed": Command("seed", "fill a new database with the synthetic clinic", owner=True),
    "hours": Command(
        "hours", "judge person-weeks: JSON lines in, verdicts out", django=False, database=False
    ),
    "check": Command("check", "check configuration, database, migrations, library folders, audit chain"),
    "backup": Command("backup", "back everything up into one encrypted file", owner=True),
    "restore": Command("restore", "restore a backup into an empty place", django=False, database=False),
    "scrub": Command("scrub", "copy the database for developers, with nobody real in it", owner=True),
    "upgrade": Command("upgrade", "back up, bring the database up to date, say how to go back", owner=True),
    "migrate": Command("migrate", "bring the database up to date", owner=True),
    "django": Command("django_", "any management command of Django", owner=True, listed=False),
}

# Their output goes to a log: what ends them must not show a row.
KEPT_OUTPUT = {"serve", "worker", "backup", "check"}

EXAMPLES = """\
examples:
  dayward demo --port 8001                 the synthetic clinic on http://localhost:8001
  dayward init                             a real clinic; asks for what it needs
  dayward link robin@northside.example     a link by which they set a new password
  dayward serve --bind 127.0.0.1:8000      the web server of a set-up clinic
  dayward import referral.xml bundle.json  one JSON line per file
  dayward import --dry-run *.json          only read and tell
  dayward seed --size small --as-of 2026-03-02
  dayward hours weeks.jsonl                one verdict a line, with the reason
  dayward check                            one line per check, exit code 1 if one is not ok
  dayward backup /backups --keep 30        an encrypted file of everything, the oldest removed
  dayward restore FILE --into /srv/new     into an empty place, followed by the checks

settings come from the environment: DATABASE_URL (a PostgreSQL 16 or newer; without it an embedded one runs),
DAYWARD_VAR (where data is kept), DAYWARD_SECRET_KEY; all of them are in docs/operations.md.
"""


def overview() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="dayward",
        usage="dayward COMMAND [options]",
        description="Dayward runs an Intensive Outpatient Program.",
        epilog=commands_text() + "\n" + EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action="version", version=f"dayward {__version__}")
    parser.add_argument(
        "command", metavar="COMMAND", choices=COMMANDS, help="see below; each has its own --help"
    )
    return parser


def commands_text() -> str:
    lines = (f"  {name:<10}{command.summary}" for name, command in COMMANDS.items() if command.listed)
    return "commands:\n" + "\n".join(lines) + "\n"


def main(arguments: list[str] | None = None) -> int:
    given = sys.argv[1:] if arguments is None else arguments
    if not given:
        overview().print_help()
        return 2
    name = overview().parse_args(given[:1]).command
    if name in KEPT_OUTPUT:
        sys.excepthook = terse_hook
    try:
        return run_command(name, given[1:])
    except DaywardError as problem:
        sys.stderr.write(f"dayward {name}: {problem.sentence}\n")
        return 1
    except KeyboardInterrupt:
        return 130
    except Exception as problem:
        if not is_database_error(problem):
            raise
        sys.stderr.write(f"dayward {name}: {database_sentence(problem)}\n")
        return 1


def terse_hook(kind: type[BaseException], problem: BaseException, _trace: object) -> None:
    """Class and place of what ends a program; what it says may be about a patient."""
    frames = traceback.extract_tb(problem.__traceback__)[-4:]
    place = " < ".join(f"{Path(frame.filename).name}:{frame.lineno}" for frame in reversed(frames))
    sys.stderr.write(f"dayward: {kind.__name__} at {place}\n")


def is_database_error(problem: Exception) -> bool:
    """Without importing the libraries that define them."""
    return type(problem).__module__.startswith(("django.db", "psycopg"))


def database_sentence(problem: Exception) -> str:
    """Class, constraint and place: the message of a database error can hold a patient's data."""
    cause = problem.__cause__ or problem
    constraint = getattr(getattr(cause, "diag", None), "constraint_name", None)
    frames = [
        frame
        for frame in traceback.extract_tb(problem.__traceback__)
        if "site-packages" not in frame.filename
    ]
    place = " < ".join(f"{Path(frame.filename).name}:{frame.lineno}" for frame in reversed(frames[-4:]))
    return f"the database refused it: {type(cause).__name__}{f' ({constraint})' if constraint else ''} at {place}"


def run_command(name: str, arguments: list[str]) -> int:
    """Parse first: a wrong option must not start a database."""
    command = COMMANDS[name]
    if command.owner:
        os.environ[ROLE_VARIABLE] = "owner"
    if command.django:
        set_up_django()
    module = importlib.import_module(f"dayward.doors.cli.{command.module}")
    parser = argparse.ArgumentParser(
        prog=f"dayward {name}",
        description=(module.__doc__ or "").strip(),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    module.arguments(parser)
    options = parser.parse_args(arguments)
    with ExitStack() as stack:
        if command.database and needs_database(module, options):
            stack.enter_context(kept_running() if command.lasting else running())
        return int(module.run(options) or 0)


def needs_database(module: ModuleType, options: argparse.Namespace) -> bool:
    """A command may do without for some options (`import --dry-run`): it says so in `needs_database(options)`."""
    asked = getattr(module, "needs_database", None)
    return True if asked is None else bool(asked(options))


def set_up_django() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "dayward.config.settings")
    importlib.import_module("django").setup()


if __name__ == "__main__":
    raise SystemExit(main())
