"""The practice portal as a real child process: started, walked through, asked for its port, ended."""

import contextlib
import http.client
import http.cookiejar
import json
import socket
import subprocess
import sys
import time
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import psutil
import pytest

from kioskcore.errors import KioskError
from kioskcore.paths import ROOT
from portal.practice.child import PracticePortal
from portal.practice.server import bind
from tests.portal.walk import FORM, PROCEDURE, RECEIVE, multipart, pdf


def command(port: int = 0) -> list[str]:
    code = (
        f"import sys; sys.path.insert(0, {str(ROOT)!r}); from portal.practice.server import main; "
        f"sys.exit(main({port}))"
    )
    return [sys.executable, "-c", code]


@pytest.fixture
def portal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[PracticePortal, Path]]:
    spool = tmp_path / "tmp"
    spool.mkdir()
    for name in ("TMPDIR", "TMP", "TEMP"):
        monkeypatch.setenv(name, str(spool))
    running = PracticePortal(command())
    yield running, spool
    running.stop()


class Browser:
    def __init__(self, base: str) -> None:
        self.base = base.rstrip("/")
        self._jar = http.cookiejar.CookieJar()
        cookies = urllib.request.HTTPCookieProcessor(self._jar)
        self._open = urllib.request.build_opener(urllib.request.ProxyHandler({}), cookies).open

    def get(self, path: str) -> str:
        with self._open(self.base + path, timeout=20) as answer:
            return str(answer.read().decode())

    def post(self, path: str, data: Mapping[str, str]) -> str:
        with self._open(self.base + path, urllib.parse.urlencode(data).encode(), timeout=20) as answer:
            return str(answer.read().decode())

    def upload(self, path: str, key: str, file: bytes, meanwhile: Callable[[], None]) -> str:
        """Calls `meanwhile` when all but the end has been sent; gives the page that follows."""
        kind, body = multipart({"act": "next"}, {key: ("a.pdf", file)})
        cookies = "; ".join(f"{cookie.name}={cookie.value}" for cookie in self._jar)
        line = http.client.HTTPConnection(self.base.removeprefix("http://"), timeout=20)
        with contextlib.closing(line):
            line.putrequest("POST", path)
            for name, value in (
                ("Content-Type", kind),
                ("Content-Length", str(len(body))),
                ("Cookie", cookies),
            ):
                line.putheader(name, value)
            line.endheaders(body[:-100])
            time.sleep(0.3)
            meanwhile()
            line.send(body[-100:])
            answer = line.getresponse()
            answer.read()
            return self.get(str(answer.headers["Location"]))


def test_the_whole_way_over_the_wire_leaves_no_file(portal: tuple[PracticePortal, Path]) -> None:
    running, spool = portal
    browser = Browser(running.start())
    browser.post(f"/thu-tuc-hanh-chinh/{PROCEDURE}/co-quan", {"tinh": "51", "xa": "Xã Ba Tơ"})
    browser.get(f"/nop-ho-so?formalityId={PROCEDURE}")
    browser.post("/dang-nhap/dien-thoai", {})
    page = browser.post("/dang-nhap/dong-y", {"dong_y": "co"})
    digits = page.partition('class="digits">')[2].partition("<")[0].replace(" ", "")
    assert "Thông tin người nộp" in browser.post("/dang-nhap/passcode", {"passcode": digits})
    browser.post("/nop-ho-so/nguoi-nop", {"phone": "0900000000", "act": "next"})
    browser.post("/nop-ho-so/bieu-mau", {**FORM, "act": "next"})
    file = pdf(2, filler=5_000_000)
    assert len(file) > 4_900_000
    held: list[str] = []
    shown = browser.upload("/nop-ho-so/giay-to", "cho-o", file, lambda: held.extend(_held_files(running)))
    assert "Nhận kết quả" in shown and held == []
    browser.post("/nop-ho-so/nhan-ket-qua", {**RECEIVE, "act": "next"})
    browser.post("/nop-ho-so/thanh-toan", {})
    assert "Nộp hồ sơ thành công" in browser.post("/nop-ho-so/xem-lai", {"cam_doan": "co"})
    assert list(spool.iterdir()) == []


