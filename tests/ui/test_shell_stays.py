"""The window can be put away by nobody, and stands whatever the screen does."""

from house import button

from kioskcore.visit import State
from ui import shell as shell_module
from ui.gallery import settle
from ui.screens_of_machine import Screens


def test_a_minimised_kiosk_comes_back(make_kiosk) -> None:
    kiosk = make_kiosk()
    kiosk.shell.showMinimized()
    settle()
    settle()
    assert not kiosk.shell.isMinimized()
    assert kiosk.shell.isVisible()


def test_sizes_follow_a_screen_that_changes_its_density(make_kiosk, qapp, qtbot, monkeypatch) -> None:
    """A scale is set, another screen is plugged in: the place stays, and millimetres stay millimetres."""
    kiosk = make_kiosk()
    kiosk.tap("Chạm để bắt đầu")
    before = button(kiosk.shell, "Quay lại").height()
    screens = Screens(qapp, kiosk.shell, kiosk.look.config, kiosk.shell.measure_screen)
    monkeypatch.setattr(shell_module, "screen_dpi", lambda *_: 144.0)
    monkeypatch.setattr(screens, "_full", False)
    kiosk.shell.screen().physicalDotsPerInchChanged.emit(144.0)
    qtbot.waitUntil(lambda: kiosk.look.theme.dpi == 144.0)
    settle()
    assert button(kiosk.shell, "Quay lại").height() > before * 1.3
    assert kiosk.visit.state is State.CHOOSE
    screens.close()
    screens.deleteLater()
