"""The staff's pages of the plan: write, sign, review, read."""

from __future__ import annotations
