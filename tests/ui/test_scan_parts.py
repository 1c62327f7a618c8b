"""A paper over the site's limit: the kiosk offers to make several files, and the upload gets them all."""

from types import SimpleNamespace

from house import button, rule_faults, texts
from test_scan_pages import CARD, scanned

from ui.scan_desk import Phase
from ui.screens.chooser import UploadChooser


def too_big(kiosk, qtbot, pages: int = 2) -> None:
    scanned(kiosk, qtbot, pages)
    kiosk.tap("Hết trang rồi")
    qtbot.waitUntil(lambda: kiosk.flow.scan.desk.phase is Phase.FAULT)


def test_a_paper_too_big_is_made_in_parts_with_clear_names(make_kiosk, qtbot) -> None:
    kiosk = make_kiosk([2])
    kiosk.scan.too_big = "whole"
    too_big(kiosk, qtbot)
    assert rule_faults(kiosk.shell) == []
    first = kiosk.flow.scan.desk.current
    kiosk.tap("Chia thành nhiều phần")
    qtbot.waitUntil(lambda: first.paper is not None)
    papers = kiosk.flow.scan.papers
    assert [paper.title for paper in papers] == [f"{first.title} (phần 1)", f"{first.title} (phần 2)"]
    assert len({paper.paper_id for paper in papers}) == 2
    kiosk.flow.scan.desk.phase = Phase.LIST
    kiosk.flow.scan.redraw()
    assert any("2 trang" in text and text.endswith("chia làm 2 phần") for text in texts(kiosk.shell))
    assert rule_faults(kiosk.shell) == []

    shelf = SimpleNamespace(papers=lambda limit: papers)
    chooser = UploadChooser(kiosk.flow.look, kiosk.shell, shelf)
    chooser.open(SimpleNamespace(accept=(), multiple=True, max_bytes=0))
    for paper in papers:
        button(kiosk.shell, paper.title).click()
    assert list(chooser._ticked.values()) == [paper.file for paper in papers]
    chooser.close()


def test_parts_that_are_too_big_as_well_are_not_offered_for_ever(make_kiosk, qtbot) -> None:
    kiosk = make_kiosk([2])
    kiosk.scan.too_big = "in parts too"
    too_big(kiosk, qtbot)
    kiosk.tap("Chia thành nhiều phần")
    qtbot.waitUntil(lambda: kiosk.flow.scan.desk.phase is Phase.FAULT)
    assert not kiosk.flow.scan.desk.can_part
    assert len(kiosk.flow.scan.desk.current.pages) == 2


def test_a_page_that_is_too_big_alone_is_named_and_looked_at(make_kiosk, qtbot) -> None:
    kiosk = make_kiosk([2])
    kiosk.scan.too_big = "one page"
    too_big(kiosk, qtbot)
    assert any("riêng trang 2 phải nặng tới 7 MB" in text for text in texts(kiosk.shell))
    assert rule_faults(kiosk.shell) == []
    kiosk.tap("Xem lại trang 2")
    desk = kiosk.flow.scan.desk
    assert (desk.phase, desk.looking_at, len(desk.current.pages)) == (Phase.LOOK, 1, 2)


def test_one_page_and_a_card_cannot_be_parted(make_kiosk, qtbot) -> None:
    kiosk = make_kiosk([1])
    kiosk.scan.too_big = "whole"
    too_big(kiosk, qtbot, 1)
    assert not kiosk.flow.scan.desk.can_part
    kiosk = make_kiosk([2])
    kiosk.scan.too_big, kiosk.scan.sizes = "whole", [CARD, CARD]
    too_big(kiosk, qtbot)
    assert not kiosk.flow.scan.desk.can_part
