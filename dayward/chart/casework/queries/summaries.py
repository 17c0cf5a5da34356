from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from dayward.care.catalog.models import Program
from dayward.care.journey.models import Episode, Handoff, IntakeCase, Reopening
from dayward.chart.casework.models import Handing, Summary
from dayward.chart.casework.queries import letters, sections
from dayward.chart.casework.queries.subject import Section, Subject
from dayward.chart.casework.rules import summaries as rules
from dayward.chart.plans.queries.plans import read_current_episode
from dayward.foundation.consent.models import Consent
from dayward.foundation.consent.queries import may_share
from dayward.foundation.consent.rules.allowing import Ask
from dayward.foundation.consent.rules.kinds import Information, Purpose, RecipientClass
from dayward.foundation.people.models import Person
from dayward.foundation.signing.rules import digest
from dayward.kernel.evidence import Evidence, asked_about
from dayward.kernel.gathering import Reading, alone, both, first_of
from dayward.kernel.prepared import Among, Prepared, Slot
from dayward.kernel.time import local_day
from dayward.ui.pdf import Paper, Part

MAKERS = {rules.Kind.DISCHARGE: sections.OF_DISCHARGE, rules.Kind.TRANSFER: sections.OF_TRANSFER}


def summaries_of(person: Person) -> QuerySet[Summary]:
    """Every summary and packet, newest first."""
    rows = Summary.objects.filter(person_id__in=person.all_ids)
    return rows.select_related(
        "episode__program__site__organization",
        "person__site",
        "signature",
        "saved_by",
        "disclosure__consent",
        "document",
    ).order_by("-written_at", "-id")


def handed(summary: Summary) -> Handing | None:
    """That the person has the paper in hand."""
    return Handing.objects.filter(summary=summary, taken_back_at=None).select_related("handed_by").first()


def draft_of(person: Person, kind: str, episode: Episode | None = None) -> Summary | None:
    """The one being written, of this stay or of any."""
    drafts = _DRAFTS.rows(people=person.all_ids, kind=kind)
    return next((one for one in drafts if episode is None or one.episode_id == episode.pk), None)


_DRAFTS = Prepared(
    lambda: (
        Summary.objects.filter(
            Among("person", Slot("people")),
            kind=Slot("kind"),
            signature__isnull=True,
            entered_in_error_at__isnull=True,
        )
        .select_related("episode__program__site__organization", "person__site", "saved_by")
        .order_by("-written_at", "-id")
    )
)


def episode_for(person: Person, kind: str) -> Episode | None:
    """A discharge summary is of the last stay that ended without one; else it is the stay under way."""
    return alone(read_episode_for(person, kind))


def read_episode_for(person: Person, kind: str) -> Reading[Episode | None]:
    if kind != rules.Kind.DISCHARGE:
        return (yield from read_current_episode(person))
    done = of_the_end().filter(kind=kind, episode=OuterRef("pk"))
    ended = Episode.objects.filter(person_id__in=person.all_ids, state="discharged")
    owed = ended.exclude(Exists(done)).select_related("program__site__organization", "person__site", "case")
    found, current = yield from both(
        first_of(owed.order_by("-ended_at", "-id")), read_current_episode(person)
    )
    return found or current


def draft_or_stay(person: Person, kind: str) -> tuple[Summary | None, Episode | None]:
    """The draft there is, and the stay that one would be about."""
    asked = _DRAFTS.reading(people=person.all_ids, kind=kind)
    drafts, stay = alone(both(asked, read_episode_for(person, kind)))
    return next(iter(drafts), None), stay


def of_the_end() -> QuerySet[Summary]:
    """Signed papers that stand; not of an end that was undone since, when the episode was reopened."""
    undone = Reopening.objects.filter(
        episode=OuterRef("episode"), reopened_at__gt=OuterRef("signature__signed_at")
    )
    standing = Summary.objects.filter(signature__isnull=False, entered_in_error_at__isnull=True)
    return standing.exclude(Exists(undone))


def texts_in(summary: Summary) -> dict[str, str]:
    """What is written in it, by key."""
    return {text.key: getattr(summary, text.key) for text in rules.texts_of(rules.Kind(summary.kind))}


def sections_of(summary: Summary, now: datetime | None = None) -> list[Section]:
    """As frozen by the signature; until then as the record has them now."""
    if summary.is_signed:
        return [
            Section(each["key"], each["title"], tuple(each["lines"]), tuple(each["gaps"]))
            for each in summary.sections
        ]
    about = Subject(summary.person, summary.episode, now or timezone.now())
    return sections.assemble(about, MAKERS[rules.Kind(summary.kind)])


def frozen(found: Iterable[Section]) -> list[dict[str, Any]]:
    """Sections as the row keeps them."""
    return [
        {"key": each.key, "title": each.title, "lines": list(each.lines), "gaps": list(each.gaps)}
        for each in found
    ]


def mark_of(found: Iterable[Section]) -> str:
    """The fingerprint of what the record says, so that nobody signs what they were not shown."""
    return digest(json.dumps(frozen(found)))


