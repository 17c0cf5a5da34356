"""What clinics decide themselves: read with defaults, kept with dates, and followed by the steps."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from dayward.care.journey import services
from dayward.care.journey.evidence import age_fits
from dayward.care.journey.factories import make_actor, make_case, make_program
from dayward.care.journey.queries.policy import policy_on
from dayward.care.journey.queries.steps import steps_for
from dayward.care.journey.rules.policy import POLICY_KEYS, Policy, policy_from, values_of
from dayward.care.journey.rules.screening import AgeGroup
from dayward.foundation.access.factories import make_staff_with
from dayward.foundation.organization.factories import day_here, make_site
from dayward.foundation.organization.models import Setting
from dayward.foundation.people.factories import make_person
from dayward.kernel.errors import Refused
from dayward.kernel.time import local_day

ages = st.builds(AgeGroup, st.integers(0, 30), st.one_of(st.none(), st.integers(31, 120)))
policies = st.builds(
    Policy,
    ages=st.fixed_dictionaries({"adult": ages, "adolescent": ages}),
    made_hard=st.frozensets(st.sampled_from(POLICY_KEYS)),
    no_contact_days=st.integers(1, 365),
    attempts=st.integers(1, 20),
    modes=st.integers(1, 5),
    attendance_wait_days=st.integers(0, 90),
    team_days=st.integers(1, 365),
)


@given(policies)
def test_what_is_stored_is_read_back(policy: Policy) -> None:
    assert policy_from(values_of(policy)) == policy


@pytest.mark.parametrize(
    "nonsense",
    [
        {"journey.ages.adult": "18"},
        {"journey.attempts": "many"},
        {"journey.made_hard": 3},
        {"journey.modes": -1},
    ],
)
def test_nonsense_is_the_default(nonsense: dict[str, Any]) -> None:
    assert policy_from(nonsense) == Policy()


@pytest.mark.django_db
def test_a_change_holds_from_its_day_and_what_held_before_stays() -> None:
    site, actor = make_site(), make_actor("director")
    today = day_here()
    young = Policy(ages={"adult": AgeGroup(21, None), "adolescent": AgeGroup(12, 20)})
    changed = services.set_policy(actor=actor, site=site, policy=young, since=today)
    assert changed == ["journey.ages.adolescent", "journey.ages.adult"]
    assert policy_on(site, today - timedelta(days=1)) == Policy()
    assert policy_on(site, today).ages["adult"] == AgeGroup(21, None)
    services.set_policy(actor=actor, site=site, policy=Policy(), since=today + timedelta(days=10))
    assert policy_on(site, today + timedelta(days=9)).ages["adult"].youngest == 21
    assert policy_on(site, today + timedelta(days=10)) == Policy()
    assert Setting.objects.filter(key="journey.ages.adult").count() == 2


@pytest.mark.django_db
def test_a_warning_made_hard_refuses() -> None:
    site, actor = make_site(), make_actor("director")
    case = make_case(actor=actor)
    (step,) = steps_for(case, ("close_no_contact",))
    assert step.allowed
    strict = Policy(made_hard=frozenset({"contact.attempts_made"}))
    services.set_policy(actor=actor, site=site, policy=strict, since=date(2026, 1, 1))
    with pytest.raises(services.StepRefused) as refusal:
        services.close_case(actor=actor, case=case, how="no_contact", reason="No answer")
    assert "3 more are needed" in refusal.value.lacking[0].sentence


@pytest.mark.django_db
def test_the_age_group_is_the_sites_own() -> None:
    site, actor = make_site(), make_actor("director")
    person = make_person(site=site, birth_date=day_here() - timedelta(days=19 * 366))
    case = make_case(actor=actor, person=person, program=make_program(site))
    assert age_fits(case).present
    older = Policy(ages={"adult": AgeGroup(21, None), "adolescent": AgeGroup(12, 20)})
    services.set_policy(actor=actor, site=site, policy=older, since=date(2026, 1, 1))
    assert "for adults" in age_fits(type(case).objects.get(pk=case.pk)).sentence


@pytest.mark.django_db
def test_ages_the_wrong_way_round_are_refused() -> None:
    wrong = Policy(ages={"adult": AgeGroup(18, 12), "adolescent": AgeGroup(12, 17)})
    with pytest.raises(Refused, match="below the youngest"):
        services.set_policy(
            actor=make_actor("director"), site=make_site(), policy=wrong, since=date(2026, 1, 1)
        )


@pytest.mark.django_db
def test_a_director_sets_it_on_a_page_and_intake_may_not() -> None:
    site = make_site()
    director, intake = make_staff_with("director"), make_staff_with("intake")
    client = Client()
    assert director.user
    assert intake.user
    client.force_login(intake.user)
    assert client.get(reverse("journey:policy")).status_code == 403
    client.force_login(director.user)
    form: dict[str, Any] = {
        "adult_youngest": 18,
        "adolescent_youngest": 13,
        "adolescent_oldest": 17,
        "attempts": 4,
        "modes": 2,
        "no_contact_days": 21,
        "attendance_wait_days": 0,
        "team_days": 45,
        "made_hard": ["admission.papers"],
        "since": local_day(timezone.now(), site.zone),
    }
    response = client.post(reverse("journey:policy"), form)
    assert response.status_code == 302
    policy = policy_on(site)
    assert (policy.attempts, policy.no_contact_days, policy.made_hard) == (
        4,
        21,
        frozenset({"admission.papers"}),
    )
