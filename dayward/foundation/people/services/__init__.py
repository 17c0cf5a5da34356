"""The only writers of people and staff."""

from __future__ import annotations

from dayward.foundation.people.services.persons import (
    add_address,
    add_contact_point,
    add_identifier,
    add_relationship,
    end_address,
    end_contact_point,
    end_identifier,
    end_relationship,
    enter_in_error,
    register_person,
    restore_contact_point,
    restore_relationship,
    update_contact_point,
    update_person,
)
from dayward.foundation.people.services.same import declare_same, merge_conflicts, undo_same
from dayward.foundation.people.services.staff import (
    add_credential,
    add_staff,
    set_own_password,
    set_sign_in,
    update_staff,
)

__all__ = [
    "add_address",
    "add_contact_point",
    "add_credential",
    "add_identifier",
    "add_relationship",
    "add_staff",
    "declare_same",
    "end_address",
    "end_contact_point",
    "end_identifier",
    "end_relationship",
    "enter_in_error",
    "merge_conflicts",
    "register_person",
    "restore_contact_point",
    "restore_relationship",
    "set_own_password",
    "set_sign_in",
    "undo_same",
    "update_contact_point",
    "update_person",
    "update_staff",
]
