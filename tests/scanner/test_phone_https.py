"""The phone's page over TLS: real TLS clients, and strangers who talk none or never end."""

import datetime
import socket
import ssl
import time
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from pathlib import Path

import pytest
from cryptography import x509

from scanner.backends import phone as phone_room
from scanner.backends import phone_line
from scanner.backends.phone import PhoneBackend
from tests.scanner.caller import SMALL, Visit, at_home, jpeg

HELLO = b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03"
"""How a TLS client begins: five hundred bytes more are to come."""


@pytest.fixture
def visit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Visit]:
    monkeypatch.setattr(phone_room, "TICK_SECONDS", 0.05)
    made = Visit(PhoneBackend(at_home(phone_https=True)), tmp_path)
    yield made
    made.backend.cancel()
    made.thread.join(8)
    assert list(tmp_path.iterdir()) == []


def dial(visit: Visit, source: str = "127.0.0.1") -> socket.socket:
    host, port = visit.place.split(":")
    return socket.create_connection((host, int(port)), 5, source_address=(source, 0))


def test_pictures_come_over_tls(visit: Visit) -> None:
    assert visit.address.startswith("https://127.")
    page = visit.ask()[2].decode()
    assert "có mã hóa" in page
    assert "không mã hóa" not in page
    picture = jpeg()
    assert visit.ask("POST", body=picture, Origin=f"https://{visit.place}")[0] == 204
    assert visit.ask("POST", body=SMALL, Origin=f"http://{visit.place}")[0] == 403
    assert visit.ask("POST")[0] == 204
    assert visit.end() is None
    assert visit.pages == [len(picture)]


def test_the_doctor_is_told_the_scheme() -> None:
    assert PhoneBackend(at_home(phone_https=True)).probe().detail.startswith("https://127.")


def test_the_certificate_is_for_this_address_this_scan_and_this_day(visit: Visit, tmp_path: Path) -> None:
    assert [file.name for file in tmp_path.iterdir()] == ["live-code.png"]  # the key is in memory only
    visit.ask()
    shown = x509.load_pem_x509_certificate(visit.certificate.encode())
    assert shown.not_valid_after_utc - shown.not_valid_before_utc <= datetime.timedelta(days=2)
    folder = tmp_path / "other"
    folder.mkdir()
    other = Visit(PhoneBackend(at_home(phone_https=True)), folder)
    other.certificate = visit.certificate
    with pytest.raises(ssl.SSLCertVerificationError):
        other.ask()  # the key of one scan is worth nothing in the next
    other.backend.cancel()
    other.end()
    folder.rmdir()


def test_a_client_that_trusts_nobody_is_let_go(visit: Visit) -> None:
    host, _ = visit.place.split(":")
    with dial(visit) as line, pytest.raises(ssl.SSLCertVerificationError):
        ssl.create_default_context().wrap_socket(line, server_hostname=host)
    assert visit.ask()[0] == 200


@pytest.mark.parametrize(
    "sent",
    [
        b"GET / HTTP/1.1\r\nHost: x\r\n\r\n",
        HELLO + b"\x00" * 508,
        b"\x16\x03\x01\xff\xff" + b"\xff" * 3000,
        b"\x80\x2e\x01\x00\x02" + b"\x00" * 60,
        b"\x00",
    ],
    ids=["plain http", "hello of nothing", "too long", "ssl 2", "one byte"],
)
def test_who_talks_no_tls_learns_nothing(visit: Visit, sent: bytes) -> None:
    said = b""
    with dial(visit) as line, suppress(OSError):  # cut before all was sent is an answer too
        line.sendall(sent)
        line.shutdown(socket.SHUT_WR)
        said = line.recv(4000)
    assert said == b"" or said.startswith(b"\x15\x03")  # nothing, or the alert of TLS
    assert visit.ask()[0] == 200


def test_old_tls_is_refused(visit: Visit) -> None:
    """A hello of TLS 1.1 as such a client sends it."""
    ciphers = b"\x00\x04\xc0\x0a\xc0\x14"
    hello = b"\x03\x02" + b"\x07" * 32 + b"\x00" + ciphers + b"\x01\x00"
    handshake = b"\x01" + len(hello).to_bytes(3, "big") + hello
    with dial(visit) as line:
        line.sendall(b"\x16\x03\x01" + len(handshake).to_bytes(2, "big") + handshake)
        assert line.recv(100)[:2] == b"\x15\x03"


def test_a_slow_handshake_keeps_nobody_out_and_is_cut(visit: Visit) -> None:
    with ExitStack() as held:
        slow = [held.enter_context(dial(visit, "127.0.0.77")) for _ in range(3 * phone_line.LINES)]
        for line in slow:
            line.sendall(HELLO)
        start = time.monotonic()
        assert visit.ask()[0] == 200
        assert visit.ask("POST", body=jpeg())[0] == 204
        assert time.monotonic() - start < 3
        assert slow[0].recv(1) == b""  # the oldest had to go


def test_a_dripping_handshake_ends_by_its_deadline(visit: Visit, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(phone_line, "HEAD_SECONDS", 0.3)
    with dial(visit) as line:
        line.settimeout(0.05)
        start = time.monotonic()
        ended = False
        for byte in HELLO + b"\x00" * 100:
            try:
                line.sendall(bytes([byte]))
                ended = line.recv(1) == b""
            except TimeoutError:
                continue
            except ConnectionError:
                ended = True
            if ended:
                break
        assert ended
        assert time.monotonic() - start < 2
    assert visit.ask()[0] == 200


def test_a_picture_that_stops_half_way_is_none(visit: Visit, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(phone_line, "BODY_SECONDS", 0.3)
    host, _ = visit.place.split(":")
    visit.ask()
    context = ssl.create_default_context(cadata=visit.certificate)
    with context.wrap_socket(dial(visit), server_hostname=host) as line:
        head = f"POST /{visit.token} HTTP/1.1\r\nHost: {visit.place}\r\nContent-Length: 500\r\n"
        line.sendall(f"{head}Content-Type: image/jpeg\r\n\r\n".encode() + SMALL)
        with suppress(ssl.SSLError):  # cut without the farewell of TLS
            assert line.recv(100) == b""
    visit.backend.press()
    assert visit.end() == "SCAN-PHONE-SILENT"
