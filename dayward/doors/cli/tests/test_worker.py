"""A worker goes on when its database is back, and stops when it is asked to."""

from __future__ import annotations

import asyncio
import os
import signal

import psycopg
import pytest
from procrastinate.exceptions import ConnectorException

from dayward.doors.cli.worker import until_asked_to_stop


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


@pytest.mark.parametrize(
    "ends",
    [(), (None,), (ConnectorException("away"), psycopg.OperationalError("away"), OSError("away"), None)],
)
def test_it_begins_again_until_it_is_asked_to_stop(ends: tuple[Exception | None, ...]) -> None:
    work = Work(*ends)
    asyncio.run(until_asked_to_stop(work.begin, pause=0))
    assert work.begun == len(ends) + 1
    assert work.in_order


def test_what_is_no_loss_of_the_database_ends_it() -> None:
    with pytest.raises(ValueError, match="wrong"):
        asyncio.run(until_asked_to_stop(Work(ValueError("wrong")).begin, pause=0))
