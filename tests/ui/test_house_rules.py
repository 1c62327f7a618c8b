"""Every screen, in every language, text size and shape, keeps the rules of the house."""

import pytest
from house import rule_faults

from kioskcore.config import Config
from kioskcore.visit import State
from ui.gallery import SHAPES, SHOTS, Stage, settle
from ui.scan_desk import Phase
from ui.screens.base import Screen
from ui.screens.guide import GuideScreen, Part
from ui.screens.scan import ScanScreen
from ui.theme import TextSize, load_fonts


@pytest.mark.parametrize("shape", SHAPES, ids=str)
@pytest.mark.parametrize("shot", SHOTS)
def test_every_screen_keeps_the_rules(qapp, tmp_path, shot: str, shape: tuple[int, int]) -> None:
    """Language and size are changed while the screen stands: it must not lose its place."""
    load_fonts()
    stage = Stage(Config(), shape, tmp_path, practice=True)
    SHOTS[shot](stage)
    settle()
    faults = []
    state, covered = stage.visit.state, bool(stage.shell.overlays())
    for size in TextSize:
        for language in ("en", "vi"):
            if covered:  # the language buttons lie below the card: it is opened in the new language
                stage.close()
                stage = Stage(Config(), shape, tmp_path, practice=True)
            stage.look.set_text_size(size)
            stage.look.speak(language)
            if covered:
                SHOTS[shot](stage)
            settle(stage)
            faults += [f"{size} {language}: {fault}" for fault in rule_faults(stage.shell)]
            assert stage.visit.state is state
    stage.close()
    assert not faults, "\n".join(faults)


def _kinds(kind: type) -> set[type]:
    return {one for below in kind.__subclasses__() for one in (below, *_kinds(below))}


@pytest.mark.timeout(400)
def test_every_screen_and_state_has_a_shot(qapp, tmp_path) -> None:
    """A screen that no shot shows would be held against no rule: it fails here until the gallery has it."""
    load_fonts()
    states, screens, parts, phases = set(), set(), set(), set()
    for walk in SHOTS.values():
        stage = Stage(Config(), SHAPES[0], tmp_path)
        walk(stage)
        shown = stage.shell.screen_now
        states.add(stage.visit.state)
        screens.add(type(shown))
        if isinstance(shown, GuideScreen):
            parts.add(shown.page_now())
        if isinstance(shown, ScanScreen):
            phases.add(shown.desk.phase)
        stage.close()
    assert states == set(State)
    assert {kind for kind in _kinds(Screen) if kind.__module__.startswith("ui.")} == screens
    assert parts == set(Part)
    assert phases == set(Phase)


def test_help_never_moves(qapp, tmp_path) -> None:
    load_fonts()
    places = set()
    for name in ("02-choose", "04-guide-about", "08-scan-place", "16-portal", "22-finish"):
        stage = Stage(Config(), SHAPES[0], tmp_path)
        SHOTS[name](stage)
        settle()
        from house import _on_window, button

        place = _on_window(stage.shell, button(stage.shell, stage.look.say("ui.help.say")))
        places.add((place.x(), place.y()))
        stage.close()
    assert len(places) == 1
