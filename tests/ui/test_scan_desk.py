"""The desk of the scan screen: whatever happens in whatever order, it knows what to show."""

from dataclasses import replace
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from kioskcore.errors import KioskError
from kioskcore.ports import Device, DeviceKind, Page, Paper
from ui.scan_desk import Phase, ScanDesk
from ui.scan_papers import Wanted


def page(number: int) -> Page:
    file = Path("/x.png")
    return Page(f"p{number}", file, file, file, file, 210, 297)


def paper(key: str) -> Paper:
    return Paper(key, key, Path("/x.pdf"), 1, 1, Path("/x.png"))


def test_papers_come_one_after_the_other() -> None:
    desk = ScanDesk()
    desk.want([Wanted("a", "A"), Wanted("b", "B", required=False)])
    assert (desk.at, desk.phase) == (0, Phase.PLACE)
    desk.made(paper("a"))
    assert (desk.at, desk.phase) == (1, Phase.PLACE)
    desk.skip()
    assert desk.phase is Phase.LIST
    assert [made.paper_id for made in desk.papers] == ["a"]


def test_coming_back_keeps_what_was_scanned() -> None:
    desk = ScanDesk()
    desk.want([Wanted("a", "A"), Wanted("b", "B")])
    desk.made(paper("a"))
    desk.add_extra("Khác")
    desk.made(paper("extra-1"))
    desk.want([Wanted("a", "A"), Wanted("b", "B")])
    assert [wanted.key for wanted in desk.wanted] == ["a", "b", "extra-1"]
    assert (desk.at, desk.phase) == (1, Phase.PLACE)


def test_each_paper_remembers_how_it_was_scanned() -> None:
    glass, camera = Device("sane:x", DeviceKind.SCANNER, ""), Device("camera:0", DeviceKind.CAMERA, "")
    desk = ScanDesk()
    desk.want([Wanted("a", "A"), Wanted("b", "B")])
    desk.found([glass, camera])
    desk.feed(True)
    desk.started()
    desk.made(paper("a"))
    desk.use(camera)
    desk.feed(False)
    desk.started()
    desk.made(paper("b"))
    desk.open("a")
    assert (desk.device, desk.feeder) == (glass, True)
    desk.open("b")
    assert (desk.device, desk.feeder) == (camera, False)
    desk.found([glass])  # the camera was taken away
    desk.open("a")
    desk.open("b")
    assert desk.device == glass


def test_a_file_whose_paper_was_not_found_is_first_shown_whole() -> None:
    for verdicts, phase in ((("unfound",), Phase.CORNERS), (("cut",), Phase.LOOK)):
        desk = ScanDesk()
        desk.want([Wanted("a", "A")])
        desk.started()
        desk.came(replace(page(1), verdicts=verdicts))
        desk.finished(1)
        assert desk.phase is phase


def test_a_page_cleaned_again_takes_its_old_place() -> None:
    desk = ScanDesk()
    desk.want([Wanted("a", "A")])
    desk.came(page(1))
    desk.came(page(2))
    desk.finished(2)
    again = page(1)
    desk.came(again)
    assert desk.current.pages[0] is again
    assert len(desk.current.pages) == 2


def test_only_new_pages_are_asked_about_one_after_the_other() -> None:
    desk = ScanDesk()
    desk.want([Wanted("a", "A")])
    for number in (1, 2, 3):
        desk.came(page(number))
    desk.finished(3)
    for at in (0, 1, 2):
        assert (desk.phase, desk.looking_at) == (Phase.LOOK, at)
        desk.good()
    assert desk.phase is Phase.MORE
    desk.look_at(0)
    desk.good()
    assert desk.phase is Phase.MORE
    desk.look_at(1)
    desk.redo()
    desk.came(page(4))
    desk.finished(1)
    assert (desk.phase, desk.looking_at) == (Phase.LOOK, 1)
    desk.good()
    assert desk.phase is Phase.MORE
    assert [each.page_id for each in desk.current.pages] == ["p1", "p4", "p3"]
    assert desk.current.aside[-1].old
    desk.look_at(2)
    desk.sort()
    desk.split("B")
    assert desk.parted is desk.wanted[-1]
    desk.sort()
    assert desk.parted is None


