"""The waiting screen: its drawings tell the task in half a minute; colours and sizes are at hand."""

from house import button, rule_faults, texts
from PySide6.QtCore import QPoint
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel

from kioskcore.config import Screen
from kioskcore.visit import Event, State
from ui.gallery import settle
from ui.screens.waiting import SCENES
from ui.theme import CALM, STRONG
from ui.widgets.buttons import ActionButton
from ui.widgets.story import SCENE_MS, Story


def the_story(kiosk) -> Story:
    return next(story for story in kiosk.shell.findChildren(Story) if story.isVisible())


def told(kiosk) -> list[str]:
    keys = [kiosk.say(f"ui.waiting.story.{key}") for key, _, _ in SCENES]
    return [key for key in keys if any(key in text for text in texts(kiosk.shell))]


def test_the_drawings_tell_the_task_in_half_a_minute(make_kiosk) -> None:
    kiosk = make_kiosk()
    assert 20_000 <= SCENE_MS * len(SCENES) <= 30_000
    seen, sizes = [], set()
    for _ in SCENES:
        assert len(told(kiosk)) == 1  # one scene at a time
        assert not rule_faults(kiosk.shell)
        seen += told(kiosk)
        sizes.add((the_story(kiosk).size().toTuple(), the_story(kiosk).pos().toTuple()))
        the_story(kiosk).next()
    assert seen == [kiosk.say(f"ui.waiting.story.{key}") for key, _, _ in SCENES]
    assert told(kiosk) == seen[:1]
    assert len(sizes) == 1  # nothing round them moves


def test_the_scene_changes_by_itself_and_rests_while_nobody_sees_it(make_kiosk, qtbot, monkeypatch) -> None:
    monkeypatch.setattr("ui.widgets.story.SCENE_MS", 30)
    kiosk = make_kiosk()
    qtbot.waitUntil(lambda: told(kiosk) == [kiosk.say("ui.waiting.story.choose")])
    story = the_story(kiosk)
    kiosk.visit.fire(Event.TOUCH)
    at = story.at
    QTest.qWait(120)
    assert story.at == at


def test_a_change_of_language_keeps_the_scene(make_kiosk) -> None:
    kiosk = make_kiosk()
    the_story(kiosk).next()
    kiosk.tap("English")
    assert told(kiosk) == [kiosk.say("ui.waiting.story.choose")]


def test_strong_colours_at_any_moment_and_back(make_kiosk) -> None:
    kiosk = make_kiosk()
    kiosk.tap("Màu đậm")
    assert kiosk.look.theme.colours is STRONG
    assert kiosk.visit.state is State.ATTRACT  # the switch is no touch that begins
    kiosk.tap("Chạm để bắt đầu")
    kiosk.tap("Màu đậm")
    assert kiosk.look.theme.colours is CALM
    assert kiosk.visit.state is State.CHOOSE


def test_a_resting_button_differs_from_a_waking_one_in_strong_colours_too(make_kiosk) -> None:
    kiosk = make_kiosk(screen=Screen(high_contrast=True))
    shown = button(kiosk.shell, "Chạm để bắt đầu")
    plain = ActionButton(kiosk.look, "Quét lại", kind="secondary")
    plain.resize(shown.size())
    awake = dark_pixels(plain)
    plain.setEnabled(False)
    assert dark_pixels(plain) < 0.9 * awake  # its border is dotted, its words are as dark as before


def dark_pixels(widget: ActionButton) -> int:
    image = widget.grab().toImage()
    places = [(x, y) for x in range(image.width()) for y in range(image.height())]
    return sum(image.pixelColor(x, y).lightness() < 110 for x, y in places)


def test_what_can_be_done_is_announced_with_what_it_is_only(make_kiosk) -> None:
    """While the guides are still being read no box stands empty, and nothing jumps when it comes."""
    kiosk = make_kiosk()
    announced, free = kiosk.say("ui.waiting.offers"), kiosk.say("ui.waiting.free")
    before = where(kiosk, free)
    kiosk.flow.waiting.set_offers((), {})
    settle()
    assert announced not in texts(kiosk.shell)
    assert where(kiosk, free) == before
    kiosk.flow.waiting.set_offers(kiosk.flow._library.life_events(), {})
    settle()
    assert announced in texts(kiosk.shell)


def test_help_is_there_before_anybody_has_begun_and_goes_by_itself(make_kiosk, qtbot, monkeypatch) -> None:
    kiosk = make_kiosk()
    monkeypatch.setattr("ui.flow._FORGOTTEN_MS", 300)
    kiosk.tap(kiosk.say("ui.help.say"))
    assert kiosk.visit.state is State.ATTRACT
    assert any(kiosk.say("ui.help.calm") in text for text in texts(kiosk.shell))
    assert kiosk.say("ui.help.guided") not in texts(kiosk.shell)  # there is no visit to be counted so
    assert rule_faults(kiosk.shell) == []
    qtbot.waitUntil(lambda: not kiosk.shell.overlays())
    assert kiosk.say("ui.back") not in texts(kiosk.shell)


def where(kiosk, words: str) -> tuple[int, int]:
    said = next(w for w in kiosk.shell.findChildren(QLabel) if w.isVisible() and w.text() == words)
    return said.mapTo(kiosk.shell, QPoint(0, 0)).toTuple()