def _held_files(running: PracticePortal) -> list[str]:
    """Files open for writing in the child, deleted ones too: a spooled upload would be here."""
    child = running.process_id
    assert child is not None
    held = []
    for link in Path(f"/proc/{child}/fd").iterdir():
        if int(link.name) <= 2:  # inherited from the test run
            continue
        with contextlib.suppress(OSError):
            target = str(link.readlink())
            if target.startswith("/") and not target.startswith("/dev/"):
                held.append(target)
    return held


def test_it_ends_when_its_parent_goes(portal: tuple[PracticePortal, Path]) -> None:
    parent = (
        f"import sys, time; sys.path.insert(0, {str(ROOT)!r})\n"
        "from portal.practice.child import PracticePortal\n"
        f"portal = PracticePortal({command()!r})\n"
        "portal.start(); print(portal.process_id, flush=True); time.sleep(60)"
    )
    with subprocess.Popen([sys.executable, "-c", parent], stdout=subprocess.PIPE) as running:
        assert running.stdout is not None
        child = psutil.Process(int(running.stdout.readline()))
        running.kill()
        child.wait(10)


def test_stop_ends_it_and_may_be_called_twice(portal: tuple[PracticePortal, Path]) -> None:
    running, _ = portal
    address = running.start()
    assert running.start() == address
    child = running.process_id
    assert child is not None
    running.stop()
    running.stop()
    assert running.process_id is None and not psutil.pid_exists(child)


def test_a_given_port_is_used_and_a_taken_one_is_told() -> None:
    with bind(0) as held:
        held.listen()
        port = held.getsockname()[1]
        with pytest.raises(KioskError) as caught:
            PracticePortal(command(port)).start()
        assert (caught.value.code, caught.value.facts["port"]) == ("PORT-TAKEN", port)
        with pytest.raises(KioskError) as caught:
            bind(port)
        assert caught.value.code == "PORT-TAKEN"
    running = PracticePortal(command(port))
    try:
        assert running.start() == f"http://127.0.0.1:{port}/"
    finally:
        running.stop()


@pytest.mark.parametrize(
    "child", ["import time; time.sleep(30)", "print('hello')", "print('[]')", "print('{}')", "pass"]
)
def test_a_child_that_does_not_answer_is_ended(child: str) -> None:
    running = PracticePortal([sys.executable, "-c", child], start_seconds=1.5)
    begun = time.monotonic()
    with pytest.raises(KioskError) as caught:
        running.start()
    assert caught.value.code == "PORTAL-LOAD"
    assert time.monotonic() - begun < 8
    assert running.process_id is None


def test_only_this_machine_can_reach_it(portal: tuple[PracticePortal, Path]) -> None:
    running, _ = portal
    running.start()
    child = running.process_id
    assert child is not None
    listening = [one for one in psutil.Process(child).net_connections() if one.status == "LISTEN"]
    assert [one.laddr.ip for one in listening] == ["127.0.0.1"]
    with socket.create_connection(("127.0.0.1", running.port), 5) as raw:
        raw.sendall(b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n")
        head = raw.recv(65536).partition(b"\r\n\r\n")[0]
    assert b"200 OK" in head and b"waitress" not in head.lower()


def test_what_it_prints_is_one_line(portal: tuple[PracticePortal, Path]) -> None:
    with subprocess.Popen(
        command(), stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as child:
        assert child.stdin is not None and child.stdout is not None and child.stderr is not None
        port = json.loads(child.stdout.readline())["port"]
        Browser(f"http://127.0.0.1:{port}").get("/tra-cuu-ho-so?ma=G22.99.08-261122-000001")
        child.stdin.close()
        assert child.wait(10) == 0
        assert child.stdout.read() == b"" and child.stderr.read() == b""
