from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from dayward.care.attendance.queries import Attended, attended_between
from dayward.care.catalog.models import Program
from dayward.care.journey.models import Episode
from dayward.care.schedule.models import Enrollment, Group, Series
from dayward.chart.assessments.models import Diagnosis
from dayward.chart.casework.models import Letter
from dayward.chart.casework.rules import letters as rules
from dayward.chart.safety.rules.qualification import Held
from dayward.foundation.consent import texts, words
from dayward.foundation.consent.models import Consent
from dayward.foundation.consent.queries import may_share
from dayward.foundation.consent.rules.allowing import Ask
from dayward.foundation.consent.rules.kinds import Information, Purpose
from dayward.foundation.people.models import Person, StaffMember
from dayward.foundation.people.queries import today_at
from dayward.kernel.time import local_day
from dayward.ui.charts import hours
from dayward.ui.pdf import Paper, Part, Table


def letters_of(person: Person) -> QuerySet[Letter]:
    """Every letter about the person, newest first."""
    rows = Letter.objects.filter(person_id__in=person.all_ids)
    return rows.select_related(
        "episode__program__site__organization",
        "signature",
        "disclosure",
        "done_by",
        "document",
        "person__site",
    ).prefetch_related("handings__handed_by")


def episodes_of(person: Person) -> QuerySet[Episode]:
    """Those a letter may be about, newest first."""
    rows = Episode.objects.filter(person_id__in=person.all_ids)
    return rows.select_related("program__site__organization").order_by("-admitted_at", "-id")


def stay_of(letter: Letter, since: date, until: date) -> Episode:
    """The letter's own stay if it was under way on some of these days, else the newest that was."""
    rows = [letter.episode, *episodes_of(letter.person)]
    return next((row for row in rows if _days(row)[0] <= until and since <= _days(row)[1]), letter.episode)


def _days(episode: Episode) -> tuple[date, date]:
    zone = episode.program.site.zone
    return local_day(episode.admitted_at, zone), (
        local_day(episode.ended_at, zone) if episode.ended_at else date.max
    )


def told_days(letter: Letter) -> tuple[date, date]:
    """From when until when it tells: never of days outside its stay, as if the person had not come then."""
    assert letter.since is not None and letter.until is not None
    first, last = _days(letter.episode)
    since, until = max(letter.since, first), min(letter.until, last)
    return (since, until) if since <= until else (letter.since, letter.until)


@dataclass(frozen=True)
class Allowed:
    """Whether the letter may go where it is meant to, and on which consent."""

    allowed: bool
    sentence: str = ""
    purpose: str = ""
    consent: Consent | None = None
    url: str = ""  # where to get the consent


def allowed(letter: Letter, at: datetime | None = None) -> Allowed:
    """Handed to the person it needs nothing; a third party needs a consent that names them and the purpose."""
    content = content_of(letter)
    if not rules.is_disclosure(content.route):
        return Allowed(True)
    if not letter.recipient.strip():
        return Allowed(False, _("Say to whom it goes."))
    information = frozenset(Information(each) for each in content.information)
    answers = [
        (purpose, may_share(letter.person, Ask(information, Purpose(purpose), letter.recipient), at))
        for purpose in rules.PURPOSES[content.kind]
    ]
    for purpose, answer in answers:
        if answer.allowed:
            return Allowed(True, answer.sentence, purpose, answer.consent)
    kind = "criminal_justice" if content.kind is rules.Kind.COURT else "release"
    url = reverse("consent:prepare", args=[letter.person.public_id, kind])
    return Allowed(False, answers[0][1].sentence, url=url)


def content_of(letter: Letter) -> rules.Content:
    return rules.Content(rules.Kind(letter.kind), rules.Route(letter.route), letter.hours, letter.times_ahead)


