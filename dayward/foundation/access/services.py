from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _
from psycopg.types.range import TimestamptzRange

from dayward.foundation.access.models import BreakGlass, CareTeamMember, PortalKey, RoleAssignment
from dayward.foundation.access.roles import ROLES
from dayward.foundation.audit.actors import PUBLIC, Actor, person_actor
from dayward.foundation.audit.models import Entry
from dayward.foundation.audit.services import record
from dayward.foundation.organization.models import Site
from dayward.foundation.people.models import Person, StaffMember, User
from dayward.kernel.errors import Refused
from dayward.kernel.models import ALPHABET
from dayward.kernel.permissions import Permission

BREAK_GLASS = timedelta(hours=4)
SHORTEST_REASON = 10
LINK_LASTS = timedelta(days=7)
CODE_LASTS = timedelta(minutes=30)
CODE_LENGTH = 8
LONGEST_CODE = 20
TRIES = 5


# -- what was read ---------------------------------------------------------------------------------------------


def view_name(request: Any) -> str:
    """The name of the page, such as `people:person`; never its address, which could carry what was typed."""
    match = request.resolver_match
    return match.view_name if match else ""


def audit_view(request: Any, person: Person, *, through: str = "", action: str = "") -> Entry:
    """Write down that this page of the person's chart was shown."""
    detail: dict[str, Any] = {"through": through} if through else {}
    return record(
        actor=request.actor,
        action=action or view_name(request),
        kind=Entry.Kind.VIEW,
        person=person,
        **detail,
    )


def audit_list(request: Any, people: Iterable[Person], *, action: str = "") -> Entry | None:
    """Write down that a list showed more than name and next appointment of these people."""
    shown = sorted({person.public_id for person in people})
    if not shown:
        return None
    return record(
        actor=request.actor, action=action or view_name(request), kind=Entry.Kind.VIEW, people=shown
    )


def audit_refusal(request: Any, *, permission: Permission, person: Person | None = None) -> Entry:
    """Write down that somebody tried to open what is not theirs."""
    return record(
        actor=request.actor,
        action=view_name(request),
        kind=Entry.Kind.REFUSED,
        person=person,
        permission=permission.key,
    )


# -- roles -----------------------------------------------------------------------------------------------------


@transaction.atomic
def grant_role(
    *,
    actor: Actor,
    staff: StaffMember,
    role: str,
    site: Site | None = None,
    starts_on: date | None = None,
    ends_on: date | None = None,
) -> RoleAssignment:
    """Give a role from a day (today if none is named) to a day, that day included."""
    first = starts_on or timezone.now().date() - timedelta(days=1)  # of every zone's today
    _check_role(staff, role, site, first, ends_on)
    assignment = RoleAssignment.objects.create(
        staff=staff, role=role, site=site, starts_on=first, ends_on=ends_on
    )
    record(
        actor=actor,
        action="access.grant_role",
        subject=assignment,
        site=site,
        role=role,
        staff=staff.public_id,
    )
    return assignment


def _check_role(staff: StaffMember, role: str, site: Site | None, first: date, last: date | None) -> None:
    if role not in ROLES:
        raise Refused(_("There is no such role."))
    if last and last < first:
        raise Refused(_("The last day is before the first."))
    held = RoleAssignment.objects.filter(staff=staff, role=role, site=site).exclude(ends_on__lt=first)
    if (held.filter(starts_on__lte=last) if last else held).exists():
        raise Refused(_("%(name)s has this role in that time already.") % {"name": staff.name})


@transaction.atomic
def end_role(*, actor: Actor, assignment: RoleAssignment, on: date) -> RoleAssignment:
    """Let a role end: `on` is its last day."""
    if assignment.ends_on and assignment.ends_on <= on:
        raise Refused(_("This role ends earlier already."))
    assignment.ends_on = max(on, assignment.starts_on)
    assignment.save(update_fields=["ends_on"])
    record(
        actor=actor,
        action="access.end_role",
        subject=assignment,
        site=assignment.site,
        role=assignment.role,
        staff=assignment.staff.public_id,
    )
    return assignment


# -- care team -------------------------------------------------------------------------------------------------


@transaction.atomic
def add_to_care_team(
    *, actor: Actor, person: Person, staff: StaffMember, function: str, since: datetime | None = None
) -> CareTeamMember:
    """Somebody treats the person from now on, and so may open the chart. Said twice is said once."""
    now = since or timezone.now()
    found = CareTeamMember.objects.filter(
        person_id__in=person.all_ids, staff=staff, function=function, during__contains=now
    ).first()
    if found:
        return found
    try:
        with transaction.atomic():
            member = CareTeamMember.objects.create(
                person=person, staff=staff, function=function, during=TimestamptzRange(now, None)
            )
    except IntegrityError:
        raise Refused(_("%(name)s is on this care team already.") % {"name": staff.name}) from None
    record(
        actor=actor,
        action="access.add_to_care_team",
        person=person,
        subject=member,
        function=function,
        staff=staff.public_id,
    )
    return member


@transaction.atomic
def end_care_team(*, actor: Actor, member: CareTeamMember, at: datetime | None = None) -> CareTeamMember:
    """The chart closes to them, unless something else opens it."""
    now = at or timezone.now()
    if member.during.upper and member.during.upper <= now:
        raise Refused(_("This has ended already."))
    member.during = TimestamptzRange(member.during.lower, max(now, member.during.lower))
    member.save(update_fields=["during"])
    record(
        actor=actor,
        action="access.end_care_team",
        person=member.person,
        subject=member,
        function=member.function,
        staff=member.staff.public_id,
    )
    return member


