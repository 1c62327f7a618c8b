"""Check before the portal: what was ticked, answered and scanned stands there, and each can be changed."""

from house import texts
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from kioskcore.visit import State
from ui.gallery import settle
from ui.widgets.buttons import ActionButton


def to_check(kiosk) -> None:
    for words in (
        "Chạm để bắt đầu",
        "Giấy khai sinh, hộ tịch",
        "Bản sao giấy khai sinh, trích lục hộ tịch",
        "Đi tiếp",
    ):
        kiosk.tap(words)
    QTest.mouseClick(paper(kiosk, "Thẻ căn cước"), Qt.MouseButton.LeftButton)
    kiosk.tap("Đi tiếp")
    questions = kiosk.flow.guide.guide.questions
    kiosk.tap(f"Không. {questions[0].text}")
    for _ in questions:
        kiosk.tap("Đi tiếp")
    kiosk.tap("Tôi không cần quét giấy")


def paper(kiosk, title: str) -> ActionButton:
    return next(b for b in kiosk.shell.findChildren(ActionButton) if b.text() == title and b.isVisible())


def shows(kiosk, words: str) -> bool:
    return any(words in text for text in texts(kiosk.shell))


def test_what_the_person_did_stands_there(make_kiosk) -> None:
    kiosk = make_kiosk()
    to_check(kiosk)
    question = kiosk.flow.guide.guide.questions[0]
    assert shows(kiosk, "Bước 3 trong 5: Xem lại trước khi nộp")
    assert shows(kiosk, "Bản sao giấy khai sinh") and shows(kiosk, "Đã mang: Thẻ căn cước")
    assert shows(kiosk, f"{question.text} Không.") and shows(kiosk, question.fetch)
    assert shows(kiosk, "Bác chưa quét giấy nào.")
    assert kiosk.visit.state is State.GUIDE
    kiosk.tap("Sang trang nộp")
    assert kiosk.visit.state is State.PORTAL


def test_a_change_leads_there_and_straight_back(make_kiosk) -> None:
    kiosk = make_kiosk()
    to_check(kiosk)
    kiosk.tap("Đổi. Chuẩn bị")
    question = kiosk.flow.guide.guide.questions[0]
    kiosk.tap(f"Có. {question.text}")
    for _ in kiosk.flow.guide.guide.questions[1:]:
        kiosk.tap("Đi tiếp")
    kiosk.tap("Xong, xem lại")
    assert shows(kiosk, f"{question.text} Có.") and not shows(kiosk, question.fetch)
    kiosk.tap("Đổi. Giấy mang theo")
    kiosk.tap("Quay lại")
    assert shows(kiosk, "Mọi thứ đã đúng chưa?")


def test_papers_are_scanned_after_all(make_kiosk, qtbot) -> None:
    kiosk = make_kiosk()
    to_check(kiosk)
    kiosk.tap("Đổi. Giấy đã quét")
    assert kiosk.visit.state is State.SCAN
    kiosk.tap("Tôi không có giấy này")
    kiosk.tap("Đi tiếp")
    kiosk.tap("Đổi. Giấy đã quét")
    assert kiosk.visit.state is State.SCAN and shows(kiosk, "Bác xem lại các giấy đã quét")
    kiosk.tap("Đi tiếp")
    kiosk.tap("Đổi. Việc cần làm")
    assert kiosk.visit.state is State.CHOOSE


def test_back_and_language_lose_nothing(make_kiosk) -> None:
    kiosk = make_kiosk()
    to_check(kiosk)
    kiosk.look.speak("en")
    settle()
    assert shows(kiosk, "Check before filing")
    kiosk.look.speak("vi")
    settle()
    kiosk.tap("Quay lại")
    assert shows(kiosk, "Máy sẽ chỉ bác từng bước này")


def test_from_the_portal_more_papers_lead_straight_back(make_kiosk) -> None:
    kiosk = make_kiosk()
    to_check(kiosk)
    kiosk.tap("Sang trang nộp")
    kiosk.tap("Quét thêm giấy")
    kiosk.tap("Đi tiếp")
    assert kiosk.visit.state is State.PORTAL


def test_back_from_the_portal_leads_by_the_check_and_forward_again_too(make_kiosk) -> None:
    kiosk = make_kiosk()
    to_check(kiosk)
    for _ in range(2):
        kiosk.tap("Sang trang nộp")
        kiosk.tap("Quay lại")
        assert shows(kiosk, "Mọi thứ đã đúng chưa?")
    kiosk.tap("Quay lại")
    assert shows(kiosk, "Máy sẽ chỉ bác từng bước này")
    kiosk.tap("Tôi không cần quét giấy")
    assert shows(kiosk, "Mọi thứ đã đúng chưa?")
    assert kiosk.visit.state is State.GUIDE


def test_back_from_the_portal_comes_by_the_papers_that_were_scanned(make_kiosk) -> None:
    kiosk = make_kiosk()
    to_check(kiosk)
    kiosk.tap("Đổi. Giấy đã quét")
    kiosk.tap("Tôi không có giấy này")
    kiosk.tap("Đi tiếp")
    kiosk.tap("Sang trang nộp")
    kiosk.tap("Quay lại")
    assert shows(kiosk, "Mọi thứ đã đúng chưa?")
    kiosk.tap("Quay lại")
    assert kiosk.visit.state is State.SCAN and shows(kiosk, "Bác xem lại các giấy đã quét")
    kiosk.tap("Đi tiếp")
    assert shows(kiosk, "Mọi thứ đã đúng chưa?")
    kiosk.tap("Sang trang nộp")
    assert kiosk.visit.state is State.PORTAL
