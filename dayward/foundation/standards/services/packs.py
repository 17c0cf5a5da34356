"""Where a rule pack holds, as the clinic says."""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from dayward.foundation.audit.actors import Actor
from dayward.foundation.audit.services import record
from dayward.foundation.organization.models import Site
from dayward.foundation.standards import library
from dayward.foundation.standards.models import PackUse
from dayward.foundation.standards.queries.packs import programs_of
from dayward.foundation.standards.rules.pack import Authority
from dayward.foundation.standards.services.dated import end, make_room
from dayward.kernel.errors import Refused
from dayward.kernel.facts import site_changed


@transaction.atomic
def set_use(
    *, actor: Actor, pack: str, site: Site, applies: bool, since: date, reason: str, program: str = ""
) -> PackUse:
    """From a day on the pack holds at the site (or one program there), or does not, until somebody says otherwise."""
    use = draft_use(pack=pack, site=site, applies=applies, since=since, reason=reason, program=program)
    use.set_by = actor.id
    make_room(PackUse.objects.filter(pack=pack, site=site, program=program), since, actor)
    use.save()
    site_changed(site.pk)
    _record(actor, "standards.set_use", use)
    return use


def draft_use(
    *, pack: str, site: Site, applies: bool, since: date, reason: str, program: str = ""
) -> PackUse:
    """The row as it would be kept."""
    found = next((each for each in library.packs() if each.key == pack), None)
    if found is None:
        raise Refused(_("There is no such rule pack."))
    if found.scope.authority is Authority.POLICY:
        raise Refused(_("The program policy holds everywhere; change its rules one by one."))
    if program and program not in {each.key for each in programs_of([site])}:
        raise Refused(_("There is no such program at this site."))
    if not reason.strip():
        raise Refused(_("Say why: an auditor will ask."))
    return PackUse(
        pack=pack,
        site=site,
        program=program,
        applies=applies,
        effective_from=since,
        reason=reason.strip()[:200],
    )


@transaction.atomic
def end_use(*, actor: Actor, use: PackUse, on: date) -> PackUse:
    """From this day on the pack holds where it holds by itself."""
    if use.withdrawn_at or (use.effective_to and use.effective_to <= on):
        raise Refused(_("This has ended already."))
    end(use, on, actor)
    site_changed(use.site_id)
    _record(actor, "standards.end_use", use)
    return use


def _record(actor: Actor, action: str, use: PackUse) -> None:
    record(
        actor=actor,
        action=action,
        subject=use,
        site=use.site,
        reason=use.reason,
        pack=use.pack,
        program=use.program,
        applies=use.applies,
        since=use.effective_from.isoformat(),
        until=use.effective_to.isoformat() if use.effective_to else "",
    )
