"""Everything the page of one episode shows."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from dayward.care.journey.models import AftercareCase, Episode, Hold, Segment
from dayward.care.journey.queries.history import Happened, history
from dayward.care.journey.queries.steps import Step, offered_rows, state_label, steps_for
from dayward.care.journey.rules.states import BY_KEY as STATES

#: The page of each step that takes a form; the rest are buttons or the system's own.
PAGES = {
    "flag_at_risk": "flag",
    "clear_at_risk": "clear",
    "hold": "hold",
    "return_to_first_week": "come_back",
    "return_to_active": "come_back",
    "move_sideways": "change_track",
    "close_never_started": "never_started",
    "discharge": "discharge",
    "discharge_lost": "lost",
    "step_up": "step_up",
}


@dataclass(frozen=True)
class Choice:
    """A step that can be taken, with the name of its page."""

    label: str
    sentence: str
    url_name: str
    permission: str


@dataclass(frozen=True)
class EpisodePage:
    state: str
    is_open: bool
    choices: tuple[Choice, ...]
    steps: tuple[Step, ...]
    segments: tuple[Segment, ...]
    holds: tuple[Hold, ...]
    aftercare: AftercareCase | None
    aftercare_state: str
    aftercare_steps: tuple[Step, ...]
    history: tuple[Happened, ...]


def episode_page(episode: Episode, *, keys: Iterable[str] = ()) -> EpisodePage:
    """Read it all once; `keys` are the steps to judge here and now."""
    aftercare = getattr(episode, "aftercare", None)
    return EpisodePage(
        state=state_label(episode.state),
        is_open=not STATES[episode.state].ends,
        choices=_choices(episode),
        steps=steps_for(episode, keys) if keys else (),
        segments=tuple(episode.segments.select_related("track").order_by("-starts_on", "-id")),
        holds=tuple(episode.holds.order_by("-starts_on")),
        aftercare=aftercare,
        aftercare_state=state_label(aftercare.state) if aftercare else "",
        aftercare_steps=steps_for(aftercare) if aftercare else (),
        history=history(episode),
    )


def _choices(episode: Episode) -> tuple[Choice, ...]:
    found: dict[str, Choice] = {}
    for row in offered_rows(episode):
        name = PAGES.get(row.key)
        if name is None or (row.key == "clear_at_risk" and episode.at_risk_at is None):
            continue
        if row.key == "flag_at_risk" and episode.at_risk_at is not None:
            continue
        found.setdefault(
            name, Choice(_(row.label), _(row.sentence), f"journey:episode_{name}", row.permission)
        )
    return tuple(found.values())
