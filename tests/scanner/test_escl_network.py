"""Finding by mDNS, and our trial scanner held against the public client sane-airscan."""

import json
import os
import shutil
import socket
import subprocess
import time
from pathlib import Path

import pytest
from zeroconf import ServiceInfo, Zeroconf

from kioskcore.config import Scan
from scanner.backends.escl import EsclBackend
from scanner.backends.escl_search import Seen, read_record, search
from scanner.backends.sane import SaneBackend
from tests.scanner.printer import Printer, running


def announced(printer: Printer, kind: str = "_uscan._tcp.local.") -> ServiceInfo:
    port = int(printer.url.split(":")[2].split("/")[0])
    texts = {"txtvers": "1", "vers": "2.62", "rs": "eSCL", "UUID": "1B2F6D10", "ty": "Trial 1"}
    texts |= {"pdl": "image/jpeg", "cs": "color,grayscale", "is": "platen,adf", "duplex": "T"}
    texts |= {"adminurl": printer.url, "representation": f"{printer.url}/icon.png"}
    address = [socket.inet_aton("127.0.0.1")]
    return ServiceInfo(
        kind, f"Trial 1.{kind}", port, properties=texts, server="trial.local.", addresses=address
    )


def test_a_scanner_that_announces_itself_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    """By its first answer, though the speaker here listens at the same port as who searches."""
    with running(Printer()) as printer:
        speaker = Zeroconf(interfaces=["127.0.0.1"])
        try:
            speaker.register_service(announced(printer), cooperating_responders=True)
            time.sleep(1.1)  # mDNS says nothing twice within a second
            found = search(seconds=1.0, interfaces=("127.0.0.1",))
            assert found == [Seen("1b2f6d10", printer.url, False)]
            monkeypatch.setattr("scanner.backends.escl.search", lambda: [*found, *found])
            (device,) = EsclBackend(Scan()).devices()
            assert device.source == f"escl:{printer.url}"
        finally:
            speaker.close()


