"""What the portal's screen says when an address is not the portal's, or a paper is too heavy for its box."""

import re
from pathlib import Path

import pytest
from house import button, texts
from PySide6.QtCore import Qt, QTimer
from PySide6.QtTest import QTest

from kioskcore.errors import KIND_OF, KioskError
from kioskcore.ports import Paper
from kioskcore.visit import Event
from portal.webview.asking import UploadRequest
from ui.gallery import settle
from ui.screens.chooser import UploadChooser
from ui.widgets.buttons import ActionButton

HEAVY = 2_500_000


def to_portal(kiosk) -> None:
    kiosk.tap("Chạm để bắt đầu")
    kiosk.flow.choose.picked.emit("1.004194")
    settle()
    kiosk.flow.fire(Event.TO_PORTAL)
    settle()


def test_portal_blocked_says_so_and_leads_back(make_kiosk) -> None:
    kiosk = make_kiosk()
    to_portal(kiosk)
    kiosk.browser.blocked.emit("other")
    settle()
    assert any("PORTAL-BLOCKED" in text for text in texts(kiosk.shell))
    assert not kiosk.browser.isVisible()
    kiosk.tap(kiosk.say("ui.portal.to_page"))
    assert not any("PORTAL-BLOCKED" in text for text in texts(kiosk.shell))
    assert kiosk.browser.isVisible()


@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize("code", [code for code in KIND_OF if code.startswith("PORTAL")])
def test_the_words_of_a_fault_name_a_button_that_is_there(make_kiosk, code: str, language: str) -> None:
    kiosk = make_kiosk()
    to_portal(kiosk)
    if language == "en":
        kiosk.tap("English")
    kiosk.browser.failed.emit(code)
    settle()
    shown = {b.text() for b in kiosk.flow.portal.findChildren(ActionButton) if b.isVisible() and b.text()}
    for named in re.findall(r"(?:Bấm|Press) ([^.;,]+)", kiosk.say(f"error.{code}.do")):
        assert any(named.startswith(text) for text in shown), (named, shown)


def test_portal_certificate_leads_home_never_to_the_page(make_kiosk) -> None:
    kiosk = make_kiosk()
    to_portal(kiosk)
    kiosk.browser.failed.emit("PORTAL-CERTIFICATE")
    settle()
    assert any("PORTAL-CERTIFICATE" in text for text in texts(kiosk.shell))
    assert "error:PORTAL-CERTIFICATE" in kiosk.count.names()
    first = kiosk.browser.opened[0]
    kiosk.tap(kiosk.say("ui.portal.to_page"))
    assert kiosk.browser.opened == [first, first]


def test_a_paper_over_the_sites_limit_cannot_be_chosen_and_is_told_why(make_kiosk, tmp_path: Path) -> None:
    kiosk = make_kiosk()
    to_portal(kiosk)
    file = tmp_path / "paper.pdf"
    file.write_bytes(b"%PDF-1.4 made up")
    papers = [
        Paper("light", "Đơn xin", file, 1, 400_000, file),
        Paper("heavy", "Giấy ủy quyền", file, 6, HEAVY, file),
    ]
    chooser = UploadChooser(kiosk.look, kiosk.shell, lambda: papers)
    chooser.open(UploadRequest(("application/pdf",), multiple=False, max_bytes=1_000_000))
    settle()
    heavy, light = button(kiosk.shell, "Giấy ủy quyền"), button(kiosk.shell, "Đơn xin")
    sentence = kiosk.look.error(KioskError("PORTAL-FILE-SIZE", limit_mb="1"))[0]
    assert not heavy.isEnabled() and sentence in heavy.note
    assert light.isEnabled() and sentence not in light.note
    chooser.close()


def test_a_box_for_several_papers_takes_those_that_are_ticked(make_kiosk, tmp_path: Path) -> None:
    kiosk = make_kiosk()
    to_portal(kiosk)
    files = [tmp_path / f"{number}.pdf" for number in range(3)]
    papers = [Paper(str(n), f"Giấy số {n}", file, 1, 1000, file) for n, file in enumerate(files)]
    chooser = UploadChooser(kiosk.look, kiosk.shell, lambda: papers)
    seen: list[bool] = []

    def tile(number: int) -> ActionButton:
        found = kiosk.shell.findChildren(ActionButton)
        return next(one for one in found if one.property("paper_id") == str(number) and one.isVisible())

    def tap() -> None:  # while `choose` waits
        seen.append(button(kiosk.shell, "Gửi các giấy đã chọn").isEnabled())
        for number in (2, 0, 1, 1):
            QTest.mouseClick(tile(number), Qt.MouseButton.LeftButton)
        kiosk.tap("Gửi các giấy đã chọn")

    QTimer.singleShot(200, tap)
    assert chooser.choose(UploadRequest((".pdf",), multiple=True)) == [files[2], files[0]]
    assert seen == [False]  # with nothing chosen there is nothing to send
