"""Letters; summaries and packets; needs and outside meetings."""

from __future__ import annotations

from dayward.chart.casework.models.handings import Handing
from dayward.chart.casework.models.letters import Letter
from dayward.chart.casework.models.needs import Need, NeedStep, OutsideMeeting
from dayward.chart.casework.models.summaries import Summary

__all__ = ["Handing", "Letter", "Need", "NeedStep", "OutsideMeeting", "Summary"]
