"""A worker goes on when its database is back, and stops when it is asked to."""

from __future__ import annotations

import asyncio
import os
import signal
from multiprocessing import get_context

import psycopg
import pytest
from django.db import transaction
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob
from procrastinate.exceptions import ConnectorException

from dayward.doors.cli.worker import QueueOfJobs, until_asked_to_stop

pytestmark = pytest.mark.filterwarnings("ignore:.*use of fork:DeprecationWarning")  # from Python 3.12 on


class Work:
    """Fails in each of these ways first; then it works until it is stopped."""

    def __init__(self, *ends: Exception | None) -> None:
        self.ends, self.begun, self.in_order = list(ends), 0, False

    async def begin(self) -> None:
        self.begun += 1
        if self.ends:
            if (end := self.ends.pop(0)) is not None:
                raise end
            return
        os.kill(os.getpid(), signal.SIGTERM)
        try:
            await asyncio.Event().wait()
        finally:
            self.in_order = True


async def how_it_went(*ends: Exception | None) -> str:
    """How often the work began, and how it ended."""
    work = Work(*ends)
    try:
        await until_asked_to_stop(work.begin, pause=0)
    except Exception as failure:
        return f"begun {work.begun} times, then {failure!r}"
    return f"begun {work.begun} times, stopped {'in order' if work.in_order else 'in the middle'}"


def told(*ends: Exception | None) -> str:
    """The same, of a process of its own: a worker is asked to stop by a signal to its process, and a browser beside
    these tests runs a loop in theirs."""
    fork = get_context("fork")
    mine, theirs = fork.Pipe(duplex=False)

    def run() -> None:
        theirs.send(asyncio.run(how_it_went(*ends)))

    process = fork.Process(target=run)
    process.start()
    theirs.close()  # with the process ends all that it could say
    said = mine.recv()
    process.join()
    return str(said)


@pytest.mark.parametrize(
    "ends",
    [(), (None,), (ConnectorException("away"), psycopg.OperationalError("away"), OSError("away"), None)],
)
def test_it_begins_again_until_it_is_asked_to_stop(ends: tuple[Exception | None, ...]) -> None:
    assert told(*ends) == f"begun {len(ends) + 1} times, stopped in order"


def test_what_is_no_loss_of_the_database_ends_it() -> None:
    assert told(ValueError("wrong")) == "begun 1 times, then ValueError('wrong')"


@pytest.mark.django_db
def test_what_a_job_puts_into_the_queue_comes_with_its_transaction_or_not_at_all() -> None:
    with app.replace_connector(QueueOfJobs()):
        with transaction.atomic():
            app.configure_task("safety.ring").defer(alert_id=1)
            transaction.set_rollback(True)
        assert not ProcrastinateJob.objects.exists()
        with transaction.atomic():
            app.configure_task("safety.ring").defer(alert_id=2)
    assert [job.args for job in ProcrastinateJob.objects.all()] == [{"alert_id": 2}]
