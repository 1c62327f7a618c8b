import dataclasses

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kioskcore.ports import Measure
from portal.sites import Category
from tests.usage.counting import total, totals
from usage.facts import DETAILS, MEASURES, Total, as_row, from_row, measure_name, minutes_class


@given(totals)
def test_a_row_goes_out_and_comes_back(one: Total) -> None:
    assert from_row(as_row(one)) == one


@pytest.mark.parametrize(
    ("field", "bad"),
    [
        ("procedure", "Nguyễn Thị Mẫu"),
        ("procedure", "2.000635 "),
        ("procedure", "001099000000"),
        ("mode", "boss"),
        ("measure", "visit:2026-03-02T08:15"),
        ("measure", "stopped_at"),
        ("measure", "error:no such code"),
        ("machine", "Máy của cô Lan"),
        ("point", ""),
    ],
)
def test_nothing_about_a_person_can_become_a_key(field: str, bad: str) -> None:
    sound = total()
    with pytest.raises(ValueError, match=f"not countable: {field}$") as caught:
        Total(dataclasses.replace(sound.key, **{field: bad}), 1)
    assert not bad.strip() or bad not in str(caught.value)


@pytest.mark.parametrize("value", [0, -1, 10**10, True, 1.5, "7"])
def test_a_value_is_a_whole_number_of_times(value: object) -> None:
    with pytest.raises(ValueError, match="value"):
        Total(total().key, value)  # type: ignore[arg-type]


@given(st.dictionaries(st.text(max_size=9), st.none() | st.integers() | st.text(max_size=9)))
def test_a_foreign_row_is_refused_by_name(row: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="not countable"):
        from_row(row)


def test_a_row_with_something_added_is_refused() -> None:
    with pytest.raises(ValueError, match="row"):
        from_row({**as_row(total()), "at": "08:15"})


def test_details_only_where_the_list_has_them() -> None:
    assert measure_name(Measure.STOPPED_AT, "scan") == "stopped_at:scan"
    for measure, detail in ((Measure.STOPPED_AT, ""), (Measure.VISIT, "scan"), (Measure.SATISFIED, "4")):
        with pytest.raises(ValueError, match="detail"):
            measure_name(measure, detail)
    assert set(DETAILS) <= set(Measure)
    assert all(len(name) <= 64 for name in MEASURES)


def test_blocked_addresses_are_counted_by_every_category_of_the_portal_room() -> None:
    assert DETAILS[Measure.BLOCKED] == frozenset(Category)


@pytest.mark.parametrize(
    ("seconds", "detail"), [(0, "2"), (120, "2"), (121, "5"), (2400, "40"), (2401, "more")]
)
def test_minutes_fall_in_classes(seconds: float, detail: str) -> None:
    assert minutes_class(seconds) == detail
    assert measure_name(Measure.MINUTES, detail)
