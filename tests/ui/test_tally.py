"""What is counted of a visit, each once, and how long is long."""

import pytest
from stand_in import Remembered

from kioskcore.ports import Measure
from kioskcore.visit import Event, Mode, Visit
from ui.tally import OTHER, Tally, minutes_bucket


@pytest.mark.parametrize(
    ("seconds", "bucket"),
    [(0, "2"), (120, "2"), (121, "5"), (600, "10"), (1200, "20"), (2400, "40"), (2401, "more")],
)
def test_buckets(seconds: float, bucket: str) -> None:
    assert minutes_bucket(seconds) == bucket


def test_the_counts_of_a_visit_that_stops_at_the_portal() -> None:
    clock = [0.0]
    visit, count = Visit(), Remembered()
    Tally(visit, count, now=lambda: clock[0])
    visit.fire(Event.TOUCH)
    visit.guide_code = "2.000635"
    visit.fire(Event.PICK)
    visit.helped(Mode.GUIDED)
    visit.fire(Event.TO_PORTAL)
    visit.fire(Event.BACK)
    visit.fire(Event.TO_PORTAL)
    clock[0] = 400
    visit.fire(Event.LEAVE)
    assert count.rows == [
        ("visit", OTHER, "self"),
        ("started", "2.000635", "self"),
        ("reached_portal", "2.000635", "guided"),
        ("stopped_at:portal", "2.000635", "guided"),
        ("ended_by:leave", "2.000635", "guided"),
        ("minutes:10", "2.000635", "guided"),
    ]


def test_a_guide_that_is_no_procedure_is_counted_as_other() -> None:
    visit, count = Visit(), Remembered()
    tally = Tally(visit, count)
    visit.fire(Event.TOUCH)
    visit.guide_code = "vneid-help"
    visit.fire(Event.PICK)
    tally.add(Measure.HELP)
    assert {procedure for _, procedure, _ in count.rows} == {OTHER}
