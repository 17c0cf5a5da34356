"""Letters, summaries and packets, needs, outside meetings."""

from __future__ import annotations
