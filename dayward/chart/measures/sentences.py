"""Scores in words: raw first, then what the difference means."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils import formats, translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from dayward.chart.measures import library, picture
from dayward.chart.measures.queries import ScorePoint, points
from dayward.chart.measures.rules.change import Direction, Point, Track, step, track
from dayward.chart.measures.rules.instrument import Instrument

NOT_MORE, MORE = "noise", "more"


@dataclass(frozen=True)
class Course:
    """One measure as the chart shows it."""

    instrument: Instrument
    rows: tuple[ScorePoint, ...]
    points: tuple[Point, ...]
    sentence: str
    track: Track
    picture: picture.Picture | None
    band: str
    summary: str  # for a screen reader

    @property
    def last(self) -> ScorePoint:
        return self.rows[-1]


def courses(rows: Sequence[ScorePoint], size: picture.Size = picture.SMALL) -> list[Course]:
    """Each instrument that has a score, in the order of the library; the latest stretch of treatment only."""
    keys = {row.instrument for row in rows}
    return [_course(found, rows, size) for key, found in library.instruments().items() if key in keys]


def _course(instrument: Instrument, rows: Sequence[ScorePoint], size: picture.Size) -> Course:
    own = tuple(row for row in rows if row.instrument == instrument.key)
    lately = tuple(points([row for row in own if row.episode == own[-1].episode], instrument.key))
    every = points(own, instrument.key)
    text = instrument.text(translation.get_language() or "en")
    change = instrument.change
    return Course(
        instrument=instrument,
        rows=own,
        points=tuple(every),
        sentence=changed_since(instrument, lately),
        track=track(lately, change) if change else Track.NONE,
        picture=picture.draw(instrument, every, dict(text.bands), size),
        band=text.bands.get(own[-1].band, ""),
        summary=_summary(instrument, every),
    )


def changed_since(instrument: Instrument, course: Sequence[Point]) -> str:
    """ "down 7 points since March 3: more than measurement noise"; empty with fewer than two scores."""
    found = step(course, instrument.change) if instrument.change else None
    if found is None:
        return ""
    day = formats.date_format(found.since, "F j")
    if found.points == 0:
        return _("the same as on %(day)s") % {"day": day}
    count = abs(found.points)
    down = ngettext("down %(n)d point since %(day)s", "down %(n)d points since %(day)s", count)
    up = ngettext("up %(n)d point since %(day)s", "up %(n)d points since %(day)s", count)
    words = (down if found.points < 0 else up) % {"n": count, "day": day}
    noise = _("within measurement noise")
    more = _("more than measurement noise")
    return f"{words}: {noise if found.direction is Direction.UNCHANGED else more}"


def _summary(instrument: Instrument, course: Sequence[Point]) -> str:
    listed = ", ".join(f"{formats.date_format(point.day, 'M j')} {point.total}" for point in course)
    return _("%(name)s, 0 to %(highest)d, lower is better: %(scores)s") % {
        "name": instrument.name,
        "highest": instrument.highest,
        "scores": listed,
    }
