from __future__ import annotations

from django.utils.translation import gettext_noop

from dayward.kernel.permissions import declare

OPEN = declare("chart.open", gettext_noop("Open the chart page of a person"))
CENSUS = declare("staff.census", gettext_noop("See everybody in treatment, by program and state"))
