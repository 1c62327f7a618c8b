"""Whole visits on the real program: keeper, windows, Chromium, scanner, PDF, counts, wipe."""

import json
import os
import shutil
import subprocess
import sys
import time
import urllib.request
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pikepdf
import pytest

from kioskcore.paths import ROOT

HERE = Path(__file__).parent
ALONE = ["unshare", "--net", "--", "sh", "-c", 'ip link set lo up; exec "$@"', "sh"]
"""A room without any network but this machine itself; only root may make one, as tests in a container are."""
pytestmark = [pytest.mark.display, pytest.mark.timeout(300)]


def rehearse(
    folder: Path,
    settings: str,
    scenario: Path | None = None,
    screen: str = "1366x768",
    room: Sequence[str] = (),
) -> tuple[int, dict[str, Any], str]:
    """Exit code, report and what was printed; state and work folders lie below `folder`."""
    if not all(map(shutil.which, ("xvfb-run", "openbox", "xprop"))):
        pytest.skip("no Xvfb here")
    config = folder / "kiosk_config.toml"
    config.write_text(f"{settings}\n[paths]\nstate = 'state'\nwork = 'work'\n", encoding="utf-8")
    environment = {name: value for name, value in os.environ.items() if name != "QT_QPA_PLATFORM"}
    environment["KIOSK_SCREEN"] = screen
    options = ["--config", str(config), "--out", str(folder / "out")]
    done = subprocess.run(
        [
            *room,
            *("bash", str(ROOT / "installer" / "virtual-screen.sh")),
            *(sys.executable, str(ROOT / "kiosk.py"), "rehearse", *options),
            *(["--scenario", str(scenario)] if scenario else []),
        ],
        capture_output=True,
        check=False,
        text=True,
        timeout=280,
        env=environment,
    )
    report = json.loads((folder / "out" / "report.json").read_text(encoding="utf-8"))
    return done.returncode, report, done.stdout + done.stderr


def total(report: dict[str, Any], mode: str, measure: str) -> int:
    return int(report["counts_after"]["by_mode"][mode].get(measure, 0))


@pytest.mark.parametrize(
    "screen",
    ["1366x768", *(pytest.param(size, marks=pytest.mark.slow) for size in ("1920x1080", "1080x1920"))],
)
def test_a_whole_visit_in_practice_mode(tmp_path: Path, screen: str) -> None:
    """Every field, the portal's too, is filled by taps on the screen's keys; there is no network at all."""
    can_be_alone = subprocess.run([*ALONE, "true"], capture_output=True, check=False).returncode == 0
    code, report, printed = rehearse(tmp_path, "", screen=screen, room=ALONE if can_be_alone else ())
    assert code == 0, printed
    assert report["ok"] and report["leftovers"] == "none" and report["next_visit_opened"]
    assert report["dossier_code"].startswith("G22.99.08-")
    assert total(report, "practice", "submitted") == 1 and total(report, "practice", "file_uploaded") == 1
    assert total(report, "self", "visit") == 0  # practice never counts as service
    with pikepdf.open(tmp_path / "out" / report["papers"][0]) as pdf:
        assert len(pdf.pages) == 1 and pdf.is_linearized
    assert len(report["pictures"]) > 20
    assert not (tmp_path / "out" / "marks.json").exists()


@pytest.mark.sane
def test_a_portal_that_the_kiosk_has_never_seen_with_the_sane_test_device(tmp_path: Path) -> None:
    if shutil.which("scanimage") is None:
        pytest.skip("no scanimage here")
    told = tmp_path / "port"
    server = subprocess.Popen([sys.executable, str(HERE / "other_portal" / "portal.py"), str(told)])
    try:
        while not told.exists() or not told.read_text():
            time.sleep(0.05)
        port = told.read_text()
        site = (HERE / "other_portal" / "sites" / "binh-thu.toml").read_text(encoding="utf-8")
        for name in ("sites", "sane"):
            (tmp_path / name).mkdir()
        (tmp_path / "sites" / "binh-thu.toml").write_text(site.replace("PORT", port), encoding="utf-8")
        (tmp_path / "sane" / "dll.conf").write_text("test\n")
        settings = f"""
[portal]
home = "http://127.0.0.1:{port}/"
sites_folder = "sites"
[scan]
sources = ["sane"]
sane_devices = ["test:0"]
sane_config_dir = "sane"
"""
        code, report, printed = rehearse(tmp_path, settings, HERE / "other_portal" / "scenario.toml")
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/dossier") as answer:
            got = json.load(answer)
    finally:
        server.kill()
        server.wait()
    assert code == 0, printed
    assert report["dossier_code"] == "BT/00417" and report["leftovers"] == "none"
    assert got["village"] == "Thôn Hạ" and got["how"] == "xa" and got["true"] and got["who"]
    assert got["pdf"] and got["jpeg"]
    assert total(report, "self", "submitted") == 1
    assert total(report, "self", "blocked:other") + total(report, "self", "blocked:none") == 1
