"""Log lines that cannot carry patient data: an error is its class and place, never its values."""

from __future__ import annotations

import logging
import traceback

from django.db import Error as DatabaseError


class TerseFormatter(logging.Formatter):
    """`time level logger: message`; exceptions as class, file and line only."""

    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s: %(message)s")

    def formatException(self, ei: object) -> str:  # noqa: N802 - the name is logging's
        if not isinstance(ei, tuple) or ei[1] is None:
            return ""
        error: BaseException = ei[1]
        frames = [
            f"{frame.filename.rpartition('dayward/')[2]}:{frame.lineno}"
            for frame in traceback.extract_tb(error.__traceback__)[-4:]
        ]
        kind = "database error" if isinstance(error, DatabaseError) else "error"
        return f"{kind} {type(error).__name__} at {' < '.join(reversed(frames))}"
