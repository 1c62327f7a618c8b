from collections import deque

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kioskcore.visit import OPEN, TABLE, Event, Mode, NotAllowedError, State, Visit


def reachable_from(start: State) -> set[State]:
    seen, queue = {start}, deque([start])
    while queue:
        here = queue.popleft()
        for (state, _), new in TABLE.items():
            if state is here and new not in seen:
                seen.add(new)
                queue.append(new)
    return seen


def test_every_state_is_reachable() -> None:
    assert reachable_from(State.ATTRACT) == set(State)


@pytest.mark.parametrize("state", sorted(OPEN))
def test_every_open_state_leads_to_the_end(state: State) -> None:
    assert State.ENDING in reachable_from(state)


@pytest.mark.parametrize("state", sorted(OPEN))
@pytest.mark.parametrize("event", [Event.LEAVE, Event.IDLE, Event.FAULT])
def test_leave_idle_and_fault_always_end_the_visit(state: State, event: Event) -> None:
    visit = Visit(state=state, guide_code="1.000000", dossier_code="G22-000000-0000")
    visit.fire(event)
    assert visit.state is State.ENDING
    assert visit.end_reason is event
    assert visit.guide_code is None and visit.dossier_code is None


@given(st.lists(st.sampled_from(Event)))
def test_no_walk_lets_two_citizens_meet(walk: list[Event]) -> None:
    """Once a citizen has been in, nobody can begin again in this visit."""
    visit = Visit()
    ended = False
    for event in walk:
        before = visit.state
        try:
            visit.fire(event)
        except NotAllowedError:
            assert visit.state is before
        ended = ended or visit.state is State.ENDING
        if ended:
            assert visit.state is State.ENDING
        assert (event, before) != (Event.TOUCH, State.ATTRACT) or visit.state is State.CHOOSE


@given(st.lists(st.sampled_from([Mode.SELF, Mode.GUIDED, Mode.ON_BEHALF])))
def test_the_most_help_of_the_visit_counts(helps: list[Mode]) -> None:
    visit = Visit()
    for mode in helps:
        visit.helped(mode)
    order = [Mode.SELF, Mode.GUIDED, Mode.ON_BEHALF]
    assert visit.mode is max(helps, key=order.index, default=Mode.SELF)
    visit.practice = True
    assert visit.mode is Mode.PRACTICE


def test_listeners_hear_old_and_new() -> None:
    heard: list[tuple[State, State]] = []
    visit = Visit(listeners=[lambda old, new: heard.append((old, new))])
    visit.fire(Event.TOUCH)
    assert heard == [(State.ATTRACT, State.CHOOSE)]
