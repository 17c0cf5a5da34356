"""Where Django keeps sessions: in the database, and a database that is away is not a session that was ended.

Django answers both with "400 Bad Request", which tells a writer that what they sent was wrong. When the database
does not answer this is a server error, with the page that says what to do.
"""

from __future__ import annotations

from django.contrib.sessions.backends.base import UpdateError
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.db import OperationalError


class SessionStore(DatabaseStore):
    def save(self, must_create: bool = False) -> None:
        """Raises UpdateError when the session is gone, OperationalError when the database is."""
        try:
            super().save(must_create)
        except UpdateError as lost:
            if isinstance(lost.__context__, OperationalError):
                raise lost.__context__ from None
            raise
