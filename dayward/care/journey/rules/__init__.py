"""The decisions of the way in: plain values in, plain values out."""

from __future__ import annotations
