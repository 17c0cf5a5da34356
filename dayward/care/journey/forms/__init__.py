"""Forms of the way in, of an episode, and of the public page."""

from __future__ import annotations
