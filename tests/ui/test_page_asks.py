"""A page's question is shown to its last word, or not agreed to."""

import pytest
from house import rule_faults, texts
from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QLabel

from portal.webview.asking import DialogKind, DialogRequest
from ui.gallery import settle
from ui.screens.page_asks import PageAsks

LONG = "Tôi đồng ý nộp lệ phí. " * 100 + "Từ cuối cùng."


def shown(kiosk, request: DialogRequest) -> set[str]:
    kiosk.tap("Chạm để bắt đầu")
    PageAsks(kiosk.look, kiosk.shell).open(request)
    settle()
    assert rule_faults(kiosk.shell) == []
    return set(texts(kiosk.shell))


def test_a_long_question_is_shown_whole(make_kiosk) -> None:
    said = shown(make_kiosk(), DialogRequest(DialogKind.CONFIRM, LONG))
    assert any(text.endswith("Từ cuối cùng.") for text in said)
    assert {"Đồng ý", "Không"} <= said


@pytest.mark.parametrize("kind", [DialogKind.CONFIRM, DialogKind.PROMPT])
def test_what_is_not_shown_whole_can_only_be_refused(make_kiosk, kind: DialogKind) -> None:
    kiosk = make_kiosk()
    said = shown(kiosk, DialogRequest(kind, LONG, cut=True))
    assert kiosk.say("ui.page_asks.cut") in said
    assert "Không" in said and "Đồng ý" not in said


def test_a_word_longer_than_the_card_breaks(make_kiosk) -> None:
    kiosk = make_kiosk()
    word = "https://dichvucong.gov.vn/" + "tra_cuu/" * 40
    shown(kiosk, DialogRequest(DialogKind.ALERT, word))
    said = next(one for one in kiosk.shell.findChildren(QLabel) if one.text().replace("\u200b", "") == word)
    room, wrap = QRect(QPoint(), QSize(said.width(), 100_000)), Qt.TextFlag.TextWordWrap
    lines = QFontMetrics(said.font()).boundingRect(room, wrap, said.text())
    assert lines.width() <= said.width() and said.height() >= lines.height()
