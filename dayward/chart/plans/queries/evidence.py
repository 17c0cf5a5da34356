"""What plans and reviews prove to the journey: `plan.signed`, `review.recorded`, `step_down.criteria_met`."""

from __future__ import annotations

from datetime import datetime

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from dayward.care.journey.models import Episode, Transition
from dayward.chart.plans.models import Plan, PlanReview
from dayward.chart.plans.queries.plans import newest_plan, open_plan
from dayward.chart.plans.queries.team import signing_of
from dayward.kernel.evidence import Evidence, asked_about
from dayward.kernel.gathering import Reading, both, first_of
from dayward.kernel.time import at, local_day


def plan_signed(*, kind: str, id: int) -> Evidence:
    """Evidence `plan.signed`: a version holds. Where the person did not sign, the sentence says what they said."""
    episode = _episode(id)
    person = episode.person.public_id
    holds = newest_plan(episode)
    if holds is not None:
        return Evidence(True, _how_signed(holds), url=reverse("plans:chart", args=[person]))
    plan = open_plan(episode)
    if plan is None:
        return Evidence(False, _("There is no treatment plan."), url=reverse("plans:start", args=[person]))
    if not plan.is_signed:
        return Evidence(False, _("The plan is a draft."), url=reverse("plans:edit", args=[person]))
    missing = ", ".join(signing_of(plan, with_names=False).missing)
    sentence = _("Still to sign the plan: %(who)s.") % {"who": missing}
    return Evidence(False, sentence, url=reverse("plans:sign", args=[person]))


def _how_signed(plan: Plan) -> str:
    """A plan whose person declined holds by the team's signatures, and says so."""
    missing = plan.not_signed
    if not missing:
        return _("The plan is signed.")
    said = ", ".join(f"{row.get_role_display()}: {row.get_outcome_display()}" for row in missing)
    return _("The team has signed the plan. %(said)s.") % {"said": said}


def review_recorded(*, kind: str, id: int) -> Reading[Evidence]:
    """Evidence `review.recorded`: a review was signed after the stay was last looked at."""
    episode = _episode(id)
    looked_at = Transition.objects.filter(episode=episode, key="review_stay").order_by("-at")
    last, signed = yield from both(first_of(looked_at), _last_signed(episode))
    page = reverse("plans:review", args=[episode.person.public_id])
    if signed is None or signed < (last.at if last else episode.admitted_at):
        return Evidence(False, _("No review has been signed since the stay was last looked at."), url=page)
    return Evidence(True, _("The review is signed."), url=page)


def step_down_criteria_met(*, kind: str, id: int) -> Reading[Evidence]:
    """Evidence `step_down.criteria_met`: a step-down review was signed in the present stretch of treatment.

    Signing one is refused while a criterion is open, so that a signed one proves them all.
    """
    episode = _episode(id)
    zone = episode.program.site.zone
    today = local_day(timezone.now(), zone)
    stretches = episode.segments.filter(starts_on__lte=today).order_by("-starts_on", "-id")
    stretch, signed = yield from both(first_of(stretches), _last_signed(episode, PlanReview.Kind.STEP_DOWN))
    since = at(stretch.starts_on, datetime.min.time(), zone) if stretch else episode.admitted_at
    page = reverse("plans:review", args=[episode.person.public_id]) + "?kind=step_down"
    if signed is None or signed < since:
        return Evidence(False, _("No step-down review is signed in this stretch of treatment."), url=page)
    return Evidence(True, _("The step-down review is signed; the person agrees."), url=page)


def _last_signed(episode: Episode, *kinds: str) -> Reading[datetime | None]:
    """When the last review that stands (of these kinds) was signed."""
    rows = PlanReview.objects.filter(
        episode=episode, entered_in_error_at__isnull=True, signature__isnull=False
    )
    signed = (rows.filter(kind__in=kinds) if kinds else rows).order_by("-signature__signed_at")
    return first_of(signed.values_list("signature__signed_at", flat=True))


def _episode(key: int) -> Episode:
    asked: Episode | None = asked_about("episode", key)
    return asked or Episode.objects.select_related("person__site", "program__site").get(pk=key)