def reader_learns(letter: Letter) -> list[str]:
    """What whoever reads it will learn, in sentences."""
    own = letter.sentence.strip()
    about = {"name": name_of(letter.person), "place": letterhead(letter)[0], "own": own}
    learned = rules.reader_learns(content_of(letter), own_words=bool(own))
    return [_(sentence) % about for sentence in learned]


def tells_too_much(letter: Letter) -> tuple[str, ...]:
    """What the free sentence names in a letter that is to say neither why nor where the person comes."""
    if not letter.sentence.strip() or not rules.letterhead_is_neutral(rules.Route(letter.route)):
        return ()
    site, own = letter.episode.program.site, {"person_id__in": letter.person.all_ids}
    known = Diagnosis.objects.filter(**own, entered_in_error_at__isnull=True)
    names = [*Program.objects.filter(site__organization=site.organization_id).values_list("name", flat=True)]
    names += Group.objects.filter(site__organization=site.organization_id).values_list("name", flat=True)
    for code, title, text in known.values_list("icd__code", "icd__title", "text"):
        names += [code or "", *rules.telling_words(title or ""), *rules.telling_words(text)]
    return rules.named_in(letter.sentence, names)


# -- what is filled in ---------------------------------------------------------------------------------------------

FILLED = ("kind", "route", "recipient", "since", "until", "hours", "times_ahead", "sentence")
DAYS, SWITCHES = ("since", "until"), ("hours", "times_ahead")


def texts_in(filled: object) -> dict[str, str]:
    """Each part of a letter, or of what was filled in, as text: so that two who fill it in can be compared."""
    return {name: _as_text(getattr(filled, name)) for name in FILLED}


def _as_text(value: str | bool | date | None) -> str:
    if isinstance(value, str):
        return value.strip()
    if isinstance(value, date):
        return value.isoformat()
    return "yes" if value else ""


def value_of(name: str, text: str) -> str | bool | date | None:
    """The other way round."""
    if name in DAYS:
        return date.fromisoformat(text) if text else None
    return bool(text) if name in SWITCHES else text


def name_of(person: Person) -> str:
    """As the reader knows them: the legal name, and where none is known what they are called."""
    return person.legal_name or person.called


def letterhead(letter: Letter) -> tuple[str, ...]:
    """The neutral name in the person's own hands, the clinic's where a consent names the reader."""
    site = letter.episode.program.site
    neutral = rules.letterhead_is_neutral(rules.Route(letter.route))
    name = site.organization.neutral_name if neutral else site.organization.name
    address = ", ".join(filter(None, (site.street, f"{site.city}, {site.state} {site.zip_code}".strip(", "))))
    return tuple(filter(None, (name, address, site.phone)))


# -- the words -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Signer:
    """As they stand below the letter."""

    staff: StaffMember
    credential: Held | None = None


def days_of(letter: Letter, now: datetime | None = None) -> Attended:
    assert letter.since is not None and letter.until is not None
    return attended_between(letter.person, letter.since, letter.until, now=now, episode=letter.episode)


def paper_of(
    letter: Letter, signer: Signer, consent: Consent | None, attended: Attended, now: datetime | None = None
) -> Paper:
    """The letter as it will be printed."""
    today = today_at(letter.person, now or timezone.now())
    two = letter.episode.program.under_part_two
    notice = rules.carries_notice(rules.Route(letter.route), under_part_two=two)
    return Paper(
        title=_("Confirmation of attendance"),
        letterhead=letterhead(letter),
        recipient=(letter.recipient,) if letter.recipient else (_("To whom it may concern"),),
        day=date_format(today, "F j, Y"),
        parts=tuple(_parts(letter, attended)),
        signed=tuple(filter(None, (signer.staff.name, _standing(signer, letter)))),
        notice=notice_of(consent) if notice else (),
        page_word=_("Page"),
    )


def _standing(signer: Signer, letter: Letter) -> str:
    """A credential names the field of work; in the person's hands it stays away."""
    if rules.letterhead_is_neutral(rules.Route(letter.route)) or signer.credential is None:
        return ""
    return signer.credential.name


