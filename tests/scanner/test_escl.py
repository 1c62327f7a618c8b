"""Against a network scanner of our own on loopback that misbehaves in every way we could think of."""

import hashlib
import shutil
import ssl
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PIL import Image

from kioskcore.config import Scan
from kioskcore.errors import KioskError
from kioskcore.ports import ColourMode, ScanJob
from scanner.backends.escl import EsclBackend
from scanner.backends.escl_wire import read_address
from tests.scanner.desk import Desk
from tests.scanner.printer import FEEDER, GLASS, Printer, free_port, running, wanted

Make = Callable[..., Desk]


@pytest.fixture(autouse=True)
def short_patience(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, seconds in (
        ("ASK_SECONDS", 1.0),
        ("BUSY_SECONDS", 0.3),
        ("_AGAIN_SECONDS", 0.05),
        ("PAGE_SHARE", 0.2),
    ):
        monkeypatch.setattr(f"scanner.backends.escl.{name}", seconds)


@pytest.fixture
def printer() -> Iterator[Printer]:
    with running(Printer()) as made:
        yield made


@pytest.fixture
def escl() -> EsclBackend:
    return EsclBackend(Scan(escl_search=False, deadline_seconds=5))


def scan(escl: EsclBackend, printer: Printer, folder: Path, **job: object) -> list[tuple[int, int]]:
    """Width and height of the pages that came; nothing is left in the folder."""
    sizes: list[tuple[int, int]] = []

    def on_page(file: Path) -> None:
        with Image.open(file) as picture:
            picture.load()
            sizes.append(picture.size)
        file.unlink()

    try:
        escl.scan(
            ScanJob(f"escl:{printer.url}", **{"dpi": 75, **job}), folder, on_page, lambda fraction: None
        )
    finally:
        assert list(folder.iterdir()) == []
        printer.came = sizes  # type: ignore[attr-defined]
    return sizes


def code_of(escl: EsclBackend, printer: Printer, folder: Path, **job: object) -> str:
    with pytest.raises(KioskError) as caught:
        scan(escl, printer, folder, **job)
    return caught.value.code


def test_the_fixed_device_is_found_with_all_it_can_do(printer: Printer) -> None:
    escl = EsclBackend(Scan(escl_search=False, escl_devices=(printer.url,)))
    assert escl.probe().ok
    (device,) = escl.devices()
    assert device.source == f"escl:{printer.url}"
    assert (device.name, device.flatbed, device.feeder, device.duplex) == ("Trial 1", True, True, True)


def test_a_device_that_is_switched_off_is_not_offered() -> None:
    escl = EsclBackend(Scan(escl_search=False, escl_devices=(f"http://127.0.0.1:{free_port()}/eSCL",)))
    assert escl.devices() == []


def test_without_address_and_search_there_is_nothing(escl: EsclBackend) -> None:
    assert (escl.probe().ok, escl.probe().code) == (False, "SCAN-NO-DEVICE")
    assert escl.devices() == []


@pytest.mark.parametrize(
    ("size", "dpi", "pixels"),
    [
        ("A4", 75, (620, 877)),
        ("A5", 200, (1748, 2480)),
        ("auto", 75, (637, 877)),
        ("ID-1", 300, (1748, 1240)),
    ],
)
def test_one_page_of_the_glass(
    escl: EsclBackend, printer: Printer, tmp_path: Path, size: str, dpi: int, pixels: tuple[int, int]
) -> None:
    (got,) = scan(escl, printer, tmp_path, page_size=size, dpi=dpi)
    assert got == pytest.approx(pixels, abs=1)
    assert printer.deleted == ["/eSCL/ScanJobs/1"]


def test_three_sheets_of_the_feeder_both_sides(escl: EsclBackend, printer: Printer, tmp_path: Path) -> None:
    printer.script = ["busy", "page", "busy", "busy", "page", "page"]
    assert len(scan(escl, printer, tmp_path, feeder=True, duplex=True, mode=ColourMode.GREY)) == 3
    settings = printer.settings[0]
    told = {
        name: wanted(settings, name) for name in ("InputSource", "Duplex", "ColorMode", "DocumentFormatExt")
    }
    assert told == {
        "InputSource": "Feeder",
        "Duplex": "true",
        "ColorMode": "Grayscale8",
        "DocumentFormatExt": "image/jpeg",
    }
    assert printer.deleted == []


def test_glass_or_feeder_is_the_persons_choice(escl: EsclBackend, printer: Printer, tmp_path: Path) -> None:
    scan(escl, printer, tmp_path, feeder=False)
    printer.script = ["page", "page"]
    assert len(scan(escl, printer, tmp_path, feeder=True)) == 2
    assert [wanted(settings, "InputSource") for settings in printer.settings] == ["Platen", "Feeder"]


def test_a_device_without_glass_takes_from_its_feeder(
    escl: EsclBackend, printer: Printer, tmp_path: Path
) -> None:
    printer.inputs, printer.script = FEEDER, ["page", "page"]
    assert len(scan(escl, printer, tmp_path, feeder=False)) == 2
    assert wanted(printer.settings[0], "InputSource") == "Feeder"


@pytest.mark.parametrize("job", [{"feeder": True}, {"feeder": True, "duplex": True}])
def test_a_glass_cannot_feed(
    escl: EsclBackend, printer: Printer, tmp_path: Path, job: dict[str, bool]
) -> None:
    printer.inputs = GLASS
    assert code_of(escl, printer, tmp_path, **job) == "SCAN-JOB-INVALID"
    assert printer.settings == []


def test_an_old_device_is_not_told_new_words(escl: EsclBackend, printer: Printer, tmp_path: Path) -> None:
    printer.version = "2.0"
    scan(escl, printer, tmp_path)
    assert wanted(printer.settings[0], "DocumentFormatExt") == ""
    assert wanted(printer.settings[0], "Version") == "2.0"


def test_a_page_that_comes_as_pdf(escl: EsclBackend, printer: Printer, tmp_path: Path) -> None:
    printer.script = ["pdf"]
    assert len(scan(escl, printer, tmp_path)) == 1


@pytest.mark.parametrize(
    ("adf", "code"),
    [
        ("ScannerAdfJam", "SCAN-JAM"),
        ("ScannerAdfMispick", "SCAN-JAM"),
        ("ScannerAdfHatchOpen", "SCAN-COVER"),
        ("ScannerAdfDoorOpen", "SCAN-COVER"),
        ("ScannerAdfEmpty", "SCAN-NO-PAPER"),
        ("ScannerAdfInputTrayFailed", "SCAN-IO"),
    ],
)
def test_a_feeder_that_is_not_ready_is_told_before_it_runs(
    escl: EsclBackend, printer: Printer, tmp_path: Path, adf: str, code: str
) -> None:
    printer.adf = adf
    assert code_of(escl, printer, tmp_path, feeder=True) == code
    assert printer.settings == []
    scan(escl, printer, tmp_path)  # the glass does not care


@pytest.mark.parametrize(
    ("script", "code", "pages"),
    [
        (["page", "jam"], "SCAN-JAM", 1),
        (["page", "aborted"], "SCAN-IO", 1),
        (["404"], "SCAN-NO-PAPER", 0),
        (["410"], "SCAN-NO-PAPER", 0),
        (["page", "500"], "SCAN-IO", 1),
        (["page", "409"], "SCAN-IO", 1),
        (["403"], "SCAN-DENIED", 0),
        (["page", "truncated"], "SCAN-IO", 1),
        (["page", "short"], "SCAN-IO", 1),
        (["page", "endless"], "SCAN-IO", 1),
        (["page", "drip"], "SCAN-TIMEOUT", 1),
        (["page", "hang"], "SCAN-TIMEOUT", 1),
        (["busy"] * 200, "SCAN-TIMEOUT", 0),
    ],
    ids=lambda value: value if isinstance(value, str) else None,
)
def test_faults_in_a_job_end_in_their_code_and_keep_the_pages(
    escl: EsclBackend,
    printer: Printer,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    script: list[str],
    code: str,
    pages: int,
) -> None:
    monkeypatch.setattr("scanner.backends.escl.PAGE_BYTES", 8_000_000)
    printer.script = script
    start = time.monotonic()
    assert code_of(escl, printer, tmp_path, feeder=True) == code
    assert time.monotonic() - start < 4
    assert len(printer.came) == pages  # type: ignore[attr-defined]
    assert printer.deleted == ["/eSCL/ScanJobs/1"]


@pytest.mark.parametrize(
    ("posts", "code"),
    [
        ([503] * 99, "SCAN-BUSY"),
        ([409], "SCAN-IO"),
        ([401], "SCAN-DENIED"),
        ([404], "SCAN-NO-DEVICE"),
        ([500], "SCAN-IO"),
    ],
)
def test_a_job_that_is_refused(
    escl: EsclBackend, printer: Printer, tmp_path: Path, posts: list[int], code: str
) -> None:
    printer.posts = posts
    assert code_of(escl, printer, tmp_path) == code


def test_a_scanner_that_is_busy_for_a_moment_is_asked_again(
    escl: EsclBackend, printer: Printer, tmp_path: Path
) -> None:
    printer.posts = [503, 503]
    assert len(scan(escl, printer, tmp_path)) == 1


@pytest.mark.parametrize(
    "place", ["", "http://", "/eSCL/Scan Jobs/1", "http://[x/eSCL/ScanJobs/1", "/\r\nX: y"]
)
def test_a_job_without_a_sound_address(
    escl: EsclBackend, printer: Printer, tmp_path: Path, place: str
) -> None:
    printer.location = place
    assert code_of(escl, printer, tmp_path) == "SCAN-IO"


def test_a_job_address_never_leads_to_another_host(
    escl: EsclBackend, printer: Printer, tmp_path: Path
) -> None:
    printer.location = "http://203.0.113.9:1/eSCL/ScanJobs/{job}"
    assert len(scan(escl, printer, tmp_path)) == 1


BOMB = b"""<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]>
<scan:ScannerCapabilities xmlns:scan="http://schemas.hp.com/imaging/escl/2011/05/03">&b;</scan:ScannerCapabilities>"""


@pytest.mark.parametrize(
    "text",
    [
        b"<scan:ScannerCapabilities",
        b"<a/>",
        b"\x00\xff\xfe",
        BOMB,
        BOMB.decode().encode("utf-16"),
        b"<ScannerCapabilities/>",
        b"<?xml version='1.0' encoding='nonsense'?><ScannerCapabilities/>",
        b"<ScannerCapabilities>" + b"<a>" * 100_000,
        b"<ScannerCapabilities>" + b" " * 1_100_000 + b"</ScannerCapabilities>",
    ],
    ids=["half", "other", "bytes", "bomb", "bomb in utf-16", "empty", "encoding", "deep", "long"],
)
def test_capabilities_that_are_none(escl: EsclBackend, printer: Printer, tmp_path: Path, text: bytes) -> None:
    printer.capabilities = text
    assert code_of(escl, printer, tmp_path) == "SCAN-IO"


@pytest.mark.parametrize("status", [b"<scan:Scanner", 500])
def test_a_status_that_cannot_be_read(
    escl: EsclBackend, printer: Printer, tmp_path: Path, status: bytes | int
) -> None:
    printer.status = status
    assert code_of(escl, printer, tmp_path, feeder=True) == "SCAN-IO"


@pytest.mark.parametrize("act", ["drip", "hang", "busy"])
def test_cancel_cuts_the_line_and_ends_the_job(
    printer: Printer, tmp_path: Path, act: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("scanner.backends.escl.PAGE_SHARE", 1.0)
    escl = EsclBackend(Scan(escl_search=False))
    printer.script = [act] * 500
    threading.Timer(0.3, escl.cancel).start()
    start = time.monotonic()
    assert code_of(escl, printer, tmp_path) == "SCAN-CANCELLED"
    assert time.monotonic() - start < 1.5
    assert printer.deleted == ["/eSCL/ScanJobs/1"]
    printer.script = ["page"]
    assert len(scan(escl, printer, tmp_path)) == 1


def test_a_spoilt_page_does_not_cost_the_others(make_desk: Make, printer: Printer) -> None:
    printer.script = ["page", "broken", "html", "page"]
    desk = make_desk(sources=["escl"])
    desk.service.scan(ScanJob(f"escl:{printer.url}", dpi=75, feeder=True))
    assert desk.heard.until("failed").code == "IMAGE-UNREADABLE"
    assert len(desk.heard.all("page")) == 2
    assert desk.files(".part") == []


def test_an_interrupted_job_through_the_child(make_desk: Make, printer: Printer) -> None:
    printer.script = ["page", "drip"]
    desk = make_desk(sources=["escl"], deadline_seconds=20)
    desk.service.scan(ScanJob(f"escl:{printer.url}", dpi=75, feeder=True))
    desk.heard.until("page")
    desk.service.cancel()
    assert desk.heard.until("failed").code == "SCAN-CANCELLED"
    assert printer.deleted == ["/eSCL/ScanJobs/1"]


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Key and certificate as a printer makes them for itself."""
    folder = tmp_path_factory.mktemp("tls")
    if shutil.which("openssl") is None:
        pytest.skip("openssl is not installed")
    words = ["-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "1"]
    places = ["-subj", "/CN=printer", "-keyout", str(folder / "key"), "-out", str(folder / "crt")]
    subprocess.run(["openssl", "req", *words, *places], check=True, capture_output=True)
    both = folder / "both.pem"
    both.write_bytes((folder / "key").read_bytes() + (folder / "crt").read_bytes())
    return both


def test_the_certificate_a_printer_made_for_itself(
    escl: EsclBackend, tmp_path: Path, certificate: Path
) -> None:
    with running(Printer(), certificate) as printer:
        assert len(scan(escl, printer, tmp_path)) == 1


def test_only_the_certificate_that_was_named(escl: EsclBackend, tmp_path: Path, certificate: Path) -> None:
    text = certificate.read_text()
    pem = text[text.index("-----BEGIN CERTIFICATE") :]
    pin = hashlib.sha256(ssl.PEM_cert_to_DER_cert(pem)).hexdigest()
    with running(Printer(), certificate) as printer:
        plain = printer.url
        printer.url = f"{plain}#sha256={pin}"
        assert len(scan(escl, printer, tmp_path)) == 1
        printer.script, printer.url = ["page"], f"{plain}#sha256={'0' * 64}"
        assert code_of(escl, printer, tmp_path) == "SCAN-UNTRUSTED"
        assert EsclBackend(Scan(escl_search=False, escl_devices=(printer.url,))).devices() == []


def test_tls_to_a_plain_port_is_refused(escl: EsclBackend, printer: Printer, tmp_path: Path) -> None:
    printer.url = printer.url.replace("http:", "https:")
    assert code_of(escl, printer, tmp_path) == "SCAN-UNTRUSTED"


def test_nobody_there(escl: EsclBackend, tmp_path: Path) -> None:
    assert code_of(escl, Printer(url=f"http://127.0.0.1:{free_port()}/eSCL"), tmp_path) == "SCAN-NO-DEVICE"


@pytest.mark.parametrize(
    "url",
    [
        "",
        "ftp://10.0.0.1/eSCL",
        "http:///eSCL",
        "http://me:secret@10.0.0.1/eSCL",
        "http://10.0.0.1/eSCL?x=1",
        "http://10.0.0.1/e SCL",
        "http://10.0.0.1:99999/eSCL",
        "http://[::1/eSCL",
        "https://10.0.0.1/eSCL#sha256=12",
        f"http://10.0.0.1/eSCL#sha256={'a' * 64}",
    ],
)
def test_addresses_that_are_none(url: str) -> None:
    with pytest.raises(KioskError) as caught:
        read_address(url)
    assert caught.value.code == "SCAN-JOB-INVALID"


def test_an_address_without_a_path_has_the_usual_one() -> None:
    assert read_address("https://10.0.0.7").path == "/eSCL"
    assert read_address("https://10.0.0.7").port == 443
    assert read_address("http://[fe80::1]:8080/eSCL/").origin == "http://[fe80::1]:8080"
