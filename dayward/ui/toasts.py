"""One line after an act: what was done, and Undo where it can be undone (nothing asks "are you sure?")."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from django.contrib import messages
from django.contrib.messages.storage.base import Message
from django.http import HttpRequest
from django.utils.functional import Promise

from dayward.kernel.errors import Refused

_UNDO = "undo:"
_STATES = {messages.SUCCESS: "ok", messages.WARNING: "warn", messages.ERROR: "bad"}


@dataclass(frozen=True)
class Toast:
    """A message as shown."""

    text: str
    state: str
    undo_url: str


def done(request: HttpRequest, text: str | Promise, *, undo_url: str = "") -> None:
    """Say what was done. `undo_url` is a view of ours that takes a POST and undoes it."""
    messages.success(request, str(text), extra_tags=f"{_UNDO}{undo_url}" if undo_url else "")


def warn(request: HttpRequest, text: str | Promise) -> None:
    """Say what was done, and what to watch."""
    messages.warning(request, str(text))


def refuse(request: HttpRequest, text: str | Promise) -> None:
    """Say what was not done, and why."""
    messages.error(request, str(text))


@contextmanager
def telling(request: HttpRequest, said: str | Promise = "", *, undo_url: str = "") -> Iterator[None]:
    """Around the one call of a button: `said` afterwards, or why it was refused. The page goes on either way."""
    try:
        yield
    except Refused as refused:
        for sentence in refused.reasons:
            refuse(request, sentence)
    else:
        if said:
            done(request, said, undo_url=undo_url)


def toast(message: Message) -> Toast:
    """A message of Django's as a toast."""
    tags = message.extra_tags or ""
    undo_url = tags.removeprefix(_UNDO) if tags.startswith(_UNDO) else ""
    return Toast(str(message.message), _STATES.get(message.level, "info"), undo_url)
