"""Whoever watches looks again after a failure, says each thing once, and stops when told. No server is needed."""

from __future__ import annotations

import threading
from typing import cast

import pytest

from dayward.kernel.errors import Misconfigured
from dayward.kernel.postgres import Cluster
from dayward.kernel.postgres_watch import watched

PATIENCE = 60  # seconds; a slow machine takes longer, and nothing depends on it


class Server:
    """Answers each look with the next of its outcomes, then with "it runs"."""

    def __init__(self, *outcomes: bool | Exception) -> None:
        self.left = list(outcomes)
        self.seen_all = threading.Event()

    def revive(self) -> bool:
        if not self.left:
            self.seen_all.set()
            return False
        told = self.left.pop(0)
        if isinstance(told, Exception):
            raise told
        return told


def watch(server: Server) -> None:
    with watched(cast(Cluster, server), pause=0.001):
        assert server.seen_all.wait(PATIENCE)


def test_a_server_that_had_ended_is_told_of(caplog: pytest.LogCaptureFixture) -> None:
    watch(Server(False, True, False))
    assert [record.getMessage() for record in caplog.records] == [
        "The database server had ended; it is started again."
    ]


def test_one_that_does_not_start_is_tried_again_and_told_of_once(caplog: pytest.LogCaptureFixture) -> None:
    watch(Server(Misconfigured("no"), OSError("full"), Misconfigured("no"), True))
    assert [record.getMessage().split(":")[0] for record in caplog.records] == [
        "The database server has ended and does not start",
        "The database server had ended; it is started again.",
    ]


def test_nobody_watches_after_the_block() -> None:
    server = Server()
    watch(server)
    server.seen_all.clear()
    assert not [thread for thread in threading.enumerate() if thread.name == "postgres-watch"]
