from __future__ import annotations

import hashlib


def digest(text: str) -> str:
    """What a signature keeps of the text: the SHA-256 of its UTF-8 bytes, in hexadecimal."""
    return hashlib.sha256(text.encode()).hexdigest()
