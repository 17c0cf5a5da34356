"""The clinic, its sites, and the settings that differ between clinics."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from dayward.foundation.audit.actors import Actor
from dayward.foundation.audit.services import record
from dayward.foundation.organization.models import Organization, Setting, Site, valid_zone
from dayward.kernel.errors import Conflict, Refused

SITE_FIELDS = frozenset({"phone", "street", "city", "zip_code", "directions"})


@transaction.atomic
def set_up_organization(
    *, actor: Actor, name: str, neutral_name: str = "", is_demo: bool = False
) -> Organization:
    """The clinic of this installation; there is one."""
    if Organization.objects.exists():
        raise Refused(_("This installation has a clinic already."))
    if not name.strip():
        raise Refused(_("Write down the clinic's name."))
    organization = Organization.objects.create(
        name=name.strip(),
        neutral_name=neutral_name.strip() or name.strip(),
        is_demo=is_demo,
        created_at=timezone.now(),
    )
    record(actor=actor, action="organization.set_up", subject=organization)
    return organization


@transaction.atomic
def update_organization(
    *, actor: Actor, organization: Organization, name: str, neutral_name: str
) -> Organization:
    """Correct the clinic's names; the neutral one stands on mails, texts and calendars."""
    organization.name, organization.neutral_name = name.strip(), neutral_name.strip()
    organization.save(update_fields=["name", "neutral_name"])
    record(actor=actor, action="organization.update", subject=organization)
    return organization


@transaction.atomic
def open_site(
    *, actor: Actor, organization: Organization, name: str, time_zone: str, state: str, **fields: Any
) -> Site:
    """A place where treatment happens, with its time zone."""
    _check_site(time_zone, fields)
    if organization.sites.filter(name=name.strip()).exists():
        raise Refused(_("There is a site of that name already."))
    site = Site.objects.create(
        organization=organization, name=name.strip(), time_zone=time_zone, state=state.upper(), **fields
    )
    record(actor=actor, action="organization.open_site", subject=site, site=site)
    return site


@transaction.atomic
def update_site(*, actor: Actor, site: Site, version: int, **changes: Any) -> Site:
    """Correct a site. Its time zone stays: past days were counted in it. A later version than the form's: Conflict."""
    if Site.objects.select_for_update().get(pk=site.pk).version != version:
        raise Conflict
    _check_site(
        site.time_zone, {key: value for key, value in changes.items() if key not in ("name", "state")}
    )
    name = changes.get("name", site.name).strip()
    if site.organization.sites.filter(name=name).exclude(pk=site.pk).exists():
        raise Refused(_("There is a site of that name already."))
    for field, value in changes.items():
        setattr(site, field, value)
    site.version = version + 1
    site.save(update_fields=[*changes, "version"])
    record(actor=actor, action="organization.update_site", subject=site, site=site, fields=sorted(changes))
    return site


@transaction.atomic
def set_setting(
    *, actor: Actor, key: str, value: Any, since: date, site: Site | None = None, source: str = ""
) -> Setting:
    """From a day on the clinic (or one site) does it this way; what was said before stays readable."""
    standing = Setting.objects.standing().filter(key=key, site=site)
    later = standing.filter(effective_from__gt=since).order_by("effective_from").first()
    reaching = Q(effective_to__isnull=True) | Q(effective_to__gt=since)
    standing.filter(reaching, effective_from__lt=since).update(effective_to=since)
    standing.filter(effective_from=since).update(replaced_at=timezone.now(), replaced_by=actor.id)
    setting = Setting.objects.create(
        key=key,
        site=site,
        value=value,
        effective_from=since,
        effective_to=later.effective_from if later else None,
        source=source,
        set_by=actor.id,
    )
    record(actor=actor, action="organization.set_setting", subject=setting, site=site, key=key)
    return setting


@transaction.atomic
def withdraw_setting(*, actor: Actor, setting: Setting, today: date) -> Setting:
    """What has not begun does not begin; what holds until then goes on."""
    if setting.replaced_at is not None:
        raise Refused(_("This does not stand any more."))
    if setting.effective_from <= today:
        raise Refused(_("This holds already. Say what holds from a day on instead."))
    setting.replaced_at, setting.replaced_by = timezone.now(), actor.id
    setting.save(update_fields=["replaced_at", "replaced_by"])
    before = Setting.objects.standing().filter(
        key=setting.key, site=setting.site, effective_to=setting.effective_from
    )
    before.update(effective_to=setting.effective_to)
    record(
        actor=actor,
        action="organization.withdraw_setting",
        subject=setting,
        site=setting.site,
        key=setting.key,
    )
    return setting


def _check_site(time_zone: str, fields: dict[str, Any]) -> None:
    unknown = set(fields) - SITE_FIELDS
    if unknown:
        raise TypeError(f"not about a site: {sorted(unknown)}")
    try:
        valid_zone(time_zone)
    except ValidationError as problem:
        raise Refused(reasons=problem.messages) from None
