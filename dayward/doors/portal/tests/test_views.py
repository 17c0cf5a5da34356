"""The patient's page as a person meets it: the way in, the week, the forms, Help now."""

from __future__ import annotations

from datetime import date, time, timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from dayward.care.schedule import services as schedule
from dayward.care.schedule.factories import make_session
from dayward.care.schedule.models import Session
from dayward.doors.portal.queries import sheets_for
from dayward.doors.portal.sessions import METHOD
from dayward.foundation.access.factories import make_treating
from dayward.foundation.access.services import make_portal_key
from dayward.foundation.consent import queries, services
from dayward.foundation.consent.factories import make_offer, make_packet_signed, make_signed
from dayward.foundation.consent.models import Consent
from dayward.foundation.consent.rules.standing import Standing
from dayward.foundation.organization.factories import make_site
from dayward.foundation.people.factories import SETUP, make_person
from dayward.foundation.people.models import Person
from dayward.foundation.people.queries import today_at
from dayward.foundation.people.services import add_relationship

pytestmark = pytest.mark.django_db

BORN = date(1991, 4, 2)


@pytest.fixture
def person() -> Person:
    return make_person(birth_date=BORN, legal_given="Rosalind", legal_family="Sampleton")


def link_to(person: Person, kind: str = "link") -> str:
    return make_portal_key(actor=SETUP, person=person, kind=kind)


def signed_in(person: Person) -> Client:
    client = Client()
    url = reverse("portal:enter", args=[link_to(person)])
    assert client.post(url, {"birth_date": str(person.birth_date)}).status_code == 302
    return client


def staff_browser(person: Person) -> Client:
    user = make_treating(person).user
    assert user is not None
    client = Client()
    client.force_login(user)
    return client


def sign_form(client: Client, row: object, name: str = "Rosalind Sampleton", **more: str) -> tuple[int, str]:
    """Read a form and sign it as the page has it; status, and where it leads."""
    url = reverse("portal:form", args=[row.public_id])  # type: ignore[attr-defined]
    seen = client.get(url).context["seen"]
    answer = client.post(url, {"typed_name": name, "seen": seen, "language": "en", **more})
    return answer.status_code, getattr(answer, "url", "")


# -- the way in ------------------------------------------------------------------------------------------------


def test_a_link_and_the_date_of_birth_let_in(person: Person) -> None:
    client = signed_in(person)
    page = client.get(reverse("portal:home"))
    assert page.status_code == 200
    assert "Hello, Rosalind" in page.content.decode()


def test_opening_a_link_shows_nothing_and_uses_nothing_up(person: Person) -> None:
    url = reverse("portal:enter", args=[link_to(person)])
    page = Client().get(url).content.decode()
    assert "Rosalind" not in page
    assert Client().post(url, {"birth_date": str(BORN)}).status_code == 302


@pytest.mark.parametrize("born", ["1991-04-03", "", "nonsense"])
def test_another_date_of_birth_does_not(person: Person, born: str) -> None:
    client = Client()
    answer = client.post(reverse("portal:enter", args=[link_to(person)]), {"birth_date": born})
    assert answer.status_code == 422
    assert client.get(reverse("portal:home")).status_code == 302


def test_a_wrong_link_and_a_wrong_date_get_the_same_answer(person: Person) -> None:
    wrong_date = Client().post(reverse("portal:enter", args=[link_to(person)]), {"birth_date": "1980-01-01"})
    wrong_link = Client().post(reverse("portal:enter", args=["a" * 43]), {"birth_date": str(BORN)})
    errors = [list(answer.context["form"].non_field_errors()) for answer in (wrong_date, wrong_link)]
    assert errors[0] == errors[1] != []


def test_a_code_lets_in_once_however_it_is_typed(person: Person) -> None:
    code = link_to(person, "code")
    typed = f" {code[:4].upper()}-{code[4:].upper()} "
    url = reverse("portal:sign_in")
    assert Client().post(url, {"code": typed, "birth_date": str(BORN)}).status_code == 302
    assert Client().post(url, {"code": code, "birth_date": str(BORN)}).status_code == 422


def test_guessing_dates_ends(person: Person) -> None:
    url = reverse("portal:enter", args=[link_to(person)])
    for day in range(1, 7):
        Client().post(url, {"birth_date": f"1980-01-0{day}"})
    assert Client().post(url, {"birth_date": str(BORN)}).status_code == 422


