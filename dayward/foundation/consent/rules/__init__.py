"""What a consent must say, whether it stands, what it allows, who signs it. Pure: plain values in and out."""

from __future__ import annotations
