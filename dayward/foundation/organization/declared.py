"""What a clinic may set, with its meaning and default: each package declares its own in its `apps.py`.

`set_setting` keeps the values; the page of settings (doors/staff) shows each declared one with its history.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.functional import Promise

from dayward.kernel.permissions import Permission
from dayward.kernel.registry import Registry

Text = str | Promise


@dataclass(frozen=True)
class Declared:
    """One setting: what it is called, what it means, what holds while nobody has said anything.

    `words` says a stored value in a sentence's part. It is changed on the page `url_name` of its package (with
    `?site=`), or, with a `field`, on the page of settings; who may holds `permission`.
    """

    key: str
    name: Text
    default: Any
    words: Callable[[Any], str]
    permission: Permission
    meaning: Text = ""
    url_name: str = ""
    url_args: tuple[str, ...] = ()
    field: Callable[[], forms.Field] | None = None


@dataclass(frozen=True)
class Group:
    """Settings that belong together."""

    title: Text
    settings: Callable[[], Iterable[Declared]]  # asked when shown: some are read from a library
    order: int = 100
    per_site: bool = True  # False: one word for the whole clinic


groups: Registry[Group] = Registry("settings")


def declared_setting(key: str) -> tuple[Group, Declared] | None:
    """The setting of this key and where it belongs."""
    for group in groups.values():
        for setting in group.settings():
            if setting.key == key:
                return group, setting
    return None
