"""What the tests of the counts share: made-up totals and the strategies that draw them."""

from datetime import date, timedelta

from hypothesis import strategies as st

from kioskcore.visit import Mode
from usage.facts import MEASURES, OTHER, Key, Total

DAY = date(2026, 3, 2)

keys = st.builds(
    Key,
    day=st.integers(0, 3).map(lambda n: DAY + timedelta(days=n)),
    point=st.sampled_from(["diem-1", "diem-2"]),
    machine=st.sampled_from(["may-1", "may-2"]),
    procedure=st.sampled_from(["2.000635", "1.004873", OTHER]),
    mode=st.sampled_from([mode.value for mode in Mode]),
    measure=st.sampled_from(sorted(MEASURES)),
)
totals = st.builds(Total, keys, st.integers(1, 50))


def total(measure: str = "visit", value: int = 1, mode: str = "self", procedure: str = "2.000635") -> Total:
    return Total(Key(DAY, "diem-1", "may-1", procedure, mode, measure), value)
