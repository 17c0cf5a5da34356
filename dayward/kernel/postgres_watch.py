"""The embedded PostgreSQL may end without being asked: killed, or stopped by a full disk. Then it is started again.

Real servers have a service manager for this; the embedded one has the processes that use it.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from dayward.kernel.errors import Misconfigured
from dayward.kernel.postgres import Cluster

LOOK_SECONDS = 1.0
LONGEST_PAUSE = 30.0
_log = logging.getLogger("dayward.database")


@contextmanager
def watched(cluster: Cluster, pause: float = LOOK_SECONDS) -> Iterator[None]:
    """Inside this block, which is inside `cluster.in_use()`, a server that ended is started again."""
    over = threading.Event()
    watcher = threading.Thread(target=_watch, args=(cluster, over, pause), name="postgres-watch", daemon=True)
    watcher.start()
    try:
        yield
    finally:
        over.set()
        watcher.join()


def _watch(cluster: Cluster, over: threading.Event, pause: float) -> None:
    wait, is_told = pause, False
    while not over.wait(wait):
        try:
            if cluster.revive():
                _log.error("The database server had ended; it is started again.")
        except (Misconfigured, OSError):
            if not is_told:
                _log.error(
                    "The database server has ended and does not start: its own log says why. Is the disk full?"
                )
            wait, is_told = min(wait * 2, LONGEST_PAUSE), True
        else:
            wait, is_told = pause, False