def test_a_staff_session_in_the_same_browser_ends(person: Person) -> None:
    client = staff_browser(person)
    client.post(reverse("portal:enter", args=[link_to(person)]), {"birth_date": str(BORN)})
    assert client.get(reverse("portal:home")).status_code == 200
    assert client.get(reverse("documents:list", args=[person.public_id])).status_code == 403


def test_staff_have_no_patient_page(person: Person) -> None:
    client = staff_browser(person)
    assert client.get(reverse("portal:home")).status_code == 403


def test_leaving_closes_the_page(person: Person) -> None:
    client = signed_in(person)
    assert client.post(reverse("portal:sign_out")).url == reverse("portal:goodbye")  # type: ignore[attr-defined]
    assert client.get(reverse("portal:home")).status_code == 302


def test_the_page_speaks_the_persons_language() -> None:
    client = signed_in(make_person(birth_date=BORN, language="es"))
    assert 'lang="es"' in client.get(reverse("portal:home")).content.decode()


@pytest.mark.parametrize("name", ["portal:help_now", "portal:worker", "portal:sign_in", "portal:goodbye"])
def test_help_and_the_way_in_are_there_for_everybody(name: str) -> None:
    assert Client().get(reverse(name)).status_code == 200


def test_help_now_leads_to_988_911_and_the_clinic() -> None:
    make_site("Riverbend Phone", phone="(612) 555-0100")
    page = Client().get(reverse("portal:help_now")).content.decode()
    for number in ("tel:988", "sms:988", "tel:911", "(612) 555-0100"):
        assert number in page


def test_help_now_is_on_every_page(person: Person) -> None:
    make_offer(person)
    client = signed_in(person)
    form = reverse("portal:form", args=[sheets_for(person)[0].key])
    for url in (reverse("portal:home"), reverse("portal:packet"), form, reverse("portal:sign_in")):
        assert reverse("portal:help_now") in client.get(url, follow=True).content.decode()


# -- the week --------------------------------------------------------------------------------------------------


def with_link(session: Session) -> Session:
    Session.objects.filter(pk=session.pk).update(join_link="https://meet.example/room")
    return session


def test_my_week_shows_when_where_and_how_to_join(person: Person) -> None:
    site = make_site("Riverbend Week", time_zone="America/Chicago")
    person.site = site
    person.save()
    today = today_at(person)
    day = today + timedelta(days=7)
    held = with_link(make_session(site=site, day=day, clock=(time(9), time(10))))
    schedule.book(actor=SETUP, person=person, session=held)
    page = signed_in(person).get(reverse("portal:home"), {"week": str(day)}).content.decode()
    assert "9:00" in page
    assert "https://meet.example/room" in page


def test_a_week_that_is_none_shows_this_one(person: Person) -> None:
    client = signed_in(person)
    for week in ("nonsense", "0001-01-01", "9999-12-31", ""):
        assert client.get(reverse("portal:home"), {"week": week}).context["is_this_week"]


def test_nobody_elses_week_is_there(person: Person) -> None:
    other = make_person(site=person.site)
    held = with_link(make_session(site=person.site))
    schedule.book(actor=SETUP, person=other, session=held)
    day = held.span.start.date()
    page = signed_in(person).get(reverse("portal:home"), {"week": str(day)}).content.decode()
    assert "meet.example" not in page


# -- the packet ------------------------------------------------------------------------------------------------


def test_the_packet_is_read_and_signed_form_by_form(person: Person) -> None:
    rows = services.offer_packet(actor=SETUP, person=person)
    client = signed_in(person)
    assert f"0 of {len(rows)} done" in client.get(reverse("portal:packet")).content.decode()
    for place, row in enumerate(rows):
        status, onward = sign_form(client, row)
        assert status == 302
        last = place == len(rows) - 1
        assert onward == (
            reverse("portal:packet") if last else reverse("portal:form", args=[rows[place + 1].public_id])
        )
    assert "All done" in client.get(reverse("portal:packet")).content.decode()
    assert {each.kind for each in queries.in_force(person)} == {"treatment", "tpo", "telehealth"}


def test_a_form_without_a_name_is_not_signed_and_says_so(person: Person) -> None:
    consent = make_offer(person)
    client = signed_in(person)
    assert sign_form(client, consent, name="")[0] == 422
    assert sign_form(client, consent, seen="")[0] == 422
    consent.refresh_from_db()
    assert consent.signature_id is None


