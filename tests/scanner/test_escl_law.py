"""Our eSCL client and our trial scanner, held against the public description, not against each other."""

import http.client
import itertools
from collections.abc import Iterator
from urllib.parse import urlsplit
from xml.etree.ElementTree import fromstring

import pytest

from kioskcore.ports import ColourMode, ScanJob
from scanner.backends.escl_xml import read_capabilities, write_settings
from tests.scanner.escl_law import CAPABILITIES, PWG, SCAN, SETTINGS, STATUS, breaches
from tests.scanner.printer import FEEDER, GLASS, Printer, running, wanted

A4 = (2480, 3508)
"""210 x 297 mm in units of 1/300 inch."""

GOOD = write_settings(ScanJob("escl:x", page_size="A4"), read_capabilities(Printer().caps_xml()))


@pytest.fixture
def printer() -> Iterator[Printer]:
    with running(Printer()) as made:
        yield made


def ask(
    printer: Printer, method: str, path: str, body: bytes | None = None, kind: str = "text/xml"
) -> tuple[int, dict[str, str], bytes]:
    """A plain HTTP client that knows nothing of ours."""
    connection = http.client.HTTPConnection(urlsplit(printer.url).netloc, timeout=5)
    connection.request(method, path, body, {"Content-Type": kind} if body else {})
    answer = connection.getresponse()
    told = answer.status, {name.lower(): text for name, text in answer.getheaders()}, answer.read()
    connection.close()
    return told


@pytest.mark.parametrize("inputs", [GLASS, FEEDER, GLASS + FEEDER], ids=["glass", "feeder", "both"])
def test_capabilities_of_the_trial_scanner(printer: Printer, inputs: str) -> None:
    printer.inputs = inputs
    status, headers, body = ask(printer, "GET", "/eSCL/ScannerCapabilities")
    assert (status, headers["content-type"].partition(";")[0]) == (200, "text/xml")
    assert breaches(body, SCAN + "ScannerCapabilities", CAPABILITIES) == []


def test_a_job_of_the_trial_scanner_from_its_order_to_its_end(printer: Printer) -> None:
    status, headers, body = ask(printer, "GET", "/eSCL/ScannerStatus")
    assert (status, headers["content-type"]) == (200, "text/xml")
    assert breaches(body, SCAN + "ScannerStatus", STATUS) == []
    status, headers, _ = ask(printer, "POST", "/eSCL/ScanJobs", GOOD)
    assert status == 201
    job = urlsplit(headers["location"]).path
    assert ask(printer, "POST", "/eSCL/ScanJobs", GOOD)[0] == 503  # one at a time
    status, headers, page = ask(printer, "GET", f"{job}/NextDocument")
    assert (status, headers["content-type"], page[:3]) == (200, "image/jpeg", b"\xff\xd8\xff")
    told = ask(printer, "GET", "/eSCL/ScannerStatus")[2]
    assert breaches(told, SCAN + "ScannerStatus", STATUS) == []
    assert wanted(told, "JobUri") == job
    assert ask(printer, "GET", f"{job}/NextDocument")[0] == 404  # no further page
    assert ask(printer, "DELETE", job)[0] == 200
    assert ask(printer, "POST", "/eSCL/ScanJobs", GOOD)[0] == 201


def test_the_trial_scanner_knows_its_own_jobs_only(printer: Printer) -> None:
    assert ask(printer, "GET", "/eSCL/ScanJobs/7/NextDocument")[0] == 404
    assert ask(printer, "DELETE", "/eSCL/ScanJobs/7")[0] == 404
    assert ask(printer, "POST", "/eSCL/Jobs", GOOD)[0] == 404


def test_a_job_that_is_called_off_is_gone(printer: Printer) -> None:
    printer.script = ["page", "page"]
    job = urlsplit(ask(printer, "POST", "/eSCL/ScanJobs", GOOD)[1]["location"]).path
    assert ask(printer, "DELETE", job)[0] == 200
    assert ask(printer, "GET", f"{job}/NextDocument")[0] == 404


WRONG = {
    "no version": (b"<pwg:Version>2.62</pwg:Version>", b""),
    "namespace": (b"pwg:InputSource", b"scan:InputSource"),
    "unknown": (b"scan:Intent", b"scan:Purpose"),
    "units": (b"escl:ThreeHundredthsOfInches", b"escl:Millimetres"),
    "no units": (
        b"<pwg:ContentRegionUnits>escl:ThreeHundredthsOfInches</pwg:ContentRegionUnits>",
        b"",
    ),
    "number": (b"<pwg:XOffset>0<", b"<pwg:XOffset>-1<"),
    "source": (b">Platen<", b">Glass<"),
    "colour": (b">RGB24<", b">Color<"),
    "half": (b"</scan:ScanSettings>", b""),
}


@pytest.mark.parametrize("name", WRONG)
def test_settings_against_the_description_are_refused(printer: Printer, name: str) -> None:
    old, new = WRONG[name]
    assert old in GOOD
    assert ask(printer, "POST", "/eSCL/ScanJobs", GOOD.replace(old, new))[0] == 400
    assert printer.settings == []


def test_settings_that_say_they_are_something_else_are_refused(printer: Printer) -> None:
    assert ask(printer, "POST", "/eSCL/ScanJobs", GOOD, "application/json")[0] == 400
    assert ask(printer, "POST", "/eSCL/ScanJobs", GOOD, "application/xml")[0] == 201


@pytest.mark.parametrize("version", ["2.0", "2.1", "2.62", "2.97"])
@pytest.mark.parametrize("inputs", [GLASS, FEEDER, GLASS + FEEDER], ids=["glass", "feeder", "both"])
def test_whatever_job_is_ordered_the_client_keeps_to_the_description(version: str, inputs: str) -> None:
    can = read_capabilities(Printer(version=version, inputs=inputs).caps_xml())
    sides = [(False, False)] if can.feeder is None else [(False, False), (True, False), (True, True)]
    choices = itertools.product(ColourMode, (75, 150, 300, 600), ("auto", "A4", "A5"), sides)
    for mode, dpi, size, (feeder, duplex) in choices:
        job = ScanJob("escl:x", dpi=dpi, mode=mode, page_size=size, feeder=feeder, duplex=duplex)
        text = write_settings(job, can)
        assert breaches(text, SCAN + "ScanSettings", SETTINGS) == []
        root = fromstring(text)
        assert root[0].tag == PWG + "Version"
        assert wanted(text, "Version") == version
        assert wanted(text, "InputSource") == ("Feeder" if feeder or can.glass is None else "Platen")
        assert (root.find(SCAN + "Duplex") is not None) == (wanted(text, "InputSource") == "Feeder")
        assert (root.find(SCAN + "DocumentFormatExt") is not None) == (version != "2.0")
        assert wanted(text, "XResolution") == wanted(text, "YResolution") in ("75", "300")
        assert wanted(text, "ColorMode") in ("RGB24", "Grayscale8")
        if size == "A4":
            assert (int(wanted(text, "Width")), int(wanted(text, "Height"))) == A4


def test_the_settings_are_what_the_description_was_written_for() -> None:
    assert wanted(GOOD, "ContentRegionUnits") == "escl:ThreeHundredthsOfInches"
    assert breaches(GOOD, PWG + "ScanSettings", SETTINGS) != []
    assert breaches(b"<a/>", SCAN + "ScanSettings", SETTINGS) != []