def test_the_encrypted_address_is_tried_first_and_the_plain_one_if_it_fails(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("scanner.backends.escl.ASK_SECONDS", 1.0)
    with running(Printer()) as printer:
        secure = Seen("a", printer.url.replace("http:", "https:"), True)
        monkeypatch.setattr("scanner.backends.escl.search", lambda: [secure, Seen("a", printer.url, False)])
        assert [device.source for device in EsclBackend(Scan()).devices()] == [f"escl:{printer.url}"]


@pytest.mark.parametrize(
    ("addresses", "port", "texts"),
    [
        (["203.0.113.5"], 80, {}),
        (["8.8.8.8"], 80, {}),
        ([], 80, {}),
        (["10.0.0.5"], None, {}),
        (["10.0.0.5"], 80, {b"rs": b"eSCL?x"}),
        (["10.0.0.5"], 80, {b"rs": b"a\r\nHost: b"}),
    ],
)
def test_records_that_no_scanner_would_send(
    addresses: list[str], port: int | None, texts: dict[bytes, bytes]
) -> None:
    if addresses == ["203.0.113.5"]:
        texts = {b"rs": b"\xff\xfe"}
    assert read_record("_uscan._tcp.local.", "x._uscan._tcp.local.", addresses, port, texts) is None


def test_a_record_without_a_mark_is_known_by_its_name() -> None:
    plain = read_record("_uscan._tcp.local.", "Máy._uscan._tcp.local.", ["10.0.0.5"], 80, {})
    secure = read_record("_uscans._tcp.local.", "Máy._uscans._tcp.local.", ["10.0.0.5"], 443, {})
    assert plain is not None and secure is not None
    assert plain.key == secure.key
    assert (plain.url, secure.url) == ("http://10.0.0.5:80/eSCL", "https://10.0.0.5:443/eSCL")


def test_a_record_as_devices_in_the_field_send_it() -> None:
    """Many keys that we do not need, a path with a slash before it, and an identity in capitals."""
    texts = {b"txtvers": b"1", b"vers": b"2.5", b"ty": b"Office 8730", b"rs": b"/eSCL", b"note": b""}
    texts |= {b"pdl": b"application/octet-stream,application/pdf,image/jpeg", b"cs": b"color,grayscale"}
    texts |= {b"is": b"platen,adf", b"duplex": b"F", b"UUID": b"DBCC4B58-FC4C-F6FD-B4D6-2B00D554AD47"}
    seen = read_record("_uscan._tcp.local.", "x._uscan._tcp.local.", ["192.168.1.9"], 60000, texts)
    assert seen == Seen("dbcc4b58-fc4c-f6fd-b4d6-2b00d554ad47", "http://192.168.1.9:60000/eSCL", False)


AIRSCAN = any(
    next(Path(folder).glob("*/sane/libsane-airscan.so*"), None) for folder in ("/usr/lib", "/usr/local/lib")
)


@pytest.fixture
def airscan(tmp_path: Path) -> dict[str, str]:
    """An environment in which scanimage knows the airscan back end only."""
    if shutil.which("scanimage") is None or not AIRSCAN:
        pytest.skip("sane-airscan is not installed")
    (tmp_path / "dll.conf").write_text("airscan\n")
    return {**os.environ, "SANE_CONFIG_DIR": str(tmp_path), "LC_ALL": "C"}


def scanimage(
    printer: Printer, environment: dict[str, str], *words: str
) -> "subprocess.CompletedProcess[str]":
    folder = Path(environment["SANE_CONFIG_DIR"])
    settings = f'[devices]\n"Trial" = {printer.url}/, eSCL\n[options]\ndiscovery = disable\n'
    (folder / "airscan.conf").write_text(settings)
    return subprocess.run(
        ["scanimage", *words],
        env=environment,
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


@pytest.mark.sane
def test_a_public_client_takes_our_trial_scanner_for_a_real_one(airscan: dict[str, str]) -> None:
    with running(Printer(script=["page", "busy", "page", "page"])) as printer:
        listed = scanimage(printer, airscan, "-f", '{"device":"%d"}%n').stdout
        device = json.loads(listed.splitlines()[0])["device"]
        words = ("-d", device, "--source", "ADF", "--resolution", "75", "--format=tiff", "--batch=p%d.tif")
        said = scanimage(printer, airscan, *words)
        assert said.returncode == 0, said.stderr
        assert len(list(Path(airscan["SANE_CONFIG_DIR"]).glob("p*.tif"))) == 3
        printer.adf = "ScannerAdfJam"
        printer.posts = [409]
        assert scanimage(printer, airscan, *words).returncode == 6


def test_the_probe_tells_who_answers_and_the_list_does_not_search_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    searches: list[int] = []

    with running(Printer()) as printer:

        def found() -> list[Seen]:
            searches.append(1)
            return [Seen("a", printer.url, False)]

        monkeypatch.setattr("scanner.backends.escl.search", found)
        escl = EsclBackend(Scan())
        assert (escl.probe().ok, escl.probe().detail) == (True, printer.url)
        assert len(searches) == 2
        assert len(escl.devices()) == 1
        assert len(searches) == 2
        assert len(escl.devices()) == 1
        assert len(searches) == 3
    assert (escl.probe().ok, escl.probe().code) == (False, "SCAN-NO-DEVICE")


def test_sane_leaves_driverless_scanners_to_our_own_client(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = tmp_path / "scanimage"
    program.write_text(
        "#!/bin/sh\n"
        'if [ "$1" = -f ]; then for d in airscan:e0:Trial test:0; do\n'
        'echo "{\\"device\\":\\"$d\\",\\"vendor\\":\\"V\\",\\"model\\":\\"M\\"}"; done; fi\n'
    )
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    listed = [device.source for device in SaneBackend(Scan(sources=("sane", "escl"))).devices()]
    assert listed == ["sane:test:0"]
    assert len(SaneBackend(Scan(sources=("sane",))).devices()) == 2
    named = SaneBackend(Scan(sources=("sane", "escl"), sane_devices=("airscan:e0:Trial",)))
    assert len(named.devices()) == 1
