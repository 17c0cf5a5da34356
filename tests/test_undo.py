"""Nothing asks "are you sure?": each act offers Undo, or says why there is none (screens.md, rule 3).

Every address that only takes a POST stands here: with the address that takes it back, or with the reason. A new act
without a line fails.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any

from django.urls import get_resolver

from benchmarks.pages import listed
from tests import access_walk as walk

TYPED = "saves what is typed; typing again changes it"
SIGNS = "a signature: the form says before that it cannot be undone"
STAYS = "says that something was a mistake, with a reason; it stays readable, and is written anew"
AGAIN = "the same control says the opposite, or something else, at any time"
BACK = "is itself what takes something back"
KNOWN = "writes down what has happened outside; a wrong line is entered in error, not undone"
ENDS = "ends a way in at once, for safety; a new one is made beside it"
BEGINS = "only opens a draft or a page; nothing holds yet"
READS = "only looks something up; nothing is kept"
LAW = "a right of the person: what it does is said before, and a new form is signed to change it"

# Behind an act that offers Undo in its toast stands the address that does it.
OFFERS = {
    "access:add_to_team": "access:end_team",
    "access:watch": "access:end_watch",
    "access:end_team": "access:restore_team",
    "attendance:all_present": "attendance:undo_all",
    "attendance:close": "attendance:reopen",
    "attendance:exempt": "attendance:withdraw_exemption",
    "attendance:row": "attendance:row",
    "casework:hand_copy": "casework:hand_copy",
    "catalog:close_kind": "catalog:close_kind",
    "catalog:close_program": "catalog:close_program",
    "catalog:close_room": "catalog:close_room",
    "catalog:close_track": "catalog:close_track",
    "documents:enter_in_error": "documents:take_back_error",
    "journey:alumni_cancel": "journey:alumni_cancel",
    "journey:appointment": "journey:appointment",
    "journey:tick": "journey:untick",
    "people:end_contact": "people:restore_contact",
    "people:end_relative": "people:restore_relative",
    "referrals:accept": "referrals:undo_accept",
    "referrals:set_aside": "referrals:take_back",
    "schedule:cancel_booking": "schedule:restore_booking",
    "schedule:give_limit_reason": "schedule:withdraw_limit_reason",
}
# Pages that end in such an act.
PAGES = {
    "attendance:makeup": "schedule:cancel_booking",
    "casework:letter": "casework:letter",
    "people:same": "people:undo_same",
    "plans:edit": "plans:put_back",
    "schedule:book": "schedule:cancel_booking",
    "schedule:book_session": "schedule:cancel_booking",
    "schedule:cancel_session": "schedule:reinstate",
    "schedule:closures": "schedule:withdraw_closure",
}
# Why the others do not.
REASONS = {
    "access:end_break_glass": ENDS,
    "access:end_member_sessions": ENDS,
    "access:end_other_sessions": ENDS,
    "access:end_role": AGAIN,
    "access:end_session": ENDS,
    "access:end_sign_in_link": ENDS,
    "access:end_watch": AGAIN,
    "access:grant_role": AGAIN,
    "access:make_sign_in_link": AGAIN,
    "access:reset_second_factor": ENDS,
    "access:restore_team": BACK,
    "access:review": KNOWN,
    "assessments:add_allergy": KNOWN,
    "assessments:add_diagnosis": TYPED,
    "assessments:add_medication": TYPED,
    "assessments:amend": BEGINS,
    "assessments:change_row": TYPED,
    "assessments:codes": READS,
    "assessments:enter_in_error": STAYS,
    "assessments:save": TYPED,
    "assessments:save_level": TYPED,
    "assessments:withdraw_allergy": STAYS,
    "attendance:reopen": BACK,
    "attendance:undo_all": BACK,
    "attendance:withdraw_exemption": BACK,
    "casework:letter_in_error": STAYS,
    "casework:meeting_in_error": STAYS,
    "casework:save_summary": TYPED,
    "casework:send_packet": KNOWN,
    "casework:summary_in_error": STAYS,
    "casework:take_need": AGAIN,
    "consent:end_key": ENDS,
    "consent:event_happened": KNOWN,
    "consent:packet": BEGINS,
    "consent:revoke": LAW,
    "consent:send": KNOWN,
    "consent:show_code": BEGINS,
    "consent:withdraw": BACK,
    "consent:withdraw_text": BACK,
    "coverage:benefits": KNOWN,
    "coverage:end_terms": AGAIN,
    "coverage:set_kind": AGAIN,
    "coverage:verify": KNOWN,
    "documents:take_back_error": BACK,
    "journey:alumni_answer": AGAIN,
    "journey:death": KNOWN,
    "journey:discharge_plan_draft": TYPED,
    "journey:episode_aftercare": KNOWN,
    "journey:episode_plan_discharge": AGAIN,
    "journey:episode_review": KNOWN,
    "journey:finish_first_week": KNOWN,
    "journey:give_copy": KNOWN,
    "journey:miss": KNOWN,
    "journey:paper": KNOWN,
    "journey:screening_draft": TYPED,
    "journey:untick": BACK,
    "journey:withdraw_call": STAYS,
    "measures:answer": AGAIN,
    "measures:ask": BEGINS,
    "measures:enter_in_error": STAYS,
    "measures:finish": KNOWN,
    "measures:start": BEGINS,
    "medications:change_in_error": STAYS,
    "medications:check_in_error": STAYS,
    "notes:amend": BEGINS,
    "notes:cosign": SIGNS,
    "notes:enter_in_error": STAYS,
    "notes:outreach": KNOWN,
    "notes:outreach_visit": KNOWN,
    "notes:save": TYPED,
    "notes:save_booking": TYPED,
    "notes:save_session": TYPED,
    "people:restore_contact": BACK,
    "people:restore_relative": BACK,
    "people:undo_same": BACK,
    "plans:attest": SIGNS,
    "plans:change": BEGINS,
    "plans:enter_in_error": STAYS,
    "plans:put_back": BACK,
    "plans:review_in_error": STAYS,
    "plans:save": TYPED,
    "plans:save_review": TYPED,
    "plans:set_aside": STAYS,
    "portal:begin": BEGINS,
    "portal:come": AGAIN,
    "portal:decline": AGAIN,
    "portal:join_alumni": BEGINS,
    "portal:keep_safety": AGAIN,
    "portal:meeting_out": STAYS,
    "portal:sign_out": ENDS,
    "portal:tablet": ENDS,
    "portal:take_back": LAW,
    "portal:where": AGAIN,
    "referrals:take_back": BACK,
    "referrals:undo_accept": BACK,
    "safety:acknowledge": KNOWN,
    "safety:alert_guardian": KNOWN,
    "safety:contact": KNOWN,
    "safety:cosign_closing": SIGNS,
    "safety:enter_in_error": STAYS,
    "safety:save_closing": TYPED,
    "safety:save_plan": TYPED,
    "safety:save_statement": TYPED,
    "safety:test_alerts": BEGINS,
    "safety:withdraw_instrument": STAYS,
    "schedule:reinstate": BACK,
    "schedule:restore_booking": BACK,
    "schedule:withdraw_closure": BACK,
    "schedule:withdraw_limit_reason": BACK,
    "staff:withdraw_setting": BACK,
    "ui:language": AGAIN,
    "ui:theme": AGAIN,
}


def test_every_act_offers_undo_or_says_why_not() -> None:
    acts = {address.name for address in walk.addresses()} - set(listed())
    known = OFFERS.keys() | REASONS.keys()
    assert acts - known == set(), "acts without a line in this file"
    assert known - acts == set(), "lines of acts that are gone"
    assert not OFFERS.keys() & REASONS.keys()


def test_what_offers_undo_leads_to_what_undoes_it() -> None:
    views = {":".join(spaces + (pattern.name or "",)): pattern.callback for pattern, spaces in patterns()}
    wrong = [
        f"{act} does not lead to {undo}"
        for act, undo in (OFFERS | PAGES).items()
        if undo not in views or not leads(views[act], undo)
    ]
    assert not wrong, "\n".join(wrong)


def patterns() -> list[tuple[Any, tuple[str, ...]]]:
    return list(walk._walk(get_resolver().url_patterns, ()))


def leads(view: Callable[..., Any], undo: str) -> bool:
    """The module of the view says Undo, and names the address; make-ups are bookings, and borrow their Undo."""
    said = inspect.getsource(inspect.getmodule(inspect.unwrap(view)))  # type: ignore[arg-type]
    return "undo_url=" in said and (f'"{undo}"' in said or "undo_booking" in said or "resolver_match" in said)
