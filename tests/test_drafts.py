"""Every long form is kept on the server while it is typed, and comes back to its writer; a new one must too."""

from __future__ import annotations

import pkgutil
from datetime import timedelta
from importlib import import_module
from types import ModuleType
from typing import Any, NamedTuple

import pytest
from django import forms
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils import timezone

import dayward
from dayward.care.journey.factories import make_case, make_episode
from dayward.chart.casework.factories import written_letter
from dayward.foundation.access.factories import make_treating
from dayward.foundation.access.middleware import SEEN
from dayward.foundation.access.roles import ROLES
from dayward.foundation.audit.actors import staff_actor
from dayward.foundation.organization.factories import day_here
from dayward.foundation.people.factories import SETUP, make_person
from dayward.foundation.people.models import Person, StaffMember, User
from dayward.revenue.coverage.models import Coverage
from dayward.revenue.coverage.services import add_coverage, find_or_add_payer
from dayward.ui.drafts import ACT, KEY, PICK

LONG = 5  # fields of a form with a text to write
TYPED = "Said on the phone that Tuesdays are hard"

#: Written by several people, so they have rows of their own that all writers see. (So do plans, notes, statements,
#: discharge plans, summaries and assessments: their fields are made for each paper, so they are not seen here.)
OWN_DRAFT = {"care.journey.forms.screening.ScreeningForm"}
#: Of somebody who is not signed in. A computer in a library would show the next visitor who asked for help.
NOT_KEPT = {"care.journey.forms.public.PublicInquiryForm"}


class Stands(NamedTuple):
    """Where a long form stands, and a field in which a text is typed."""

    page: str
    field: str
    parts: tuple[str, ...] = ("person",)


KEPT = {
    "care.journey.forms.episodes.DischargeForm": Stands(
        "journey:episode_discharge", "reason", ("person", "episode")
    ),
    "care.journey.forms.episodes.StepUpForm": Stands(
        "journey:episode_step_up", "wait_note", ("person", "episode")
    ),
    "care.journey.forms.following.CallForm": Stands("journey:call", "how", ("person", "slot")),
    "care.journey.forms.following.EventForm": Stands("journey:alumni", "note", ()),
    "care.journey.forms.following.StepDownForm": Stands(
        "journey:episode_step_down", "reason", ("person", "episode")
    ),
    "care.journey.forms.intake.HandoverForm": Stands("journey:hand_off", "note", ("person", "case")),
    "care.journey.forms.intake.InquiryForm": Stands("journey:new_inquiry", "message", ()),
    "chart.casework.forms.letters.LetterForm": Stands("casework:letter", "sentence", ("person", "letter")),
    "chart.medications.forms.CheckForm": Stands("medications:check", "note"),
    "foundation.consent.forms.DisclosureForm": Stands("consent:disclose", "description"),
    "foundation.consent.forms.TextForm": Stands("consent:write_text", "english", ("kind",)),
    "foundation.organization.forms.NewSiteForm": Stands("organization:add_site", "directions", ()),
    "foundation.organization.forms.SiteForm": Stands("organization:site", "directions", ("site",)),
    "foundation.people.forms.PersonForm": Stands("people:edit", "contact_note"),
    "revenue.coverage.forms.CoverageForm": Stands("coverage:edit", "note", ("person", "coverage")),
}


def form_modules() -> list[ModuleType]:
    found = pkgutil.walk_packages(dayward.__path__, "dayward.")
    names = [each.name for each in found if ".forms" in each.name and ".tests." not in each.name]
    return [import_module(name) for name in names]


def long_forms() -> set[str]:
    """By name: those with a text to write and more fields than are typed again in a minute."""
    found = {
        form
        for module in form_modules()
        for form in vars(module).values()
        if isinstance(form, type) and issubclass(form, forms.BaseForm) and form.__module__ == module.__name__
    }
    return {f"{form.__module__.removeprefix('dayward.')}.{form.__name__}" for form in found if is_long(form)}