def gaps_of(found: Iterable[Section]) -> list[str]:
    return [gap for each in found for gap in each.gaps]


# -- the paper -----------------------------------------------------------------------------------------------------


def paper_of(
    summary: Summary,
    found: list[Section],
    signer: letters.Signer,
    consent: Consent | None,
    now: datetime,
) -> Paper:
    """The paper as it will be printed: gaps first, then what was written, then what the record says."""
    kind, site = rules.Kind(summary.kind), summary.episode.program.site
    shown = [text for text in rules.texts_of(kind) if text.key != "recipient"]
    own = tuple(Part(_(text.title), (getattr(summary, text.key).strip(),)) for text in shown)
    basis = "consent" if consent is not None else ""
    notice = bool(basis) and rules.is_sent_with_notice(basis, under_part_two=under_part_two(summary))
    return Paper(
        title=str(summary.get_kind_display()),
        letterhead=tuple(filter(None, (site.organization.name, site.name, site.phone))),
        recipient=(summary.recipient,) if summary.recipient else (),
        day=date_format(local_day(now, site.zone), "F j, Y"),
        gaps=tuple(gaps_of(found)),
        gaps_title=_("Not in the record"),
        parts=(_who(summary), *own, *(Part(each.title, each.lines) for each in found if each.lines)),
        signed=(", ".join(filter(None, (signer.staff.name, _credential(signer)))),),
        notice=letters.notice_of(consent) if notice else (),
        foot=letters.name_of(summary.person),
        page_word=_("Page"),
    )


def _credential(signer: letters.Signer) -> str:
    return signer.credential.name if signer.credential else ""


def _who(summary: Summary) -> Part:
    born = summary.person.birth_date
    facts = [(_("Name"), letters.name_of(summary.person))]
    facts += [(_("Born"), date_format(born, "F j, Y"))] if born else []
    return Part("", (), tuple(facts))


def under_part_two(summary: Summary) -> bool:
    """Medications, safety, needs are the whole person's: one way or stay under Part 2, and the paper is under it."""
    if summary.episode.program.under_part_two:
        return True
    inside = Program.objects.exclude(part_two=Program.PartTwo.OUTSIDE)
    own = {"person_id__in": summary.person.all_ids, "program__in": inside}
    return Episode.objects.filter(**own).exists() or IntakeCase.objects.filter(**own).exists()


# -- may it go? ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Allowed:
    """Whether a packet may go to whom it names by consent; if not, why and where to get the consent."""

    allowed: bool
    sentence: str
    consent: Consent | None = None
    url: str = ""


def allowed(summary: Summary, at: datetime | None = None) -> Allowed:
    """By a release that names the receiver, or by the consent to treatment, payment and operations."""
    if not summary.recipient.strip():
        return Allowed(False, _("Say to whom it goes."))
    answer = may_share(summary.person, ask_of(summary), at)
    url = reverse("consent:prepare", args=[summary.person.public_id, "release"])
    return Allowed(answer.allowed, answer.sentence, answer.consent if answer.allowed else None, url)


def ask_of(summary: Summary) -> Ask:
    return Ask(
        frozenset(Information(each) for each in rules.SHARED),
        Purpose.TREATMENT,
        summary.recipient,
        recipient_class=RecipientClass.PROVIDER,
    )


def packet_sent(*, kind: str, id: int) -> Evidence:
    """Evidence `handoff.packet_sent`: the packet of the latest hand-off left with its disclosure, and safety in the
    wait is written there."""
    if kind != "episode":
        return Evidence(False)
    episode: Episode = asked_about(kind, id) or Episode.objects.select_related("person").get(pk=id)
    handoff = Handoff.objects.filter(episode=id).order_by("made_at", "id").last()
    if not _sent_for(id, handoff):
        page = reverse("casework:write_summary", args=[episode.person.public_id, rules.Kind.TRANSFER.value])
        to = _("No transfer packet was sent to %(target)s for this hand-off.")
        said = to % {"target": handoff.target} if handoff else _("No transfer packet was sent.")
        return Evidence(False, said, url=page)
    if handoff is None or not handoff.wait_note.strip():
        page = reverse("journey:episode_step_up", args=[episode.person.public_id, episode.public_id])
        return Evidence(False, _("Write down how the person is safe until they arrive."), url=page)
    return Evidence(True)


def _sent_for(episode: int, handoff: Handoff | None) -> bool:
    """A packet to whom the hand-off names, not long before it; before there is a hand-off, any packet."""
    sent = Summary.objects.filter(
        episode=episode, kind=rules.Kind.TRANSFER, disclosure__isnull=False, entered_in_error_at__isnull=True
    )
    if handoff is not None:
        sent = sent.filter(disclosure__made_at__gte=handoff.made_at - rules.PACKET_HOLDS)
    names = sent.values_list("disclosure__recipient", flat=True)
    return any(handoff is None or rules.same_receiver(name, handoff.target) for name in names)
