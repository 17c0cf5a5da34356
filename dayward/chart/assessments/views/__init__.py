"""The staff pages of assessments: parse, permission, one service call, render."""

from __future__ import annotations
