"""Marks sentences for translation without needing Django."""

from __future__ import annotations


def gettext_noop(text: str) -> str:
    return text
