"""A sealed file opens whole or not at all."""

from __future__ import annotations

import os
import stat
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dayward.foundation.operations.sealing import (
    PIECE,
    TAG_BYTES,
    Damaged,
    Opener,
    OtherKey,
    Sealer,
    key_in,
    make_key,
)
from dayward.kernel.errors import Misconfigured, Refused

KEY, OTHER = b"k" * 32, b"o" * 32


def sealed(content: bytes, key: bytes = KEY) -> bytes:
    file = BytesIO()
    sealer = Sealer(file, key)
    for start in range(0, len(content), 100_000):
        sealer.write(content[start : start + 100_000])
    sealer.finish()
    return file.getvalue()


def opened(file: bytes, key: bytes = KEY) -> bytes:
    opener, parts = Opener(BytesIO(file), key), []
    while part := opener.read(70_000):
        parts.append(part)
    return b"".join(parts)


@pytest.mark.parametrize("length", [0, 1, PIECE - 1, PIECE, PIECE + 1, 2 * PIECE, 3 * PIECE + 17])
def test_what_goes_in_comes_out(length: int) -> None:
    content = os.urandom(length)
    file = sealed(content)
    assert opened(file) == content
    assert length < 16 or content[:16] not in file


BODY = sealed(b"Qzmarked " * 80_000)
START = BODY.index(b"\n") + 1


@given(at=st.integers(0, len(BODY) - 1), change=st.integers(1, 255))
def test_any_byte_changed_is_found(at: int, change: int) -> None:
    changed = bytearray(BODY)
    changed[at] ^= change
    with pytest.raises(Refused):
        opened(bytes(changed))


@given(length=st.integers(0, len(BODY) - 1))
def test_any_cut_is_found(length: int) -> None:
    with pytest.raises(Damaged):
        opened(BODY[:length])


@pytest.mark.parametrize("length", [START, START + PIECE + TAG_BYTES, START + 2 * (PIECE + TAG_BYTES)])
def test_a_cut_between_pieces_is_found(length: int) -> None:
    with pytest.raises(Damaged):
        opened(BODY[:length])


def test_pieces_in_another_order_are_found() -> None:
    whole = PIECE + TAG_BYTES
    first, second = BODY[START : START + whole], BODY[START + whole : START + 2 * whole]
    with pytest.raises(Damaged):
        opened(BODY[:START] + second + first + BODY[START + 2 * whole :])


def test_something_added_is_found() -> None:
    with pytest.raises(Damaged):
        opened(BODY + b"more")


def test_another_key_is_named() -> None:
    with pytest.raises(OtherKey, match="the key given is"):
        opened(BODY, OTHER)


def test_the_same_content_looks_different_each_time() -> None:
    assert sealed(b"the same")[START:] != sealed(b"the same")[START:]


def test_a_key_is_made_once_and_for_its_owner_only(tmp_path: Path) -> None:
    place = tmp_path / "key"
    assert make_key(place)
    kept = key_in(place)
    assert not make_key(place)
    assert key_in(place) == kept
    assert stat.S_IMODE(place.stat().st_mode) == 0o600


@pytest.mark.parametrize("text", ["", "short", "ä", "A" * 60])
def test_what_is_no_key_is_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / "key").write_text(text, encoding="utf-8")
    with pytest.raises(Misconfigured):
        key_in(tmp_path / "key")


def test_a_missing_key_is_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(Misconfigured, match="no key"):
        key_in(tmp_path / "key")
