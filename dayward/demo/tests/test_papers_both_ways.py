"""What is written about five stays, with COPY and through the services: the same rows, table by table."""

from __future__ import annotations

from datetime import timedelta

import pytest

from dayward.chart.safety.models import Alert
from dayward.demo.facts import Case, History
from dayward.demo.ledger import Ledger
from dayward.demo.rows import scores
from dayward.demo.rows.everything import lay_out
from dayward.demo.seed import titles
from dayward.demo.simulation import Simulation, Size, last_day
from dayward.demo.tests.papers_way import PAPERS, PapersReplay
from dayward.demo.tests.services_way import Diary
from dayward.demo.tests.tables import undone
from dayward.demo.tests.test_both_ways import NOW, Told, chosen, differences, told, write

LABELS = {model._meta.label for model in PAPERS}


@pytest.mark.django_db
def test_papers_of_five_stays_written_both_ways() -> None:
    simulation = Simulation(7, NOW.date(), Size(weeks=6, run_up_weeks=3, share=0.12))
    history = simulation.run(last_day(NOW))
    whole = lay_out(simulation, history, NOW, titles())
    five = stays(history, whole, simulation)
    assert len(five) == 5
    with undone():
        write(whole)
        expected = papers_of(whole, five)
    without = lay_out(simulation, history, NOW, titles(), papers=False)
    for case in five:
        scores.add_first_scores(without, case, NOW)
    write(without)
    diary, courses = Diary(), {course.key: course for course in history.courses}
    for case in five:
        PapersReplay(whole, courses[case.key], diary).tell()
    diary.run(NOW + timedelta(minutes=1))
    assert differences(expected, papers_of(whole, five)) == {}
    assert expected.keys() == LABELS and sum(map(len, expected.values())) > 200


def stays(history: History, whole: Ledger, simulation: Simulation) -> list[Case]:
    """Who is here, and of whom nothing was heard that raised an alert: those are told of in stories."""
    alerts = {row["person"] for row in whole.rows(Alert).values()}
    here = [case for case in chosen(history, simulation.start)[:5] if case.key not in alerts]
    keys = {case.key for case in here}
    courses = {course.key for course in history.courses if course.closed_at is None}
    more = [case for case in history.cases if case.key in courses - keys - alerts and not case.special]
    return [*here, *more][:5]


def papers_of(ledger: Ledger, five: list[Case]) -> Told:
    return {label: rows for label, rows in told(ledger, five).items() if label in LABELS}
