from __future__ import annotations

from django.utils.translation import gettext_noop as _

from dayward.kernel.permissions import declare

FIND = declare("people.find", _("Find people by name; see the name and the next appointment"))
REGISTER = declare("people.register", _("Write down a new person"))
READ = declare("people.read", _("Read name, contact, address and relatives in a chart"))
EDIT = declare(
    "people.edit", _("Correct name, contact, address and relatives, and say who is the same person")
)
