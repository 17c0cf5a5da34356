"""The patient's page: the way in, the week, the forms, Help now."""

from __future__ import annotations