def is_long(form: type[forms.BaseForm]) -> bool:
    fields = getattr(form, "base_fields", {})
    texts = [each for each in fields.values() if isinstance(each.widget, forms.Textarea)]
    return len(texts) > 1 or bool(texts and len(fields) > LONG)


def test_a_new_long_form_is_kept() -> None:
    assert long_forms() == OWN_DRAFT | NOT_KEPT | set(KEPT)


def everybody(person: Person) -> StaffMember:
    """On the care team, with every role."""
    return make_treating(person, *ROLES)


def make_coverage(person: Person) -> Coverage:
    payer = find_or_add_payer(actor=SETUP, name="Example Health")
    return add_coverage(actor=SETUP, person=person, payer=payer)


def client_of(staff: StaffMember) -> Client:
    assert staff.user
    client = Client()
    client.force_login(staff.user)
    return client


def parts_of(person: Person, staff: StaffMember) -> dict[str, str]:
    """One of everything that a long form is about."""
    assert staff.user
    assert person.site
    actor, ago = staff_actor(staff.user), timezone.now() - timedelta(days=30)
    episode = make_episode(person=person, started=True, at=ago)
    return {
        "person": person.public_id,
        "episode": episode.public_id,
        "case": make_case(person=person, at=ago).public_id,
        "letter": written_letter(actor=actor, episode=episode).public_id,
        "coverage": make_coverage(person=person).public_id,
        "site": person.site.public_id,
        "slot": "day3",
        "kind": "treatment",
    }


def typed_into(page: str, client: Client, field: str, text: str) -> int:
    """As the page itself does, shortly after a change."""
    key = client.get(page).context["request"].draft.key
    return client.post(page, {field: text, KEY: key, ACT: "keep"}).status_code


@pytest.mark.django_db
def test_what_is_typed_into_a_long_form_comes_back_to_its_writer_alone() -> None:
    person = make_person()
    writer, other = everybody(person), everybody(person)
    mine, theirs, parts = client_of(writer), client_of(other), parts_of(person, writer)
    for form, stands in KEPT.items():
        page = reverse(stands.page, args=[parts[part] for part in stands.parts])
        assert typed_into(page, mine, stands.field, TYPED) == 200, form
        shown = mine.get(page).content.decode()
        assert TYPED in shown, form
        assert "not sent yet" in shown, form
        assert TYPED not in theirs.get(page).content.decode(), form


class Page:
    """A form open in the browser of one writer."""

    def __init__(self, name: str, *parts: str, staff: StaffMember) -> None:
        self.address = reverse(name, args=parts)
        self.client = client_of(staff)
        self.open()

    def open(self, query: str = "") -> str:
        answer = self.client.get(f"{self.address}{query}")
        self.key = answer.context["request"].draft.key
        return answer.content.decode()

    def send(self, **fields: Any) -> Any:
        return self.client.post(self.address, {**fields, KEY: self.key})

    def keep(self, **fields: Any) -> Any:
        return self.send(**fields, **{ACT: "keep"})


@pytest.fixture
def person(db: None) -> Person:
    return make_person()


@pytest.fixture
def report(person: Person) -> Page:
    return Page("medications:check", person.public_id, staff=everybody(person))


def test_what_was_sent_is_no_draft_any_more(report: Page) -> None:
    on = str(day_here())
    report.keep(on=on, note=TYPED)
    report.open()
    assert report.send(on=on, note=TYPED, burden="none").status_code == 302
    late = report.keep(on=on, note=TYPED)  # a request that was on its way when the form was sent
    assert late.status_code == 409, "the page says that it was not saved"
    assert "not sent yet" not in report.open()


def test_what_is_thrown_away_is_gone_until_undone(report: Page) -> None:
    report.keep(note=TYPED)
    report.open()
    assert report.send(**{ACT: "away"}).headers["Location"] == report.address
    assert TYPED not in report.open()
    report.client.post(f"{report.address}?{ACT}=back")
    assert TYPED in report.open()


