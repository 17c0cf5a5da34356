"""Reads of letters, needs and outside meetings, summaries."""

from __future__ import annotations