def test_the_words_that_were_not_shown_are_not_signed(person: Person) -> None:
    consent = make_offer(person)
    client = signed_in(person)
    assert sign_form(client, consent, language="es")[0] == 422  # read in English, claimed in Spanish
    assert sign_form(client, consent, seen="0" * 64)[0] == 422


def test_a_form_read_in_spanish_is_signed_in_spanish(person: Person) -> None:
    consent = make_offer(person)
    client = signed_in(person)
    client.cookies["django_language"] = "es"
    assert (
        "Permiso para el tratamiento"
        in client.get(reverse("portal:form", args=[consent.public_id])).content.decode()
    )
    assert sign_form(client, consent, language="es")[0] == 302
    consent.refresh_from_db()
    assert consent.language == "es"


def test_saying_no(person: Person) -> None:
    consent = make_offer(person)
    signed_in(person).post(reverse("portal:decline", args=[consent.public_id]))
    consent.refresh_from_db()
    assert queries.standing_of(consent) is Standing.DECLINED


def test_taking_back_works_in_the_page(person: Person) -> None:
    consent = make_signed(make_offer(person))
    client = signed_in(person)
    client.post(reverse("portal:take_back", args=[consent.public_id]), {"note": "I changed my mind."})
    consent.refresh_from_db()
    assert queries.standing_of(consent) is Standing.REVOKED


def test_a_copy_can_be_kept(person: Person) -> None:
    consent = make_signed(make_offer(person))
    answer = signed_in(person).get(reverse("portal:copy", args=[consent.public_id]))
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert "Rosalind Sampleton" in answer.content.decode()


@pytest.mark.parametrize("name", ["form", "copy", "decline", "take_back"])
def test_somebody_elses_form_does_not_exist(person: Person, name: str) -> None:
    consent = make_signed(make_offer(make_person()))
    client = signed_in(person)
    url = reverse(f"portal:{name}", args=[consent.public_id])
    answer = client.get(url) if name in {"form", "copy"} else client.post(url)
    assert answer.status_code == 404


def test_on_the_tablet_it_is_signed_as_such(person: Person) -> None:
    consent = make_offer(person)
    client = signed_in(person)
    session = client.session
    session[METHOD] = "tablet"
    session.save()
    sign_form(client, consent)
    consent.refresh_from_db()
    assert consent.signature is not None
    assert consent.signature.method == "tablet"
    answer = client.post(reverse("portal:sign_out"))
    assert answer.url == reverse("portal:goodbye_tablet")  # type: ignore[attr-defined]


# -- guardians -------------------------------------------------------------------------------------------------


def make_family(age: int) -> tuple[Person, Person]:
    site = make_site("Riverbend Twin", state="MN")
    child = make_person(
        birth_date=timezone.now().date() - timedelta(days=365 * age + 90), site=site, legal_given="Tobin"
    )
    guardian = make_person(birth_date=date(1980, 5, 5), site=site)
    add_relationship(actor=SETUP, person=child, relative=guardian, kind="parent", is_guardian=True)
    return child, guardian


def test_a_guardian_signs_what_needs_a_guardian() -> None:
    child, guardian = make_family(13)
    services.offer_packet(actor=SETUP, person=child)
    client = signed_in(guardian)
    page = client.get(reverse("portal:packet")).content.decode()
    assert "For Tobin" in page
    treatment = Consent.objects.get(kind="treatment")
    assert sign_form(client, treatment, name="Gina Guardian")[0] == 302
    assert queries.active(child, "treatment") == treatment


def test_where_the_minor_alone_consents_the_guardians_page_is_empty() -> None:
    child, guardian = make_family(17)
    make_packet_signed(child)
    make_offer(child, "release", recipient="School", information=["attendance"], purposes=["work_school"])
    client = signed_in(guardian)
    for name in ("portal:home", "portal:packet"):
        assert "Tobin" not in client.get(reverse(name)).content.decode()
    for consent in Consent.objects.all():
        assert client.get(reverse("portal:form", args=[consent.public_id])).status_code == 404


def test_both_sign_a_release() -> None:
    child, guardian = make_family(13)
    release = make_offer(
        child, "release", recipient="School", information=["attendance"], purposes=["work_school"]
    )
    assert sign_form(signed_in(child), release, name="Tobin T")[0] == 302
    assert queries.active(child, "release") is None
    assert sign_form(signed_in(guardian), release, name="Gina G")[0] == 302
    assert queries.active(child, "release") == release
