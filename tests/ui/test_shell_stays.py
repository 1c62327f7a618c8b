"""The window can be put away by nobody."""

from ui.gallery import settle


def test_a_minimised_kiosk_comes_back(make_kiosk) -> None:
    kiosk = make_kiosk()
    kiosk.shell.showMinimized()
    settle()
    settle()
    assert not kiosk.shell.isMinimized()
    assert kiosk.shell.isVisible()
