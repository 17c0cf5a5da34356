from __future__ import annotations

from dayward.kernel.privacy import Declared, Privacy

_ERROR = "entered_in_error_at entered_in_error_by"
_FIELDS = {
    "Letter": (
        "version person episode kind route recipient since until hours times_ahead sentence asked_at asked_by "
        "asked_note signature signed_text document disclosure done_at done_by declined_reason " + _ERROR
    ),
    "Summary": (
        "version written_at written_by saved_at saved_by signature signed_text entered_in_error_reason person episode "
        "kind reason course condition recommendations sections document recipient disclosure copy_given "
        + _ERROR
    ),
    "Handing": "summary letter handed_at handed_by taken_by taken_back_at taken_back_by",
    "Need": (
        "version person episode kind wanted stage with_whom next_on owner opened_at opened_by closed_at closed_by"
    ),
    "NeedStep": "need stage note minutes done_at done_by",
    "OutsideMeeting": "person kind on minutes note logged_at logged_by " + _ERROR,
}
PRIVACY: Declared = {
    model: dict.fromkeys(fields.split(), Privacy.CLINICAL) for model, fields in _FIELDS.items()
}
