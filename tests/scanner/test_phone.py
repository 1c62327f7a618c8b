"""The page for the person's phone, opened by real HTTP clients, good and hostile ones."""

import http.client
import io
import socket
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
import zxingcpp
from PIL import Image

from kioskcore.config import Config, ConfigError, Scan, load_config
from kioskcore.ports import ScanJob
from scanner.backends import phone as phone_room
from scanner.backends import phone_door
from scanner.backends.phone import PhoneBackend
from tests.scanner.caller import SMALL, Visit, at_home, jpeg
from tests.scanner.desk import Desk

Make = Callable[..., Desk]


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(phone_room, "TICK_SECONDS", 0.05)


@pytest.fixture
def visit(tmp_path: Path) -> Iterator[Visit]:
    made = Visit(PhoneBackend(at_home()), tmp_path)
    yield made
    made.backend.cancel()
    made.thread.join(8)
    assert list(tmp_path.iterdir()) == []


def test_several_pictures_then_done(visit: Visit) -> None:
    status, headers, page = visit.ask()
    assert status == 200
    assert "default-src 'none'" in headers["content-security-policy"]
    assert (headers["cache-control"], headers["referrer-policy"]) == ("no-store", "no-referrer")
    for text in ("Chụp giấy", "không mã hóa", 'capture="environment"', "multiple"):
        assert text in page.decode()
    assert "$" not in page.decode()
    picture = jpeg()
    assert [visit.ask("POST", body=picture)[0] for _ in range(3)] == [204] * 3
    assert visit.ask("POST")[0] == 204
    assert visit.end() is None
    assert visit.pages == [len(picture)] * 3
    assert visit.shown[0].hint == "phone_open"
    assert {"phone_sending", "phone_more"} <= {preview.hint for preview in visit.shown}


def test_the_code_on_the_screen_holds_the_address(visit: Visit) -> None:
    code = visit.shown[0].picture
    assert code is not None
    with Image.open(code) as picture:
        (read,) = zxingcpp.read_barcodes(np.asarray(picture.convert("L")))
    assert read.text == visit.address


def test_the_page_speaks_the_language_of_the_person(tmp_path: Path) -> None:
    english = Visit(PhoneBackend(at_home()), tmp_path, ScanJob("phone:", language="en"))
    try:
        assert b'<html lang="en">' in english.ask()[2]
    finally:
        english.backend.cancel()
        english.end()


def test_the_address_holds_128_random_bits_and_is_new_each_time(visit: Visit, tmp_path: Path) -> None:
    assert len(visit.token) == 22
    other = Visit(PhoneBackend(at_home()), tmp_path)
    assert other.token != visit.token
    other.backend.cancel()
    assert other.end() == "SCAN-CANCELLED"


def test_the_address_is_dead_once_the_scan_is_over(visit: Visit) -> None:
    visit.ask("POST", body=jpeg())
    visit.backend.press()
    assert visit.end() is None
    with pytest.raises(ConnectionRefusedError):
        visit.ask()


def test_done_without_a_picture_is_told(visit: Visit) -> None:
    visit.backend.press()
    assert visit.end() == "SCAN-PHONE-SILENT"


def test_a_phone_that_never_comes_is_given_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(phone_room, "SILENT_SECONDS", 0.1)
    assert Visit(PhoneBackend(at_home()), tmp_path).end() == "SCAN-PHONE-SILENT"


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/", 404),
        ("GET", "/favicon.ico", 404),
        ("GET", "/{token}x", 404),
        ("GET", "/{token}/", 404),
        ("GET", "//{token}", 404),
        ("GET", "/{token}?a=1", 404),
        ("GET", "/{token}/../{token}", 404),
        ("GET", "/{short}", 404),
        ("GET", "/%ff%fe", 404),
        ("GET", "/../../etc/passwd", 404),
        ("POST", "/", 404),
        ("PUT", "/{token}", 405),
        ("DELETE", "/{token}", 405),
        ("OPTIONS", "/{token}", 405),
    ],
)
def test_only_this_one_path_answers(visit: Visit, method: str, path: str, status: int) -> None:
    asked = path.format(token=visit.token, short=visit.token[:-1])
    got, _, body = visit.ask(method, asked, SMALL if method == "POST" else None)
    assert (got, body) == (status, b"")


