"""The only writers of roles, care teams, break-glass, sign-in links and portal keys."""

from __future__ import annotations

from dayward.foundation.access.services.glass import (
    BREAK_GLASS,
    end_break_glass,
    open_break_glass,
    review_break_glass,
)
from dayward.foundation.access.services.inviting import Invited, invite
from dayward.foundation.access.services.portal import (
    CODE_LASTS,
    LINK_LASTS,
    TRIES,
    end_portal_key,
    make_portal_key,
    portal_digest,
    use_portal_key,
)
from dayward.foundation.access.services.reading import (
    audit_list,
    audit_refusal,
    audit_view,
    listed_together,
    view_name,
)
from dayward.foundation.access.services.roles import end_role, grant_role, tell_of_roles
from dayward.foundation.access.services.second_factor import (
    reset_second_factor,
    reset_since_last_sign_in,
)
from dayward.foundation.access.services.sessions import (
    end_all_sessions,
    end_session,
    note_seen,
    note_signed_in,
    note_signed_out,
    own_session,
)
from dayward.foundation.access.services.sign_in import (
    end_sign_in_link,
    make_sign_in_link,
    sign_in_link,
    use_sign_in_link,
)
from dayward.foundation.access.services.team import add_to_care_team, end_care_team, restore_care_team
from dayward.foundation.access.services.watching import end_watch, watch_chart

__all__ = [
    "BREAK_GLASS",
    "CODE_LASTS",
    "LINK_LASTS",
    "TRIES",
    "Invited",
    "add_to_care_team",
    "audit_list",
    "audit_refusal",
    "audit_view",
    "end_all_sessions",
    "end_break_glass",
    "end_care_team",
    "end_portal_key",
    "end_role",
    "end_session",
    "end_sign_in_link",
    "end_watch",
    "grant_role",
    "invite",
    "listed_together",
    "make_portal_key",
    "make_sign_in_link",
    "note_seen",
    "note_signed_in",
    "note_signed_out",
    "open_break_glass",
    "own_session",
    "portal_digest",
    "reset_second_factor",
    "reset_since_last_sign_in",
    "restore_care_team",
    "review_break_glass",
    "sign_in_link",
    "tell_of_roles",
    "use_portal_key",
    "use_sign_in_link",
    "view_name",
    "watch_chart",
]