@transaction.atomic
def restore_care_team(*, actor: Actor, member: CareTeamMember) -> CareTeamMember:
    """Undo of ending it."""
    member.during = TimestamptzRange(member.during.lower, None)
    try:
        with transaction.atomic():
            member.save(update_fields=["during"])
    except IntegrityError:
        raise Refused(_("%(name)s is on this care team already.") % {"name": member.staff.name}) from None
    record(
        actor=actor,
        action="access.restore_care_team",
        person=member.person,
        subject=member,
        staff=member.staff.public_id,
    )
    return member


# -- break-glass -----------------------------------------------------------------------------------------------


@transaction.atomic
def open_break_glass(*, actor: Actor, person: Person, reason: str, at: datetime | None = None) -> BreakGlass:
    """Open a chart that is not open otherwise, for four hours; compliance reviews each."""
    if actor.user is None:
        raise Refused(_("Only a person who signed in can do this."))
    if len(reason.strip()) < SHORTEST_REASON:
        raise Refused(_("Say why you need this chart now, in a sentence; compliance reads it."))
    now = at or timezone.now()
    opening = BreakGlass.objects.create(
        person=person,
        opened_by=actor.user,
        opened_at=now,
        expires_at=now + BREAK_GLASS,
        reason=reason.strip(),
    )
    record(actor=actor, action="access.break_glass", person=person, subject=opening)
    return opening


@transaction.atomic
def end_break_glass(*, actor: Actor, opening: BreakGlass) -> BreakGlass:
    """Close the chart before the four hours are over."""
    now = timezone.now()
    if opening.expires_at > now:
        opening.expires_at = now
        opening.save(update_fields=["expires_at"])
        record(actor=actor, action="access.end_break_glass", person=opening.person, subject=opening)
    return opening


@transaction.atomic
def review_break_glass(*, actor: Actor, opening: BreakGlass, outcome: str) -> BreakGlass:
    """Compliance writes down what it found; not about one's own opening."""
    if actor.user is None or actor.user.pk == opening.opened_by_id:
        raise Refused(_("Nobody reviews their own break-glass."))
    if not outcome.strip():
        raise Refused(_("Write down what you found."))
    if opening.reviewed_at:
        raise Refused(_("This was reviewed already."))
    opening.reviewed_at, opening.reviewed_by, opening.review_outcome = (
        timezone.now(),
        actor.user,
        outcome.strip(),
    )
    opening.save(update_fields=["reviewed_at", "reviewed_by", "review_outcome"])
    record(actor=actor, action="access.review_break_glass", person=opening.person, subject=opening)
    return opening


# -- the person's own way in -----------------------------------------------------------------------------------


@transaction.atomic
def make_portal_key(
    *, actor: Actor, person: Person, kind: str, lasts: timedelta | None = None, at: datetime | None = None
) -> str:
    """A link's secret or a short code for the person's own page. It is told once: only its digest is kept."""
    is_code = kind == PortalKey.Kind.CODE
    secret = _code() if is_code else secrets.token_urlsafe(32)
    now = at or timezone.now()
    key = PortalKey.objects.create(
        person=person,
        kind=kind,
        digest=portal_digest(secret),
        made_at=now,
        made_by=actor.id,
        expires_at=now + (lasts or (CODE_LASTS if is_code else LINK_LASTS)),
    )
    record(actor=actor, action="access.make_portal_key", person=person, subject=key, kind_of_key=str(kind))
    return secret


def portal_digest(secret: str) -> str:
    """What is kept of a link or code; keyed, so that a short code cannot be guessed from a copy of the table."""
    is_code = len(secret) < LONGEST_CODE  # a code is typed by hand: case, spaces and dashes do not matter
    normal = secret.lower().replace("-", "").replace(" ", "") if is_code else secret
    return hmac.new(settings.SECRET_KEY.encode(), f"portal {normal}".encode(), hashlib.sha256).hexdigest()


def _code() -> str:
    return "".join(secrets.choice(ALPHABET) for _each in range(CODE_LENGTH))


def use_portal_key(*, secret: str, birth_date: date | None, at: datetime | None = None) -> User:
    """The account to sign in for a link or code; the birth date (where one is known) must fit as well.

    A code works once. Every refusal says the same, so that nothing is told to somebody who guesses.
    """
    user = _redeem(secret, birth_date, at or timezone.now())
    if user is None:  # outside the transaction, so that the failed try is kept
        raise Refused(
            _("This link or code does not work with this date of birth, or has run out. Ask for a new one.")
        )
    return user


@transaction.atomic
def _redeem(secret: str, birth_date: date | None, now: datetime) -> User | None:
    key = (
        PortalKey.objects.select_for_update(of=("self",))
        .filter(digest=portal_digest(secret), expires_at__gt=now, failed_tries__lt=TRIES)
        .select_related("person")
        .first()
    )
    if key is None:
        return None
    person = Person.objects.canonical(key.person.public_id)
    # Without a birth date nothing but the link proves who it is: then it works once, as a code does.
    once = key.kind == PortalKey.Kind.CODE or person.birth_date is None
    if once and key.used_at:
        return None
    if person.birth_date and person.birth_date != birth_date:
        PortalKey.objects.filter(pk=key.pk).update(failed_tries=F("failed_tries") + 1)
        record(
            actor=PUBLIC, action="access.portal_refused", kind=Entry.Kind.REFUSED, person=person, subject=key
        )
        return None
    return _let_in(key, person, now)


def _let_in(key: PortalKey, person: Person, now: datetime) -> User:
    PortalKey.objects.filter(pk=key.pk).update(used_at=now)
    user, _made = User.objects.get_or_create(person=person)
    record(
        actor=person_actor(user),
        action="access.portal_sign_in",
        kind=Entry.Kind.SIGN_IN,
        person=person,
        subject=key,
    )
    return user
