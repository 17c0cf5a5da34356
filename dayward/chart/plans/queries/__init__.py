"""What is read of plans. Others use `active_plan`, `objectives_of`, `plans_to_sign`; see README.md."""

from __future__ import annotations

from dayward.chart.plans.queries.plans import (
    active_plan,
    current_episode,
    newest_plan,
    objectives_of,
    open_plan,
    plans_of,
    plans_to_sign,
)
from dayward.chart.plans.queries.tree import Tree, content_of, texts_of, tree_of

__all__ = [
    "Tree",
    "active_plan",
    "content_of",
    "current_episode",
    "newest_plan",
    "objectives_of",
    "open_plan",
    "plans_of",
    "plans_to_sign",
    "texts_of",
    "tree_of",
]