def test_two_calls_at_once_are_two_drafts(report: Page, person: Person) -> None:
    """The second window may begin anew, go on with the other's text, or throw away what is its own."""
    report.keep(note=TYPED)
    second = Page("medications:check", person.public_id, staff=writer_of(report))
    assert TYPED in second.open()
    second.open(f"?{PICK}=none")
    second.keep(note="Another call")
    shown = report.open()
    assert "Another call" in shown and "Kept in another window" in shown
    (_each, address) = report.client.get(report.address).context["request"].draft.others[0]
    assert TYPED in report.client.get(address).content.decode()


def test_what_goes_on_in_another_window_is_not_thrown_away(report: Page, person: Person) -> None:
    report.keep(note="First")
    second = Page("medications:check", person.public_id, staff=writer_of(report))
    report.keep(note=TYPED)
    said = second.client.post(second.address, {KEY: second.key, ACT: "away"}, follow=True).content.decode()
    assert "Nothing was thrown away" in said
    assert TYPED in said


def writer_of(page: Page) -> StaffMember:
    return StaffMember.objects.get(user_id=page.client.session["_auth_user_id"])


def test_what_is_refused_stays_a_draft(report: Page) -> None:
    report.keep(note=TYPED)
    assert report.send(on="", note=TYPED).status_code == 422
    assert TYPED in report.open()


def test_what_is_sent_after_the_session_has_ended_is_there_after_signing_in(report: Page) -> None:
    session = report.client.session
    session[SEEN] = session[SEEN] - (settings.IDLE_MINUTES + 1) * 60
    session.save()
    user = session["_auth_user_id"]
    answer = report.send(on="2026-03-04", note=TYPED)
    assert (
        answer.headers["Location"] == f"{reverse('account_login')}?next={report.address.replace('/', '%2F')}"
    )
    report.client.force_login(User.objects.get(pk=user))
    assert TYPED in report.open()


def test_it_is_given_to_nobody_else_who_signs_in_there(report: Page, person: Person) -> None:
    writer = writer_of(report)
    report.client.logout()
    report.send(note=TYPED)
    other = everybody(person)
    assert other.user
    report.client.force_login(other.user)
    key = report.key
    assert TYPED not in report.open()
    own, report.key = report.key, key
    assert report.send(on="2026-03-04", note="Typed by the first").status_code == 302
    assert not person.medication_checks.exists()
    report.key = own
    assert "Typed by the first" in Page("medications:check", person.public_id, staff=writer).open()


def test_a_page_from_before_the_last_sign_in_comes_back_with_what_was_typed(person: Person) -> None:
    report = Page("medications:check", person.public_id, staff=everybody(person))
    report.client.handler.enforce_csrf_checks = True
    assert report.send(note=TYPED).headers["Location"] == report.address
    assert TYPED in report.open()
    report.key = "made up"
    assert report.send(note=TYPED).status_code == 403


@pytest.mark.parametrize(
    ("name", "first", "second"),
    [
        ("organization:site", {"phone": "512-555-0101"}, {"directions": "By the river"}),
        ("coverage:edit", {"member_id": "EX-1"}, {"note": "Called twice"}),
        ("people:edit", {"contact_note": "Only mornings"}, {"gender": "woman"}),
    ],
)
def test_the_second_writer_is_told_and_keeps_their_text(
    person: Person, name: str, first: dict[str, str], second: dict[str, str]
) -> None:
    assert person.site
    parts = {
        "organization:site": [person.site.public_id],
        "coverage:edit": [person.public_id, make_coverage(person=person).public_id],
        "people:edit": [person.public_id],
    }[name]
    one, two = (Page(name, *parts, staff=everybody(person)) for _each in range(2))
    form = one.client.get(one.address).context["form"]
    told = {key: form[key].value() or "" for key in form.fields} | {"version": 1}
    two.keep(**told | second)
    assert one.send(**told | first).status_code == 302
    kept = two.client.get(two.address).context
    assert kept["version"] == 1  # what was kept was made from what stood there before
    answer = two.send(**told | second)
    shown = answer.content.decode()
    assert answer.status_code in (409, 422)
    assert next(iter(first.values())) in shown
    assert next(iter(second.values())) in shown
    again = two.send(**told | first | second | {"version": answer.context["version"]})
    assert again.status_code == 302
