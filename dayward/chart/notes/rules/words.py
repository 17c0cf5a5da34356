"""Marks sentences for translation without loading a framework; the screens translate them."""

from __future__ import annotations


def gettext_noop(text: str) -> str:
    return text
