"""Run the background worker: reminders, mail, everything that is deferred. Start as many as wanted."""

from __future__ import annotations

import asyncio
import logging
import signal
from argparse import ArgumentParser, Namespace
from collections.abc import Awaitable, Callable
from datetime import timedelta

import psycopg
from asgiref.sync import sync_to_async
from django.db import DatabaseError, close_old_connections
from procrastinate import App, PsycopgConnector
from procrastinate.connector import BaseConnector
from procrastinate.contrib.django import app
from procrastinate.contrib.django.django_connector import DjangoConnector
from procrastinate.contrib.django.utils import connector_params
from procrastinate.exceptions import ConnectorException

from dayward.doors.cli._parent import stop_with_parent
from dayward.doors.cli._schema import refuse_old_schema
from dayward.foundation.operations import services

CONCURRENCY = 4
GRACE_SECONDS = 20
PAUSE_SECONDS = 2.0
CLOCK_SECONDS = 60.0
_log = logging.getLogger("dayward.worker")


def arguments(parser: ArgumentParser) -> None:
    parser.add_argument(
        "--concurrency", type=int, default=CONCURRENCY, help=f"jobs at the same time, default {CONCURRENCY}"
    )
    parser.add_argument(
        "--again",
        action="store_true",
        help="give work that failed back to the queue, and end; a worker takes it",
    )


def run(options: Namespace) -> int:
    stop_with_parent()
    refuse_old_schema()
    if options.again:
        print(f"{services.begin_failed_again()} pieces of work wait once more.")
        return 0
    with app.replace_connector(QueueOfJobs()) as working:
        asyncio.run(until_asked_to_stop(lambda: work(working, options.concurrency)))
    return 0


class QueueOfJobs(PsycopgConnector):
    """The worker asks the queue by connections of its own. What a job puts into the queue goes by the job's own
    connection, as from a page: it comes with the job's transaction, and not at all when that is taken back.
    """

    def __init__(self) -> None:
        super().__init__(kwargs=connector_params())

    def get_sync_connector(self) -> BaseConnector:
        return DjangoConnector()


async def work(working: App, concurrency: int) -> None:
    async with working.open_async():
        minding = asyncio.create_task(mind_the_clock())
        try:
            await working.run_worker_async(
                concurrency=concurrency,
                shutdown_graceful_timeout=GRACE_SECONDS,
                install_signal_handlers=False,
            )
        finally:
            minding.cancel()


async def mind_the_clock() -> None:
    """No job of the queue can: when the clock has gone back, those of every few minutes do not come."""
    while True:
        try:
            back = await sync_to_async(_look_at_the_clock)()
        except DatabaseError:
            back = None
        if back is not None:
            _log.error("The clock went back. Work of every few minutes goes on by the new time.")
        await asyncio.sleep(CLOCK_SECONDS)


def _look_at_the_clock() -> timedelta | None:
    close_old_connections()
    try:
        return services.mind_the_clock()
    finally:
        close_old_connections()


async def until_asked_to_stop(begin: Callable[[], Awaitable[None]], pause: float = PAUSE_SECONDS) -> None:
    """A worker that loses its database ends as if all were well; ours looks whether it is back, and goes on."""
    loop, asked = asyncio.get_running_loop(), asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, _heard, loop, asked)
    while not asked.is_set():
        working = asyncio.ensure_future(begin())
        stopping = asyncio.ensure_future(asked.wait())
        await asyncio.wait((working, stopping), return_when=asyncio.FIRST_COMPLETED)
        stopping.cancel()
        if asked.is_set():
            working.cancel()
        try:
            await working
        except asyncio.CancelledError:
            return
        except (ConnectorException, psycopg.Error, OSError):
            pass
        if not asked.is_set():
            _log.error("The worker has lost the database. It goes on as soon as that is back.")
            await asyncio.sleep(pause)


def _heard(loop: asyncio.AbstractEventLoop, asked: asyncio.Event) -> None:
    """The first signal ends what is begun in good order, a second one at once."""
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.remove_signal_handler(number)
    asked.set()
