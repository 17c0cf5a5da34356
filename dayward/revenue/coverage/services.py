from __future__ import annotations

from collections.abc import Iterable
from copy import copy
from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from dayward.care.attendance.services import refresh_many, refresh_weeks
from dayward.care.catalog.models import ServiceKind
from dayward.foundation.audit.actors import Actor
from dayward.foundation.audit.services import record
from dayward.foundation.people.models import Person
from dayward.kernel.errors import Conflict, Refused
from dayward.kernel.facts import changed as facts_changed
from dayward.kernel.facts import together as facts_together
from dayward.revenue.coverage.models import Coverage, KindTerms, Payer, WeekTerms
from dayward.revenue.coverage.queries import library

FIELDS = (
    "member_id",
    "plan_name",
    "authorization_needed",
    "estimate_given",
    "note",
    "starts_on",
    "ends_on",
)


@transaction.atomic
def find_or_add_payer(*, actor: Actor, name: str, kind: str = "") -> Payer:
    """A payer by its name; one of the library brings its kind along."""
    plain = " ".join(name.split())
    if not plain:
        raise Refused(_("Name the payer."))
    if kind and kind not in Payer.Kind.values:
        raise Refused(_("Choose what kind of payer it is."))
    found = Payer.objects.filter(name__iexact=plain).first()
    if found is not None:
        return found
    known = next((each for each in library() if each.name.casefold() == plain.casefold()), None)
    payer, made = Payer.objects.get_or_create(
        name=known.name if known else plain,
        defaults={"kind": known.kind if known else kind or Payer.Kind.COMMERCIAL},
    )
    if made:
        record(actor=actor, action="coverage.add_payer", subject=payer)
    return payer


@transaction.atomic
def set_payer_kind(*, actor: Actor, payer: Payer, kind: str) -> Payer:
    """What kind of payer it is: rules of Medicare or Medicaid are asked for those for whom it pays."""
    if kind not in Payer.Kind.values:
        raise Refused(_("Choose what kind of payer it is."))
    before, payer.kind = payer.kind, kind
    payer.save(update_fields=["kind"])
    with facts_together():
        for person in set(Coverage.objects.filter(payer=payer).values_list("person", flat=True)):
            facts_changed(person)
    record(actor=actor, action="coverage.set_payer_kind", subject=payer, before=before, now=kind)
    return payer


@transaction.atomic
def add_coverage(*, actor: Actor, person: Person, payer: Payer, **fields: Any) -> Coverage:
    """Write down who pays, as told."""
    _refuse_wrong(fields)
    coverage = Coverage.objects.create(person=person, payer=payer, recorded_by=actor.id, **fields)
    facts_changed(person.pk)
    _recount(actor, [coverage])
    record(actor=actor, action="coverage.add", person=person, subject=coverage)
    return coverage


@transaction.atomic
def update_coverage(
    *, actor: Actor, coverage: Coverage, payer: Payer, version: int, **fields: Any
) -> Coverage:
    """Correct an entry; what was verified has to be verified again when the payer or number changes.

    `version` is the one that was on the form: a later one is a Conflict.
    """
    _refuse_wrong(fields)
    before = Coverage.objects.select_for_update().get(pk=coverage.pk)
    if before.version != version:
        raise Conflict
    was = copy(before)
    changed = [name for name in fields if getattr(before, name) != fields[name]]
    if before.payer_id != payer.pk:
        changed.append("payer")
    for name, value in fields.items():
        setattr(before, name, value)
    before.payer, before.version = payer, version + 1
    if {"payer", "member_id", "plan_name"} & set(changed):
        before.verified_at = before.verified_by = None
    before.save()
    facts_changed(before.person_id)
    if {"payer", "starts_on", "ends_on"} & set(changed):
        _recount(actor, [was, before])
    record(actor=actor, action="coverage.update", person=before.person, subject=before, fields=changed)
    return before


@transaction.atomic
def verify_coverage(*, actor: Actor, coverage: Coverage) -> Coverage:
    """Somebody asked the payer: member, benefits and whether an authorization is needed are right."""
    if coverage.payer.kind != Payer.Kind.SELF_PAY:
        if not coverage.member_id:
            raise Refused(_("The member number is missing."))
        if coverage.authorization_needed is None:
            raise Refused(_("Say whether an authorization is needed."))
    coverage.verified_at, coverage.verified_by = timezone.now(), actor.id
    coverage.save(update_fields=["verified_at", "verified_by"])
    record(actor=actor, action="coverage.verify", person=coverage.person, subject=coverage)
    return coverage


@transaction.atomic
def end_coverage(*, actor: Actor, coverage: Coverage, on: date) -> Coverage:
    """The last day it pays."""
    if coverage.starts_on and on < coverage.starts_on:
        raise Refused(_("The last day is before the first."))
    coverage.ends_on, coverage.version = on, coverage.version + 1
    coverage.save(update_fields=["ends_on", "version"])
    facts_changed(coverage.person_id)
    _recount(actor, [coverage], since=on)
    record(actor=actor, action="coverage.end", person=coverage.person, subject=coverage)
    return coverage


