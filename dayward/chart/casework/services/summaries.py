from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from dayward.care.journey.models import Episode
from dayward.chart.casework.models import Handing, Summary
from dayward.chart.casework.queries import letters
from dayward.chart.casework.queries import summaries as queries
from dayward.chart.casework.queries.papers import plain
from dayward.chart.casework.rules import summaries as rules
from dayward.chart.safety.rules.merge import Merged, fingerprint, merge
from dayward.chart.safety.rules.qualification import Act
from dayward.chart.safety.services import author, credential_for, enter_in_error
from dayward.foundation.audit.actors import Actor
from dayward.foundation.audit.services import record
from dayward.foundation.consent.models import Consent, Disclosure
from dayward.foundation.consent.rules.kinds import RecipientClass
from dayward.foundation.consent.services import record_disclosure
from dayward.foundation.documents import services as documents
from dayward.foundation.documents.models import Document
from dayward.foundation.people.models import Person
from dayward.foundation.people.queries import today_at
from dayward.foundation.signing.models import Signature
from dayward.foundation.signing.services import sign_paper
from dayward.kernel.errors import Conflict, Refused
from dayward.kernel.facts import changed
from dayward.ui.pdf import Paper, pdf

__all__ = ["enter_in_error", "hand_copy", "save", "send", "sign", "start", "take_copy_back"]


@transaction.atomic
def start(
    *,
    actor: Actor,
    person: Person,
    kind: str,
    episode: Episode | None = None,
    at: datetime | None = None,
) -> Summary:
    """The open draft, made if there is none; of the stay that waits for it unless another is given."""
    stay = episode or queries.episode_for(person, kind)
    if stay is None or stay.person_id not in person.all_ids:
        raise Refused(_("There is no stay here to write about."))
    draft = queries.draft_of(person, kind, stay)
    if draft is not None:
        return draft
    staff, now = author(actor), at or timezone.now()
    summary = Summary.objects.create(
        person=person,
        episode=stay,
        kind=Summary.Kind(kind),
        written_at=now,
        written_by=staff,
        saved_at=now,
        saved_by=staff,
    )
    record(actor=actor, action="casework.start_summary", person=person, subject=summary, paper=kind)
    return summary


@transaction.atomic
def save(
    *,
    actor: Actor,
    summary: Summary,
    texts: Mapping[str, str],
    base: Mapping[str, str] | None = None,
    at: datetime | None = None,
) -> Merged:
    """Keep what was typed. What somebody else changed meanwhile comes back with both texts."""
    current = _draft(summary)
    stored = queries.texts_in(current)
    mine = {key: text for key, text in texts.items() if key in stored}
    if len(mine.get("recipient", "")) > 200:
        raise Refused(_("The name of who receives it is too long."))
    began = _as_stored(stored) if base is None else base
    merged = merge(began, mine, stored)
    if merged.changed:
        for key in merged.changed:
            setattr(current, key, merged.texts[key])
        current.version += 1
        current.saved_at, current.saved_by = at or timezone.now(), author(actor)
        current.save(update_fields=[*merged.changed, "version", "saved_at", "saved_by"])
        parts = list(merged.changed)
        record(
            actor=actor, action="casework.save_summary", person=current.person, subject=current, parts=parts
        )
    return merged


def _as_stored(stored: Mapping[str, str]) -> dict[str, str]:
    return {key: fingerprint(text) for key, text in stored.items()}


@transaction.atomic
def sign(
    *,
    actor: Actor,
    summary: Summary,
    typed_name: str,
    copy_given: bool = False,
    shown: str = "",
    method: str = Signature.Method.SESSION,
    at: datetime | None = None,
) -> Summary:
    """Sign it: what the record says now is frozen with it, the PDF is kept, and nothing of it ever changes.

    `shown`: the mark of what the record said on the page of the signer (`queries.mark_of`).
    """
    staff, now, current = author(actor), at or timezone.now(), _draft(summary)
    gaps = rules.missing(rules.Kind(current.kind), queries.texts_in(current))
    if gaps:
        raise Refused(_("Still to be written before signing:"), reasons=[_(gap) for gap in gaps])
    credential = credential_for(staff=staff, act=Act.ASSESS, day=today_at(current.person, now))
    found = queries.sections_of(current, now)
    if shown and shown != queries.mark_of(found):
        raise Conflict(_("The record says something else since you opened this page. Please read it again."))
    paper = queries.paper_of(current, found, letters.Signer(staff, credential), _consent(current, now), now)
    current.sections, current.copy_given = queries.frozen(found), copy_given
    current.document = _keep(actor, current, paper, now)
    sign_paper(
        actor=actor,
        paper=current,
        about=current.person,
        text=plain(paper),
        typed_name=typed_name,
        credential=credential.name,
        method=method,
        at=now,
    )
    changed(current.person_id, "summary")
    record(actor=actor, action="casework.sign_summary", person=current.person, subject=current)
    return current


