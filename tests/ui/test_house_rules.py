"""Every screen, in every language, size of text, colours and shape, keeps the rules of the house."""

from typing import NamedTuple

import pytest
from house import button, on_window, rule_faults
from house_pixels import pixel_faults

from kioskcore.visit import State
from ui.gallery import SHAPES, SHOTS, Shape, Stage, settle
from ui.scan_desk import Phase
from ui.screens.base import Screen
from ui.screens.guide import GuideScreen, Part
from ui.screens.scan import ScanScreen
from ui.theme import TextSize

NARROW, HIGH, *WIDE = SHAPES
LOOKS = [
    *((NARROW, size, "vi") for size in TextSize),
    *((NARROW, size, "en") for size in (TextSize.LARGE, TextSize.HUGE)),
    (HIGH, TextSize.NORMAL, "vi"),
    (HIGH, TextSize.HUGE, "en"),
    *((shape, size, "vi") for shape, size in zip(WIDE, (TextSize.LARGE, TextSize.HUGE), strict=True)),
]
"""Everything where the room is scarcest; elsewhere the ends."""
PAINTED = {(NARROW, TextSize.NORMAL, "vi"): False, (HIGH, TextSize.HUGE, "en"): True}
"""Looks whose pixels are read too; True: in strong colours."""


class Place(NamedTuple):
    state: State
    screen: type[Screen]
    page: object


PLACES: dict[str, Place] = {}
"""What each shot showed, once it was walked."""


def walk(stage_at, name: str) -> Stage:
    stage = stage_at(name)
    shown = stage.shell.screen_now
    PLACES[name] = Place(stage.visit.state, type(shown), shown.page_now())
    return stage


@pytest.mark.parametrize("name", SHOTS)
def test_every_screen_keeps_the_rules(stage_at, name: str) -> None:
    """Everything is changed while the screen stands: it must not lose its place."""
    stage = walk(stage_at, name)
    state = stage.visit.state
    faults = []
    for look in LOOKS:
        stage.dress(*look, strong=PAINTED.get(look, False))
        settle(stage)
        found = rule_faults(stage.shell)
        if look in PAINTED:
            found += pixel_faults(stage.shell)
        faults += [f"{name} {' '.join(map(str, look))}: {fault}" for fault in found]
        assert stage.visit.state is state
    assert not faults, "\n".join(faults)


def _kinds(kind: type) -> set[type]:
    return {one for below in kind.__subclasses__() for one in (below, *_kinds(below))}


def test_every_screen_and_state_has_a_shot(stage_at) -> None:
    """A screen that no shot shows would be held against no rule: it fails here until the gallery has it."""
    for name in SHOTS.keys() - PLACES.keys():
        walk(stage_at, name).close()
    places = PLACES.values()
    assert {place.state for place in places} == set(State)
    screens = {kind for kind in _kinds(Screen) if kind.__module__.startswith("ui.")}
    assert {place.screen for place in places} == screens
    assert {place.page.part for place in places if place.screen is GuideScreen} == set(Part)
    assert {place.page[0] for place in places if place.screen is ScanScreen} == set(Phase)


def test_help_never_moves(stage_at) -> None:
    looks = ((NARROW, TextSize.NORMAL), (NARROW, TextSize.HUGE), (HIGH, TextSize.NORMAL))
    places: dict[tuple[Shape, TextSize], set[tuple[int, int]]] = {look: set() for look in looks}
    screens = ("02-choose", "04-guide-about", "08-scan-place", "16-portal", "22-finish")
    for name in ("01-waiting", *screens, "24-ending", "25-out-of-service"):
        stage = stage_at(name)
        for look, seen in places.items():
            stage.dress(*look, "vi")
            settle(stage)
            place = on_window(stage.shell, button(stage.shell, stage.look.say("ui.help.say")))
            seen.add((place.x(), place.y()))
    assert all(len(seen) == 1 for seen in places.values()), places
