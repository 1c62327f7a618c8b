"""A server that cannot prove who it is, and one that asks for a password in its own way: both are refused."""

import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from web import Answer, OnlyHere, Web


@pytest.fixture
def unproven(tmp_path: Path) -> Iterator[Web]:
    """A TLS server on loopback with a certificate that it signed itself."""
    if shutil.which("openssl") is None:
        pytest.skip("no openssl here")
    key, certificate, both = (tmp_path / name for name in ("key.pem", "certificate.pem", "both.pem"))
    made = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]
    names = ["-days", "2", "-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1"]
    files = ["-keyout", str(key), "-out", str(certificate)]
    subprocess.run([*made, *names, *files], check=True, capture_output=True)
    both.write_bytes(key.read_bytes() + certificate.read_bytes())
    server = Web(both)
    yield server
    server.close()


@pytest.fixture
def told(browser) -> list[str]:
    codes: list[str] = []
    browser.failed.connect(codes.append)
    return codes


def test_a_page_that_cannot_prove_itself_is_never_shown(
    qtbot, browser, policy: OnlyHere, unproven: Web, told: list[str]
) -> None:
    unproven.pages["/a"] = "<h1>Trang giả</h1>"
    policy.allow(unproven.url)  # its name is right: only the proof is missing
    browser.open(unproven.url + "/a")
    qtbot.waitUntil(lambda: bool(told), timeout=15_000)
    qtbot.wait(800)
    assert told == ["PORTAL-CERTIFICATE"]
    assert unproven.asked == []
    assert "Trang giả" not in browser.page_text()


def test_no_part_of_a_page_comes_from_a_server_that_cannot_prove_itself(
    qtbot, browser, web: Web, policy: OnlyHere, unproven: Web, told: list[str]
) -> None:
    policy.allow(unproven.url)
    unproven.pages["/x.js"] = "document.title='lạ'"
    there = unproven.url
    web.pages["/a"] = f"<p>ở đây<script src={there}/x.js></script><iframe src={there}/f></iframe>"
    browser.open(web.url + "/a")
    qtbot.waitUntil(lambda: "ở đây" in browser.page_text(), timeout=15_000)
    qtbot.wait(500)
    assert unproven.asked == []
    assert told == []  # the page itself is genuine and stays


def test_a_servers_own_password_box_is_refused_in_words(qtbot, browser, web: Web, told: list[str]) -> None:
    web.pages["/a"] = Answer("<p>cấm</p>", 401, {"WWW-Authenticate": 'Basic realm="x"'})
    browser.open(web.url + "/a")
    qtbot.waitUntil(lambda: bool(told), timeout=15_000)
    qtbot.wait(800)
    assert set(told) == {"PORTAL-LOGIN-BOX"}
    assert len(web.asked) <= 3  # not the 32 tries that Chromium would make


@pytest.mark.parametrize("way", ["open", "link", "form"])
def test_an_old_link_to_a_place_that_is_let_in_by_https_only_leads_there(
    qtbot, browser, web: Web, policy: OnlyHere, unproven: Web, told: list[str], way: str
) -> None:
    """How far it gets is seen by the certificate."""
    policy.allow(unproven.url)
    stopped: list[str] = []
    browser.blocked.connect(stopped.append)
    plain = unproven.url.replace("https", "http") + "/a"
    if way == "open":
        browser.open(plain)
    else:
        act = f"location='{plain}'" if way == "link" else "f.submit()"
        form = f"<form id=f method=post action={plain}></form>"
        web.pages["/a"] = f"{form}<script>setTimeout(()=>{act},200)</script>"
        browser.open(web.url + "/a")
    qtbot.waitUntil(lambda: bool(told or stopped), timeout=15_000)
    assert told == ["PORTAL-CERTIFICATE"] and stopped == []