def _parts(letter: Letter, attended: Attended) -> list[Part]:
    name, born = name_of(letter.person), letter.person.birth_date
    facts = [(_("Name"), name)]
    if born:
        facts.append((_("Born"), date_format(born, "F j, Y")))
    since, until = told_days(letter)
    facts.append((_("From"), date_format(since, "F j, Y")))
    facts.append((_("Until"), date_format(until, "F j, Y")))
    count = ngettext(
        "%(name)s came on %(days)d day in this time.",
        "%(name)s came on %(days)d days in this time.",
        len(attended.days),
    ) % {"name": name, "days": len(attended.days)}
    own = tuple(filter(None, (letter.sentence.strip(),)))
    parts = [Part("", (count, *own), tuple(facts))]
    if attended.days:
        parts.append(Part(_("Days"), table=_table(attended, with_hours=letter.hours)))
    if letter.times_ahead:
        parts.append(Part(_("Weekly times to come"), weekly_times(letter.episode, until)))
    return parts


def _table(attended: Attended, *, with_hours: bool) -> Table:
    days = [date_format(each.day, "l, F j, Y") for each in attended.days]
    if not with_hours:
        return Table((_("Day"),), tuple((day,) for day in days))
    lengths = [hours(int(each.minutes)) for each in attended.days]
    return Table((_("Day"), _("Time there")), tuple(zip(days, lengths, strict=True)))


def weekly_times(episode: Episode, day: date) -> tuple[str, ...]:
    """ "Mondays and Thursdays, 5:30 PM to 9:00 PM", by the groups the person has a seat in."""
    groups = (
        Enrollment.objects.standing(day).filter(segment__episode=episode).values_list("group_id", "weekdays")
    )
    taken = {group: set(weekdays) for group, weekdays in groups}
    found: dict[tuple[str, str], set[int]] = {}
    for row in Series.objects.filter(group__in=taken, last_day__isnull=True):
        times = (date_format(_clock(row.starts), "g:i A"), date_format(_clock(row.ends), "g:i A"))
        found.setdefault(times, set()).update(set(row.weekdays) & taken[row.group_id])
    sentence = _("%(days)s, %(starts)s to %(ends)s")
    return tuple(
        sentence
        % {"days": ", ".join(_weekday(n) for n in sorted(days)), "starts": times[0], "ends": times[1]}
        for times, days in sorted(found.items())
        if days
    )


def _clock(when: object) -> datetime:
    return datetime.combine(date(2026, 1, 1), when)  # type: ignore[arg-type]


def _weekday(number: int) -> str:
    return date_format(date(2026, 1, 4 + number), "l")  # 5 January 2026 is a Monday


def notice_of(consent: Consent | None) -> tuple[str, ...]:
    """The statement of 2.32 and the scope of the consent, as they stand at the end of a paper."""
    return (texts.statements()[texts.STATEMENT_LONG], *scope(consent))


def carries(signed_text: str, consent: Consent | None, *, needed: bool) -> bool:
    """Whether a signed paper ends with the notice of this consent and of no other; none where none is needed."""
    notice = notice_of(consent)
    if signed_text.endswith("\n".join(notice)):
        return True
    return not needed and notice[0] not in signed_text


def scope(consent: Consent | None) -> tuple[str, ...]:
    """What the consent covers, in a sentence: the clear explanation of scope of 2.32(a)."""
    if consent is None:
        return ()
    sentence = _("Sent with the written consent of the person: %(what)s; to %(whom)s; for: %(purpose)s.")
    about = {
        "what": words.in_line(words.INFORMATION, consent.information),
        "whom": consent.recipient,
        "purpose": words.in_line(words.PURPOSES, consent.purposes),
    }
    until = _("It ends on %(day)s unless it is taken back before.")
    ends = (until % {"day": date_format(consent.expires_on, "F j, Y")},) if consent.expires_on else ()
    return (sentence % about, *ends)
