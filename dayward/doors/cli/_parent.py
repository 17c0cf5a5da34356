"""A part of the demo ends with the demo, even when that one was killed and could not say so."""

from __future__ import annotations

import os
import signal
import threading
import time

VARIABLE = "DAYWARD_STOP_WITH_PARENT"
POLL_SECONDS = 1.0


def stop_with_parent() -> None:
    """Asked for by the demo in the environment: when our parent changes, the demo is gone."""
    if os.environ.get(VARIABLE) == "1":
        threading.Thread(target=_watch, args=(os.getppid(),), daemon=True).start()


def _watch(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(POLL_SECONDS)
    os.kill(os.getpid(), signal.SIGTERM)
