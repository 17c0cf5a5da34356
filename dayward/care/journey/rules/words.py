"""Marks sentences in pure rules for translation without importing Django."""

from __future__ import annotations


def gettext_noop(message: str) -> str:
    """Return the message; `makemessages` finds it by this function's name, the screen translates it."""
    return message