def _refuse_wrong(fields: dict[str, Any]) -> None:
    unknown = set(fields) - set(FIELDS)
    if unknown:
        raise TypeError(f"not fields of a coverage: {sorted(unknown)}")
    if fields.get("starts_on") and fields.get("ends_on") and fields["ends_on"] < fields["starts_on"]:
        raise Refused(_("The last day is before the first."))


# -- what a payer asks of a week -------------------------------------------------------------------------------

WEEK = timedelta(days=7)


@transaction.atomic
def set_week_terms(*, actor: Actor, payer: Payer, effective_from: date, **numbers: Any) -> WeekTerms:
    """What the payer asks from a day on. Weeks before keep what they were held against."""
    latest = WeekTerms.objects.select_for_update().filter(payer=payer).order_by("effective_from").last()
    if latest and latest.effective_from > effective_from:
        raise Refused(_("There are newer terms already, from %(day)s.") % {"day": latest.effective_from})
    terms = WeekTerms(payer=payer, effective_from=effective_from, set_by=actor.id, **numbers)
    _refuse_bad_terms(terms)
    if latest and latest.effective_from == effective_from:
        latest.correct(terms, ends=True)
        terms = latest
    elif latest and (latest.effective_to is None or latest.effective_to > effective_from):
        latest.effective_to = effective_from
        latest.save(update_fields=["effective_to"])
    terms.save()
    _recount_payer(actor, payer, effective_from)
    record(
        actor=actor,
        action="coverage.set_week_terms",
        subject=terms,
        reason=terms.citation,
        payer=payer.public_id,
        effective_from=effective_from.isoformat(),
    )
    return terms


@transaction.atomic
def end_week_terms(*, actor: Actor, payer: Payer, on: date) -> WeekTerms:
    """From a day on the payer asks nothing of a week."""
    latest = WeekTerms.objects.select_for_update().filter(payer=payer).order_by("effective_from").last()
    if latest is None or (latest.effective_to is not None and latest.effective_to <= on):
        raise Refused(_("It asks nothing then already."))
    if on <= latest.effective_from:
        raise Refused(_("The end comes after the day from which it holds."))
    latest.effective_to = on
    latest.save(update_fields=["effective_to"])
    _recount_payer(actor, payer, on)
    record(
        actor=actor,
        action="coverage.end_week_terms",
        subject=latest,
        payer=payer.public_id,
        effective_to=on.isoformat(),
    )
    return latest


@transaction.atomic
def set_kind_terms(
    *, actor: Actor, payer: Payer, kind: ServiceKind, effective_from: date, counts: str, citation: str
) -> KindTerms:
    """From a day on minutes of a kind count for the payer's floor, or do not. Sessions before keep what held then."""
    Payer.objects.select_for_update().get(pk=payer.pk)
    latest = payer.kind_terms.filter(kind=kind).order_by("effective_from").last()
    if latest and latest.effective_from > effective_from:
        raise Refused(_("There is a newer word already, from %(day)s.") % {"day": latest.effective_from})
    if not citation.strip():
        raise Refused(_("Say where it is written."))
    if latest is None and counts == KindTerms.Counts.PROGRAM:
        raise Refused(_("That is what holds while the payer has said nothing."))
    terms = KindTerms(
        payer=payer,
        kind=kind,
        effective_from=effective_from,
        counts=counts,
        citation=citation,
        set_by=actor.id,
    )
    if latest and latest.effective_from == effective_from:
        latest.correct(terms)
        terms = latest
    terms.save()
    if payer.week_terms.exists():
        _recount_payer(actor, payer, effective_from)
    record(
        actor=actor,
        action="coverage.set_kind_terms",
        subject=terms,
        reason=citation,
        payer=payer.public_id,
        service=kind.key,
        counts=counts,
        effective_from=effective_from.isoformat(),
    )
    return terms


def _refuse_bad_terms(terms: WeekTerms) -> None:
    reasons = []
    if not terms.floor_minutes:
        reasons.append(_("Terms name the hours of a week."))
    if not terms.citation.strip():
        reasons.append(_("Say where it is written."))
    if (terms.young_under_age is None) != (terms.young_floor_minutes is None):
        reasons.append(_("A floor for younger people has an age and hours."))
    if terms.carry_back_days > 28:
        reasons.append(_("Make-ups are carried back 28 days at most."))
    if reasons:
        raise Refused(reasons=reasons)


def _recount_payer(actor: Actor, payer: Payer, since: date) -> None:
    """The weeks of everybody for whom it pays."""
    people = Coverage.objects.filter(payer=payer).values_list("person", flat=True)
    refresh_many(actor=actor, people=set(people), since=since - WEEK)


def _recount(actor: Actor, coverages: Iterable[Coverage], since: date | None = None) -> None:
    """Whose payer asks something of a week has weeks to be counted anew; of the others nothing changes."""
    for each in coverages:
        first = WeekTerms.objects.filter(payer=each.payer_id).order_by("effective_from").first()
        if first is not None:
            begins = since or max(each.starts_on or first.effective_from, first.effective_from)
            refresh_weeks(actor=actor, people=[each.person_id], since=begins - WEEK)
