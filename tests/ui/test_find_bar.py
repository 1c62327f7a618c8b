"""The search on the portal's page, as the person meets it."""

from house import rule_faults, texts
from PySide6.QtWidgets import QLineEdit


def test_a_word_is_looked_for_and_the_bar_goes_again(make_kiosk) -> None:
    kiosk = make_kiosk()
    kiosk.go_to_portal()
    asked: list[tuple[str, bool]] = []

    def find_text(text: str, backward: bool, then) -> None:
        asked.append((text, backward))
        then(*((1, 3) if text == "hộ" else (0, 0)))

    kiosk.browser.find_text = find_text
    kiosk.tap("Tìm chữ trên trang")
    (line,) = [w for w in kiosk.shell.findChildren(QLineEdit) if w.isVisible()]
    assert rule_faults(kiosk.shell) == []
    line.setText("hộ")
    assert "Chỗ 1 trong 3" in texts(kiosk.shell)
    kiosk.tap("Chỗ trước")
    kiosk.tap("Chỗ sau")
    line.setText("xyz")
    assert "Không thấy chữ này" in texts(kiosk.shell)
    kiosk.tap("Đóng ô tìm")
    assert asked == [("hộ", False), ("hộ", True), ("hộ", False), ("xyz", False), ("", False)]
    assert not line.isVisible()
