"""Run the background worker: reminders, mail, everything that is deferred. Start as many as wanted."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace

from procrastinate.contrib.django import app
from procrastinate.contrib.django.django_connector import DjangoConnector

from dayward.doors.cli._parent import stop_with_parent
from dayward.doors.cli._schema import refuse_old_schema

CONCURRENCY = 4
GRACE_SECONDS = 20


def arguments(parser: ArgumentParser) -> None:
    parser.add_argument(
        "--concurrency", type=int, default=CONCURRENCY, help=f"jobs at the same time, default {CONCURRENCY}"
    )


def run(options: Namespace) -> int:
    stop_with_parent()
    refuse_old_schema()
    assert isinstance(app.connector, DjangoConnector)
    with app.replace_connector(app.connector.get_worker_connector()) as working:
        working.run_worker(concurrency=options.concurrency, shutdown_graceful_timeout=GRACE_SECONDS)
    return 0
