"""What is read across the tables of the way through the program."""

from __future__ import annotations
