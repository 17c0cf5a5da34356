"""Staff pages of the way in and of an episode, and the public inquiry form."""

from __future__ import annotations
