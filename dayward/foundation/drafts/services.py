"""The only writer of drafts. `store` is what the forms' pages ask (dayward/ui/drafts.py)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from django.conf import settings
from django.db import IntegrityError, models, transaction
from django.utils import timezone

from dayward.foundation.audit.actors import Actor, person_actor, staff_actor
from dayward.foundation.audit.services import record
from dayward.foundation.drafts.models import Draft
from dayward.foundation.people.models import Person, User
from dayward.ui.drafts import Kept, Place, Typed

JUST_NOW = timedelta(minutes=1)  # what was on its way when its form was sent arrives in this time
OFFERED = 6  # of one form, the latest
LATE = timedelta(days=2)  # then nobody asks for Undo


def drafts_at(place: Place) -> models.QuerySet[Draft]:
    """The drafts of a form, one of each open page, the latest first; also where the person was written down twice and
    is one now.
    """
    rows = Draft.objects.filter(writer__public_id=place.writer, form=place.form).order_by("-kept_at")
    if not place.person:
        return rows.filter(person=None)
    same = models.Q(person__public_id=place.person) | models.Q(person__same_as__public_id=place.person)
    return rows.filter(same)


@transaction.atomic
def keep(*, actor: Actor, place: Place, typed: Typed, at: datetime | None = None) -> bool:
    """Keep what was typed so far; False for what arrives late from a form that was sent or thrown away.

    A page that began with a draft goes on with it. Where another page did so first, it begins one of its own.
    """
    now, row = at or timezone.now(), _locked(place) or _begin(actor, place)
    if row.state != Draft.State.OPEN and now - row.kept_at < JUST_NOW:
        return False
    is_new = row.state != Draft.State.OPEN or not row.typed
    row.tab, row.typed, row.state = place.tab, dict(typed), Draft.State.OPEN
    row.kept_at = now
    row.save(update_fields=["tab", "typed", "state", "kept_at"])
    if is_new:
        record(actor=actor, action="drafts.begin", person=row.person, subject=row, form=place.form)
    return True


def _locked(place: Place) -> Draft | None:
    """That of the page; otherwise the one it began with, if nobody has gone on with it since."""
    rows = drafts_at(place).select_for_update(of=("self",))
    tab, _at, kept_at = place.origin.partition("@")
    began = {"tab": tab, "kept_at": kept_at, "state": Draft.State.OPEN}
    return rows.filter(tab=place.tab).first() or (rows.filter(**began).first() if kept_at else None)


def _begin(actor: Actor, place: Place) -> Draft:
    """An empty row; that of a request of the same page that was faster, where there is one."""
    person = Person.objects.get(public_id=place.person) if place.person else None
    assert actor.user
    try:
        with transaction.atomic():
            return Draft.objects.create(writer=actor.user, form=place.form, person=person, tab=place.tab)
    except IntegrityError:
        return drafts_at(place).select_for_update(of=("self",)).get(tab=place.tab)


@transaction.atomic
def end(*, actor: Actor, place: Place) -> None:
    """The form was sent, in the same transaction: its own entry in the trail tells of it."""
    row = _locked(place) or _begin(actor, place) if place.tab else _latest(place, Draft.State.OPEN)
    if row is not None:
        row.tab, row.state, row.typed = place.tab or row.tab, Draft.State.SENT, {}
        row.kept_at = timezone.now()
        row.save(update_fields=["tab", "state", "typed", "kept_at"])


def _latest(place: Place, state: Draft.State) -> Draft | None:
    return drafts_at(place).filter(state=state).select_for_update(of=("self",)).first()


@transaction.atomic
def throw_away(*, actor: Actor, place: Place) -> bool:
    """The writer wants the form as it was; False where another page has gone on with it."""
    row = _locked(place)
    if row is None or row.state != Draft.State.OPEN:
        return False
    row.tab, row.state, row.kept_at = place.tab, Draft.State.THROWN, timezone.now()
    row.save(update_fields=["tab", "state", "kept_at"])
    record(actor=actor, action="drafts.throw_away", person=row.person, subject=row, form=place.form)
    return True


@transaction.atomic
def bring_back(*, actor: Actor, place: Place) -> None:
    """Undo of throwing away: the last that was."""
    row = _latest(place, Draft.State.THROWN)
    if row is not None:
        row.state = Draft.State.OPEN
        row.save(update_fields=["state"])
        record(actor=actor, action="drafts.bring_back", person=row.person, subject=row, form=place.form)


@transaction.atomic
def sweep(*, at: datetime | None = None) -> int:
    """What nobody came back for goes, and the traces of what was sent."""
    now = at or timezone.now()
    old = models.Q(kept_at__lt=now - timedelta(days=settings.DRAFT_DAYS))
    done = ~models.Q(state=Draft.State.OPEN) & models.Q(kept_at__lt=now - LATE)
    return Draft.objects.filter(old | done).delete()[0]


class DatabaseStore:
    """Drafts in PostgreSQL, for the pages of forms."""

    def find(self, place: Place) -> list[Kept]:
        rows = drafts_at(place).filter(state=Draft.State.OPEN)[:OFFERED]
        return [Kept(row.typed, row.kept_at, row.tab) for row in rows]

    def keep(self, place: Place, typed: Mapping[str, list[str]]) -> bool:
        """False also where the writer works here no longer."""
        actor = _writer(place)
        return actor is not None and keep(actor=actor, place=place, typed=typed)

    def end(self, place: Place) -> None:
        if actor := _writer(place):
            end(actor=actor, place=place)

    def throw_away(self, place: Place) -> bool:
        actor = _writer(place)
        return actor is not None and throw_away(actor=actor, place=place)

    def bring_back(self, place: Place) -> None:
        if actor := _writer(place):
            bring_back(actor=actor, place=place)


def _writer(place: Place) -> Actor | None:
    user = User.objects.filter(public_id=place.writer, is_active=True).first()
    if user is None:
        return None
    return person_actor(user) if user.person_id else staff_actor(user)


store = DatabaseStore()
