"""Paper through a real print server: what comes out, what goes wrong, and that nothing stays in the spool."""

import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from reportlab.pdfgen.canvas import Canvas

sys.path.insert(0, str(Path(__file__).parent))
from print_server import GENERIC, PrintServer, missing

from kioskcore.config import Print
from kioskcore.errors import KioskError
from kioskcore.paths import PRINTED
from kioskcore.ports import PrintWish
from kioskcore.spool import Printer, unspooled
from kioskcore.visit_process import Leftover, remove_tree

pytestmark = pytest.mark.timeout(60)
SETTINGS = Print(queue="desk")


@pytest.fixture(scope="module")
def server() -> Iterator[PrintServer]:
    lacking = missing() or ([] if GENERIC.exists() else ["cups-filters"])
    if lacking:
        pytest.skip(f"CUPS is not installed: {lacking}")
    with tempfile.TemporaryDirectory(prefix="kiosk-cups-") as name:  # pytest's own shuts CUPS's filters out
        made = PrintServer(Path(name))
        yield made
        made.stop()


@pytest.fixture(autouse=True)
def _clean(server: PrintServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CUPS_SERVER", server.address)
    for name in ("say", "wait", "break"):
        (server.folder / name).unlink(missing_ok=True)
    for file in server.paper.iterdir():
        file.unlink()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / f"visit-{tmp_path.name[-20:]}"
    made.mkdir()
    return made


@pytest.fixture
def pdf(folder: Path) -> Path:
    canvas = Canvas(str(folder / "a.pdf"))
    for number in (1, 2, 3):
        canvas.drawString(100, 700, f"trang {number}")
        canvas.showPage()
    canvas.save()
    return folder / "a.pdf"


def wait(true: Callable[[], object], seconds: float = 20) -> None:
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end
        time.sleep(0.05)


def words_on(paper: Path) -> list[str]:
    """Read back by poppler."""
    done = subprocess.run(["pdftotext", str(paper), "-"], capture_output=True, text=True, check=True)
    return done.stdout.split("\f")[:-1]


def code_of(call: Callable[[], object]) -> str:
    with pytest.raises(KioskError) as told:
        call()
    return told.value.code


def test_the_chosen_pages_come_out_as_often_as_wished(server: PrintServer, folder: Path, pdf: Path) -> None:
    printer = Printer(SETTINGS, folder)
    number = printer.send(PrintWish(pdf, copies=2, pages=(2, 3)))
    wait(lambda: printer.done(number))
    pages = [page.strip() for page in words_on(server.paper / f"{number}.pdf")]
    assert sorted(pages) == ["trang 2", "trang 2", "trang 3", "trang 3"]


def test_the_end_of_a_visit_purges_its_papers_also_those_that_are_out(
    server: PrintServer, folder: Path, pdf: Path
) -> None:
    printer = Printer(SETTINGS, folder)
    done = printer.send(PrintWish(pdf))
    wait(lambda: printer.done(done))
    (server.folder / "wait").touch()
    printing, waiting = printer.send(PrintWish(pdf)), printer.send(PrintWish(pdf))
    assert not printer.done(printing) and not printer.done(waiting)
    assert server.jobs().count(folder.name[:16]) == 3 and len(server.kept()) >= 3  # else nothing is proved
    assert Leftover(folder).wipe(remove_tree, 10)
    assert folder.name[:16] not in server.jobs()
    numbers = [f"d{number:05}-001" for number in (done, printing, waiting)]
    assert not set(numbers) & set(server.kept())
    assert not (server.paper / f"{waiting}.pdf").exists()


def test_a_visit_leaves_other_peoples_papers_alone(
    server: PrintServer, folder: Path, pdf: Path, tmp_path: Path
) -> None:
    (server.folder / "wait").touch()
    other = tmp_path / "visit-other"
    other.mkdir()
    Printer(SETTINGS, other).send(PrintWish(pdf))
    Printer(SETTINGS, folder).send(PrintWish(pdf))
    assert unspooled(folder.name, 10)
    assert "visit-other" in server.jobs()
    assert unspooled("visit-other", 10)


def test_a_print_server_that_is_gone_keeps_the_next_person_out(
    folder: Path, pdf: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    Printer(SETTINGS, folder).send(PrintWish(pdf))
    with monkeypatch.context() as gone:
        gone.setenv("CUPS_SERVER", "/nowhere")
        assert not Leftover(folder).wipe(remove_tree, 1)
        assert (folder / PRINTED).exists()
    assert Leftover(folder).wipe(remove_tree, 10)


def test_a_visit_that_printed_nothing_asks_no_print_server(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CUPS_SERVER", "/nowhere")
    assert Leftover(folder).wipe(remove_tree, 1)


@pytest.mark.parametrize(
    ("reason", "code"),
    [
        ("media-jam-error", "PRINT-JAM"),
        ("media-empty-error", "PRINT-PAPER"),
        ("media-needed", "PRINT-PAPER"),
        ("cover-open-report", "PRINT-COVER"),
        ("door-open-error", "PRINT-COVER"),
        ("toner-empty-error", "PRINT-INK"),
        ("marker-supply-empty-error", "PRINT-INK"),
        ("offline-report", "PRINT-OFFLINE"),
        ("connecting-to-device", "PRINT-OFFLINE"),
    ],
)
def test_what_the_printer_says_is_told_by_its_code(
    server: PrintServer, folder: Path, pdf: Path, reason: str, code: str
) -> None:
    (server.folder / "say").write_text(f"STATE: +{reason}\n", encoding="ascii")
    (server.folder / "wait").touch()
    printer = Printer(SETTINGS, folder)
    number = printer.send(PrintWish(pdf))
    wait(lambda: reason in server.tell("lpstat", "-l", "-p", "desk"))
    assert code_of(lambda: printer.done(number)) == code
    (server.folder / "say").write_text(f"STATE: -{reason}\n", encoding="ascii")
    (server.folder / "wait").unlink()
    after = printer.send(PrintWish(pdf))  # mended: the server's old word must not refuse the next job
    wait(lambda: _comes(printer, number) and _comes(printer, after))
    assert unspooled(folder.name, 10)


def _comes(printer: Printer, number: int) -> bool:
    try:
        return printer.done(number)
    except KioskError:
        return False


def test_a_warning_stops_nobody(server: PrintServer, folder: Path, pdf: Path) -> None:
    (server.folder / "say").write_text("STATE: +toner-low-warning\n", encoding="ascii")
    printer = Printer(SETTINGS, folder)
    number = printer.send(PrintWish(pdf))
    wait(lambda: printer.done(number))
    assert unspooled(folder.name, 10)


def test_a_job_that_the_printer_spoils_has_failed(server: PrintServer, folder: Path, pdf: Path) -> None:
    server.tell("lpadmin", "-p", "desk", "-o", "printer-error-policy=abort-job")
    (server.folder / "break").touch()
    printer = Printer(SETTINGS, folder)
    number = printer.send(PrintWish(pdf))

    def failed() -> bool:
        try:
            printer.done(number)
        except KioskError as fault:
            return fault.code == "PRINT-FAILED"
        return False

    wait(failed)
    assert unspooled(folder.name, 10)


@pytest.mark.parametrize(("command", "undo"), [("cupsreject", "cupsaccept"), ("cupsdisable", "cupsenable")])
def test_a_printer_that_is_stopped_by_hand(
    server: PrintServer, folder: Path, pdf: Path, command: str, undo: str
) -> None:
    server.tell(command, "desk")
    assert code_of(lambda: Printer(SETTINGS, folder).send(PrintWish(pdf))) == "PRINT-STOPPED"
    server.tell(undo, "desk")


def test_no_such_printer_no_server_no_file(folder: Path, pdf: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert code_of(lambda: Printer(Print(queue="ghost"), folder).send(PrintWish(pdf))) == "PRINT-NO-PRINTER"
    assert code_of(lambda: Printer(SETTINGS, folder).send(PrintWish(folder / "none.pdf"))) == "PRINT-FAILED"
    monkeypatch.setenv("CUPS_SERVER", "127.0.0.1:1")
    assert code_of(lambda: Printer(SETTINGS, folder).send(PrintWish(pdf))) == "PRINT-NO-SERVICE"
