"""Everything the page of one episode shows."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _

from dayward.care.journey.models import AftercareCase, Episode, Hold, Reopening, Segment, TaperStep
from dayward.care.journey.queries.history import Happened, history
from dayward.care.journey.queries.moving import taper_of
from dayward.care.journey.queries.reopening import reopenings_of
from dayward.care.journey.queries.steps import Step, offered_rows, state_label, steps_for
from dayward.care.journey.rules.states import BY_KEY as STATES
from dayward.kernel.gathering import read

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
    "step_down": "step_down",
    "stay_on": "stay_on",
}
#: Steps whose page is about the person, not about one episode.
PERSON_PAGES = {"finish_first_week": "first_week", "plan_discharge": "discharge_plan"}
#: Steps that are one button.
BUTTONS = {"review_stay": "review"}


@dataclass(frozen=True)
class Choice:
    """A step that can be taken, with the address of its page; `posts`: of a button."""

    label: str
    sentence: str
    url: str
    permission: str
    posts: bool = False


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
    taper: tuple[TaperStep, ...]
    reopenings: tuple[Reopening, ...]


def episode_page(episode: Episode, *, keys: Iterable[str] = ()) -> EpisodePage:
    """Read it all once; `keys` are the steps to judge here and now."""
    aftercare = getattr(episode, "aftercare", None)
    segments, holds, taper, reopenings = read(
        [
            episode.segments.select_related("track").order_by("-starts_on", "-id"),
            episode.holds.order_by("-starts_on"),
            taper_of(episode),
            reopenings_of(episode),
        ]
    )
    return EpisodePage(
        state=state_label(episode.state),
        is_open=not STATES[episode.state].ends,
        choices=_choices(episode),
        steps=steps_for(episode, keys) if keys else (),
        segments=tuple(segments),
        holds=tuple(holds),
        aftercare=aftercare,
        aftercare_state=state_label(aftercare.state) if aftercare else "",
        aftercare_steps=steps_for(aftercare) if aftercare else (),
        history=history(episode),
        taper=tuple(step for step in taper if step.segment_id is None),
        reopenings=tuple(reopenings),
    )


def _choices(episode: Episode) -> tuple[Choice, ...]:
    found: dict[str, Choice] = {}
    for row in offered_rows(episode):
        if row.key == "clear_at_risk" and episode.at_risk_at is None:
            continue
        if row.key == "flag_at_risk" and episode.at_risk_at is not None:
            continue
        if url := _url(row.key, episode):
            choice = Choice(_(row.label), _(row.sentence), url, row.permission, row.key in BUTTONS)
            found.setdefault(url, choice)
    return tuple(found.values())


def _url(key: str, episode: Episode) -> str:
    if key in PERSON_PAGES:
        return reverse(f"journey:{PERSON_PAGES[key]}", args=[episode.person.public_id])
    name = PAGES.get(key) or BUTTONS.get(key)
    if name is None:
        return ""
    return reverse(f"journey:episode_{name}", args=[episode.person.public_id, episode.public_id])
