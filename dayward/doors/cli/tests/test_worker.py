"""A worker goes on when its database is back, and stops when it is asked to."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import Awaitable, Callable
from multiprocessing import get_context

import psycopg
import pytest
from procrastinate.exceptions import ConnectorException

from dayward.doors.cli.worker import until_asked_to_stop

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


async def begins_again(*ends: Exception | None) -> None:
    work = Work(*ends)
    await until_asked_to_stop(work.begin, pause=0)
    assert work.begun == len(ends) + 1
    assert work.in_order


async def ends_of_itself() -> None:
    with pytest.raises(ValueError, match="wrong"):
        await until_asked_to_stop(Work(ValueError("wrong")).begin, pause=0)


def in_its_own_process(act: Callable[[], Awaitable[None]]) -> None:
    """A worker is asked to stop by a signal to its process, and a browser beside these tests runs a loop in theirs."""

    async def run() -> None:
        await act()

    process = get_context("fork").Process(target=lambda: asyncio.run(run()))
    process.start()
    process.join(60)
    assert process.exitcode == 0


@pytest.mark.parametrize(
    "ends",
    [(), (None,), (ConnectorException("away"), psycopg.OperationalError("away"), OSError("away"), None)],
)
def test_it_begins_again_until_it_is_asked_to_stop(ends: tuple[Exception | None, ...]) -> None:
    in_its_own_process(lambda: begins_again(*ends))


def test_what_is_no_loss_of_the_database_ends_it() -> None:
    in_its_own_process(ends_of_itself)