def _consent(summary: Summary, now: datetime) -> Consent | None:
    """That by which a packet goes; without one it carries no statement, and can go in an emergency alone."""
    return queries.allowed(summary, now).consent if summary.kind == rules.Kind.TRANSFER else None


def _keep(actor: Actor, summary: Summary, paper: Paper, now: datetime) -> Document:
    return documents.keep(
        actor=actor,
        content=pdf(paper, made_at=now),
        kind=Document.Kind.SUMMARY,
        title=str(summary.get_kind_display()),
        file_name=f"{summary.kind}.pdf",
        media_type="application/pdf",
        person=summary.person,
    )


@transaction.atomic
def send(
    *,
    actor: Actor,
    packet: Summary,
    basis: str = Disclosure.Basis.CONSENT,
    circumstances: str = "",
    at: datetime | None = None,
) -> Summary:
    """The packet goes: a disclosure by consent, or in a medical emergency (2.51) with what it is."""
    now, current = at or timezone.now(), _locked(packet)
    if current.kind != rules.Kind.TRANSFER or not current.is_signed or current.entered_in_error_at:
        raise Refused(_("Only a signed packet can be sent."))
    if current.disclosure_id is not None:
        raise Refused(_("This packet was sent already. Write another for somebody else."))
    if basis not in (Disclosure.Basis.CONSENT, Disclosure.Basis.EMERGENCY):
        raise Refused(_("A packet goes by consent, or in a medical emergency."))
    two = queries.under_part_two(current)
    if basis == Disclosure.Basis.CONSENT:
        _refuse_without_its_statement(current, now)
    assert current.document is not None
    current.disclosure = record_disclosure(
        actor=actor,
        person=current.person,
        recipient=current.recipient,
        recipient_class=RecipientClass.PROVIDER,
        purpose="treatment",
        information=rules.SHARED,
        description=_("Transfer packet with the last notes"),
        content=bytes(current.document.file.content),
        basis=basis,
        circumstances=circumstances,
        under_part_two=two,
        at=now,
    )
    current.save(update_fields=["disclosure"])
    changed(current.person_id, "summary")
    record(actor=actor, action="casework.send_packet", person=current.person, subject=current, basis=basis)
    return current


@transaction.atomic
def hand_copy(*, actor: Actor, summary: Summary, at: datetime | None = None) -> Handing:
    """The person has the signed paper in hand (CARF 2.D); to the person themselves it is no disclosure."""
    current, staff = _locked(summary), author(actor)
    if not current.is_signed or current.entered_in_error_at:
        raise Refused(_("Only a signed paper that stands can be handed over."))
    if queries.handed(current) is not None:
        raise Refused(_("It is written down already that the person has it."))
    row = Handing.objects.create(summary=current, handed_at=at or timezone.now(), handed_by=staff)
    record(actor=actor, action="casework.hand_copy", person=current.person, subject=current)
    return row


@transaction.atomic
def take_copy_back(*, actor: Actor, summary: Summary, at: datetime | None = None) -> None:
    """Undo: it was not handed over after all."""
    current, staff = _locked(summary), author(actor)
    row = queries.handed(current)
    if row is None:
        raise Refused(_("There is nothing to take back."))
    row.taken_back_at, row.taken_back_by = at or timezone.now(), staff
    row.save(update_fields=["taken_back_at", "taken_back_by"])
    record(actor=actor, action="casework.take_copy_back", person=current.person, subject=current)


def _refuse_without_its_statement(packet: Summary, now: datetime) -> None:
    """By consent now, but signed when there was none (or another): the paper does not carry its scope."""
    answer = queries.allowed(packet, now)
    if not answer.allowed:
        raise Refused(answer.sentence)
    needed = queries.under_part_two(packet)
    if not letters.carries(packet.signed_text, answer.consent, needed=needed):
        raise Refused(_("It was signed before this consent and does not carry its scope. Sign a new one."))


def _locked(summary: Summary) -> Summary:
    rows = Summary.objects.select_for_update(of=("self",))
    return rows.select_related(
        "person__site",
        "episode__program__site__organization",
        "episode__case",
        "document__file",
        "signature",
    ).get(pk=summary.pk)


def _draft(summary: Summary) -> Summary:
    current = _locked(summary)
    if current.is_signed:
        raise Refused(_("This is signed already. Begin a new one: it will stand beside it."))
    if current.entered_in_error_at:
        raise Refused(_("This draft was set aside as entered in error."))
    return current