def test_other_names_and_pages_of_others_are_refused(visit: Visit) -> None:
    assert visit.ask(Host="kiosk.example")[0] == 404
    assert visit.ask("POST", body=SMALL, Origin="http://evil.example")[0] == 403
    assert visit.ask("POST", body=SMALL, Origin="null")[0] == 403
    assert visit.ask("POST", body=SMALL, Origin=f"http://{visit.place}")[0] == 204


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b"%PDF-1.7 " + b"x" * 100, "application/pdf"),
        (b"%PDF-1.7 " + b"x" * 100, "image/jpeg"),
        (b"<svg onload=alert(1)>", "image/svg+xml"),
        (b"MZ" + b"x" * 100, "image/png"),
        (SMALL, "text/html"),
        (SMALL, "multipart/form-data; boundary=x"),
    ],
)
def test_only_pictures_are_taken(visit: Visit, body: bytes, kind: str) -> None:
    assert visit.ask("POST", body=body, Content_Type=kind)[0] == 415
    visit.backend.press()
    assert visit.end() == "SCAN-PHONE-SILENT"


def test_a_picture_that_cannot_be_read_is_told_to_the_phone(visit: Visit) -> None:
    whole, stream = jpeg(), io.BytesIO()
    Image.new("L", (60, 80), 200).save(stream, "PNG")
    png = stream.getvalue()
    for body, kind in ((whole[:-2000], "image/jpeg"), (png[:-30], "image/png")):
        assert visit.ask("POST", body=body, Content_Type=kind)[0] == 422
    assert visit.ask("POST", body=png, Content_Type="image/png")[0] == 204
    assert visit.ask("POST", body=whole)[0] == 204
    visit.backend.press()
    assert visit.end() is None
    assert visit.pages == [len(png), len(whole)]


