"""Where tries are counted: in PostgreSQL, for all server processes and machines together."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.core.cache.backends.db import DatabaseCache
from django.db import connections


class CountingCache(DatabaseCache):
    """Django's table, which never forgets early: thousands of made-up names cannot push out the one that counts."""

    def _cull(self, db: str, cursor: Any, now: datetime, num: int) -> None:
        table = connections[db].ops.quote_name(self._table)  # type: ignore[attr-defined] # django-stubs lacks it
        cursor.execute(f"DELETE FROM {table} WHERE expires < %s", [now])  # noqa: S608 - the table's name is ours
