"""Sealed files: encrypted and authenticated piece by piece, so that a file of any length is read as a stream.

The pieces are ChaCha20-Poly1305 in the way of "STREAM" (Hoang, Reyhanitabar, Rogaway, Vizár 2015), as the program age
uses it: the nonce of a piece is its number and whether it is the last. A piece changed, left out, moved, added or cut
off is found. Each file has a key of its own, worked out from the kept key and the file's first line.
"""

from __future__ import annotations

import hashlib
import os
from base64 import urlsafe_b64decode, urlsafe_b64encode
from pathlib import Path
from typing import BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from dayward.kernel.errors import Misconfigured, Refused
from dayward.kernel.local import write_once

FIRST_WORDS = b"dayward sealed 1"
KEY_BYTES, SALT_BYTES, TAG_BYTES = 32, 16, 16
PIECE = 256 * 1024
LONGEST_FIRST_LINE = 200


class Damaged(Refused):
    """The file is damaged or was cut short; nothing was taken from it."""


class OtherKey(Refused):
    """The file was sealed with another key."""


# -- keys ------------------------------------------------------------------------------------------------------------


def key_in(place: Path) -> bytes:
    """The key kept in a file."""
    try:
        key = urlsafe_b64decode(place.read_text(encoding="ascii").strip())
    except FileNotFoundError:
        raise Misconfigured(f"There is no key at {place}.") from None
    except (OSError, ValueError):
        raise Misconfigured(f"{place} cannot be read as a key.") from None
    if len(key) != KEY_BYTES:
        raise Misconfigured(f"{place} holds no key: {KEY_BYTES} bytes in base64 are wanted.")
    return key


def make_key(place: Path) -> bool:
    """A new key, readable by its owner only; False when one is there."""
    if place.exists():
        return False
    write_once(place, urlsafe_b64encode(os.urandom(KEY_BYTES)).decode() + "\n")
    return True


def key_name(key: bytes) -> str:
    """Tells keys apart and gives nothing away."""
    return hashlib.sha256(b"name of a key" + key).hexdigest()[:12]


# -- files -----------------------------------------------------------------------------------------------------------


class Sealer:
    """Writes a sealed file. Without `finish` the file has no end, and opening it says so."""

    def __init__(self, file: BinaryIO, key: bytes) -> None:
        self._file, self._waiting, self._number = file, bytearray(), 0
        first = (
            b" ".join((FIRST_WORDS, key_name(key).encode(), os.urandom(SALT_BYTES).hex().encode())) + b"\n"
        )
        self._cipher = _cipher(key, first)
        file.write(first)

    def write(self, data: bytes) -> None:
        self._waiting += data
        while len(self._waiting) > PIECE:  # a full piece is kept back: it may be the last
            self._seal(bytes(self._waiting[:PIECE]), is_last=False)
            del self._waiting[:PIECE]

    def finish(self) -> None:
        self._seal(bytes(self._waiting), is_last=True)
        self._waiting.clear()

    def _seal(self, piece: bytes, *, is_last: bool) -> None:
        self._file.write(self._cipher.encrypt(_nonce(self._number, is_last), piece, None))
        self._number += 1


class Opener:
    """Reads a sealed file from its beginning."""

    def __init__(self, file: BinaryIO, key: bytes) -> None:
        first = file.readline(LONGEST_FIRST_LINE)
        words = first.split()
        if not first.startswith(FIRST_WORDS + b" ") or len(words) != len(FIRST_WORDS.split()) + 2:
            raise Damaged("This is no sealed file of Dayward, or its beginning is damaged.")
        if words[-2].decode(errors="replace") != key_name(key):
            raise OtherKey(
                f"The file was sealed with the key {words[-2].decode(errors='replace')}; "
                f"the key given is {key_name(key)}."
            )
        self._file, self._cipher, self._number = file, _cipher(key, first), 0
        self._next = file.read(PIECE + TAG_BYTES)
        self._opened, self._is_over = b"", False

    def read(self, size: int = PIECE, /) -> bytes:
        """Up to `size` bytes; nothing only at the end, and the end is reached only when the file is whole."""
        while not self._opened and not self._is_over:
            self._open_piece()
        given, self._opened = self._opened[:size], self._opened[size:]
        return given

    def read_exactly(self, size: int) -> bytes:
        parts = bytearray()
        while len(parts) < size:
            part = self.read(size - len(parts))
            if not part:
                raise Damaged()
            parts += part
        return bytes(parts)

    def _open_piece(self) -> None:
        piece, self._next = self._next, self._file.read(PIECE + TAG_BYTES)
        self._is_over = not self._next
        try:
            self._opened = self._cipher.decrypt(_nonce(self._number, self._is_over), piece, None)
        except InvalidTag:
            raise Damaged() from None
        self._number += 1


def _cipher(key: bytes, first_line: bytes) -> ChaCha20Poly1305:
    return ChaCha20Poly1305(HKDF(SHA256(), KEY_BYTES, salt=None, info=first_line).derive(key))


def _nonce(number: int, is_last: bool) -> bytes:
    return number.to_bytes(11, "big") + bytes([is_last])
