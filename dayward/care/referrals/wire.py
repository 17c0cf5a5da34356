"""The packet as JSON and back, so that a waiting referral can be kept beside its original.

Reading is forgiving on purpose: a packet written by an older version lacks newer fields, and gets their defaults.
"""

from __future__ import annotations

import types
from collections.abc import Mapping
from dataclasses import asdict, fields, is_dataclass
from functools import cache
from typing import Any, Union, get_args, get_origin, get_type_hints

from dayward.care.referrals.packet import Packet


def to_plain(packet: Packet) -> dict[str, Any]:
    """The packet as JSON values."""
    plain: dict[str, Any] = asdict(packet)
    return plain


def from_plain(plain: Mapping[str, Any]) -> Packet:
    """The packet that :func:`to_plain` wrote."""
    packet = _build(Packet, plain)
    assert isinstance(packet, Packet)
    return packet


@cache
def _hints(cls: type[Any]) -> dict[str, Any]:
    return get_type_hints(cls)


def _build(kind: Any, value: Any) -> Any:
    origin = get_origin(kind)
    if origin in (Union, types.UnionType):
        return None if value is None else _build(_without_none(kind), value)
    if origin is tuple:
        return tuple(_build(get_args(kind)[0], item) for item in value)
    if is_dataclass(kind) and isinstance(kind, type):
        hints = _hints(kind)
        known = {field.name for field in fields(kind)} & set(value)
        return kind(**{name: _build(hints[name], value[name]) for name in known})
    return value


def _without_none(kind: Any) -> Any:
    return next(part for part in get_args(kind) if part is not type(None))