def test_a_blank_page_that_was_kept_stays_when_one_before_it_is_scanned_again() -> None:
    desk = ScanDesk()
    kept = replace(page(2), verdicts=("blank",))
    desk.want([Wanted("a", "A", pages=[page(1), kept])])
    desk.look_at(0)
    desk.redo()
    for each in (page(3), replace(page(4), verdicts=("blank",))):
        desk.came(each)
    desk.finished(2)
    assert [each.page_id for each in desk.current.pages] == ["p3", "p2"]
    assert (desk.looking_at, desk.last_new) == (0, 0)


def test_each_part_of_a_paper_knows_its_pages() -> None:
    desk = ScanDesk()
    desk.want([Wanted("a", "A", pages=[page(1), page(2), page(3)])])
    second = replace(paper("a-part2"), pages=2)
    desk.made(replace(paper("a"), rest=(second,)))
    assert desk.papers == [desk.wanted[0].paper, second]
    assert [[each.page_id for each in desk.wanted[0].pages_of(part)] for part in desk.papers] == [
        ["p1"],
        ["p2", "p3"],
    ]
    assert desk.wanted[0].made(second) and not desk.wanted[0].made(replace(second))
    desk.made(paper("a"))
    assert len(desk.wanted[0].pages_of(desk.papers[0])) == 3


PLAIN = ["skip", "good", "redo", "making", "recover", "back", "merge", "bring_back", "place_more", "sort"]
TOLD = ["want", "made", "came", "blank", "finished", "drop", "failed", "extra", "remove", "open"]
PAGES = ["split", "move", "restore", "look"]
ACTS = st.lists(st.sampled_from(PLAIN + TOLD + PAGES), max_size=40)


@given(ACTS)
def test_no_order_of_events_breaks_the_desk(acts: list[str]) -> None:
    desk = ScanDesk()
    desk.want([Wanted("a", "A"), Wanted("b", "B", required=False)])
    came: list[str] = []
    for number, act in enumerate(acts):
        if act in ("came", "blank"):
            came.append(f"p{number}")
        if not desk.wanted or (desk.at >= len(desk.wanted)):
            raise AssertionError("lost its paper")
        match act:
            case "want":
                desk.want([Wanted("a", "A"), Wanted("b", "B", required=False)])
            case "made":
                desk.made(paper(desk.current.key))
            case "came":
                desk.came(page(number))
            case "blank":
                desk.came(replace(page(number), verdicts=("blank",)))
            case "split":
                desk.split("Y")
            case "move":
                desk.move(-1 if number % 2 else 1)
            case "restore":
                desk.restore(desk.wanted[-1].key)
            case "look" if desk.current.pages:
                desk.look_at(number % len(desk.current.pages))
            case "look":
                pass
            case "finished":
                desk.finished(min(1, len(desk.current.pages)))
            case "failed":
                desk.failed(KioskError("SCAN-IO"))
            case "extra":
                desk.add_extra("X")
            case "remove":
                desk.remove(desk.wanted[-1].key)
            case "open":
                desk.open(desk.wanted[-1].key)
            case "drop":
                desk.drop_page()
            case _:
                getattr(desk, act)()
        if desk.phase is Phase.LOOK:
            assert desk.page is not None
        if desk.phase is Phase.MORE:
            assert desk.current.pages
        assert desk.at < len(desk.wanted)
        here = [held.page_id for wanted in desk.wanted for held in wanted.pages]
        here += [gone.page.page_id for wanted in desk.wanted for gone in wanted.aside]
        assert sorted(here) == sorted(came)  # whatever is done, a page that came can be had again


def test_a_machine_found_again_is_known_as_it_is_now() -> None:
    """Its feeder may have been switched on meanwhile."""
    desk = ScanDesk()
    desk.found([Device("folder:/x", DeviceKind.FOLDER, "x"), Device("sane:1", DeviceKind.SCANNER, "y")])
    desk.use(desk.devices[1])
    desk.found([Device("folder:/x", DeviceKind.FOLDER, "x"), Device("sane:1", DeviceKind.SCANNER, "y", True)])
    assert desk.device is desk.devices[1]
    assert desk.glass_or_feeder
    desk.found([])
    assert desk.device is None
