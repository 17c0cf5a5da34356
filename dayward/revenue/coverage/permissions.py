from __future__ import annotations

from django.utils.translation import gettext_noop as _

from dayward.kernel.permissions import declare

READ = declare("coverage.read", _("See who pays for a person's care"))
EDIT = declare("coverage.edit", _("Write down and verify who pays"))
PAYERS = declare("coverage.payers", _("See payers and what they ask of a week"))
TERMS = declare("coverage.terms", _("Say what a payer asks of a week"))
