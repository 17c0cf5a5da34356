"""Staff pages of programs, rooms and kinds of services."""

from __future__ import annotations
