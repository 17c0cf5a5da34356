from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AccessConfig(AppConfig):
    name = "dayward.foundation.access"
    label = "access"

    def ready(self) -> None:
        from dayward.foundation.access import checks, handlers, panels, second_factor  # noqa: F401 - registered
        from dayward.foundation.access.guard import guard
        from dayward.foundation.access.permissions import REVIEW, STAFF
        from dayward.foundation.audit.permissions import READ
        from dayward.foundation.organization.declared import Group, groups
        from dayward.kernel.database import changeable_columns, erasable_tables
        from dayward.kernel.permissions import register_guard
        from dayward.ui.navigation import Area, NavItem, register, under

        register_guard(guard)
        groups.register("access", Group(_("Sign-in"), second_factor.declared, order=20, per_site=False))
        erasable_tables("access_cache")
        changeable_columns(
            "access_breakglass", "expires_at", "reviewed_at", "reviewed_by_id", "review_outcome"
        )
        changeable_columns("access_watch", "ended_at", "ended_by_id")
        panels.register_all()
        register(NavItem("staff", _("Staff"), "access:staff", "id-badge", permission=STAFF, order=85))
        register(
            NavItem("openings", _("Break-glass"), "access:openings", "lock-open", permission=REVIEW, order=86)
        )
        register(
            NavItem(
                "exceptions",
                _("Exceptions"),
                "access:exceptions",
                "alert-triangle",
                permission=READ,
                order=86,
            )
        )
        register(NavItem("trail", _("Audit trail"), "access:trail", "history", permission=READ, order=87))
        register(NavItem("security", _("Sign-in and security"), "mfa_index", "shield-lock", area=Area.USER))
        register(NavItem("roles", _("What roles may"), "access:roles", "shield", area=Area.USER, order=110))
        under("security", "access:sessions", "access:second_factor", "account_*", "mfa_*")
        for link in ("openings", "people"):
            under(link, "access:break_glass_open")