def test_size_and_number_have_limits(visit: Visit, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(phone_door, "MOST_PICTURES", 2)
    assert [visit.ask("POST", body=SMALL)[0] for _ in range(3)] == [204, 204, 413]
    monkeypatch.setattr(phone_door, "MOST_PICTURES", 99)
    monkeypatch.setattr(phone_door, "MOST_BYTES", 3 * len(SMALL) - 1)
    assert visit.ask("POST", body=SMALL)[0] == 413


def test_a_body_that_promises_too_much_is_refused_unread(visit: Visit) -> None:
    host, port = visit.place.split(":")
    with socket.create_connection((host, int(port)), timeout=5) as line:
        head = f"POST /{visit.token} HTTP/1.1\r\nHost: {visit.place}\r\nContent-Length: 999999999\r\n\r\n"
        line.sendall(head.encode())
        assert b" 413 " in line.recv(200)


def test_strangers_who_hammer_are_slowed(visit: Visit, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(phone_door, "RATE", 0.0)
    answers = [visit.ask(path="/guess")[0] for _ in range(int(phone_door.BURST) + 5)]
    assert answers[0] == 404
    assert answers[-1] == 429
    assert visit.ask()[0] == 200  # the person's own phone is not slowed with them
    assert visit.ask("POST", body=jpeg())[0] == 204


@pytest.mark.parametrize(
    "sent",
    [
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + b"\x00" * 60 + b"\r\n\r\n",
        b"GET / HTTP/9.9\r\n\r\n",
        b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n\r\n",
        b"GET / HTTP/1.1\r\n" + b"X: " + b"a" * 40_000 + b"\r\n\r\n",
        b"\r\n" * 50,
    ],
    ids=["tls", "version", "chunk", "headers", "nothing"],
)
def test_nonsense_does_not_end_the_visit(visit: Visit, sent: bytes) -> None:
    host, port = visit.place.split(":")
    with socket.create_connection((host, int(port)), timeout=2) as line:
        line.sendall(sent)
        line.settimeout(0.5)
        try:
            said = line.recv(4000)
        except TimeoutError:
            said = b""
    assert visit.token.encode() not in said
    assert b"Traceback" not in said
    assert visit.ask()[0] == 200


def test_open_lines_are_closed_with_the_scan(visit: Visit) -> None:
    host, port = visit.place.split(":")
    before = threading.active_count()
    lines = [socket.create_connection((host, int(port)), timeout=5) for _ in range(4)]
    head = f"POST /{visit.token} HTTP/1.1\r\nHost: {visit.place}\r\nContent-Length: 500\r\n\r\n"
    for line in lines:
        line.sendall(head.encode() + b"\xff\xd8\xff slow")
    time.sleep(0.1)
    visit.backend.cancel()
    assert visit.end() == "SCAN-CANCELLED"
    for line in lines:
        assert line.recv(10) == b""
        line.close()
    assert threading.active_count() < before


def test_a_phone_of_another_network_is_turned_away(tmp_path: Path) -> None:
    visit = Visit(PhoneBackend(Config(scan=Scan(phone_network="127.0.0.0/29"))), tmp_path)
    host, port = visit.place.split(":")
    with socket.create_connection((host, int(port)), 5, source_address=("127.0.0.77", 0)) as line:
        assert line.recv(200) == b""  # not even asked what it wants
    visit.backend.cancel()
    visit.end()


def test_off_unless_a_network_is_named(tmp_path: Path) -> None:
    off = PhoneBackend(Config())
    assert (off.probe().ok, off.probe().code, off.devices()) == (False, "SCAN-PHONE-OFF", [])
    assert Visit(off, tmp_path).end() == "SCAN-PHONE-OFF"
    elsewhere = PhoneBackend(Config(scan=Scan(phone_network="10.213.77.0/24")))
    assert elsewhere.probe().code == "SCAN-PHONE-OFF"
    assert Visit(elsewhere, tmp_path).end() == "SCAN-PHONE-OFF"
    assert PhoneBackend(at_home()).devices()[0].source == "phone:"


def test_a_port_that_is_taken(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        backend = PhoneBackend(at_home(phone_port=taken.getsockname()[1]))
        assert Visit(backend, tmp_path).end() == "SCAN-PHONE-OFF"


@pytest.mark.parametrize("network", ["8.8.8.0/24", "0.0.0.0/0", "10.0.0.0/8", "192.168.1.5/24", "home"])
def test_networks_that_no_technician_should_name(tmp_path: Path, network: str) -> None:
    file = tmp_path / "kiosk_config.toml"
    file.write_text(f'[scan]\nphone_network = "{network}"\n')
    with pytest.raises(ConfigError) as caught:
        load_config(file)
    assert caught.value.faults[0].key == "scan.phone_network"


def test_from_the_phone_to_a_clean_page_through_the_child(make_desk: Make) -> None:
    desk = make_desk(sources=["phone"], phone_network="127.0.0.0/16")
    desk.service.find_devices()
    assert desk.heard.until("devices")[0].source == "phone:"
    desk.service.scan(ScanJob("phone:"))
    place, _, token = desk.heard.until("preview").address.removeprefix("http://").partition("/")
    connection = http.client.HTTPConnection(place, timeout=5)
    connection.request("POST", f"/{token}", jpeg(), {"Content-Type": "image/jpeg"})
    assert connection.getresponse().status == 204
    connection.close()
    page = desk.heard.until("page")
    assert page.corners is not None
    desk.service.press()
    assert desk.heard.until("scanned") == 1
