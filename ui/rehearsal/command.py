"""`kiosk.py rehearse`: the real keeper, the real visit, played from a scenario, then searched for leftovers.

This side runs in the keeper's process and never learns what was typed: the marks go from the visit to the
search in one file, which is removed before the report is written.
"""

import argparse
import json
import os
import shutil
import subprocess
import threading
import time
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from kioskcore.config import Config, practising
from kioskcore.display import require_display, require_sandbox
from kioskcore.exit_code import ExitCode
from kioskcore.journal import Journal
from kioskcore.keeper import Keeper
from kioskcore.paths import ROOT, kiosk_command
from ui.rehearsal.leftovers import Finding, search_everything
from ui.rehearsal.report import MARKS, PLAYED
from ui.rehearsal.scenario import load_scenario

DEFAULT_SCENARIO = ROOT / "tests" / "journeys" / "practice.toml"
REPORT = "report.json"
LONGEST_SECONDS = 1200


def add_arguments(parser: argparse.ArgumentParser) -> None:
    texts = {"out": "thư mục kết quả / result folder", "scenario": "kịch bản / scenario (TOML)"}
    parser.add_argument("--out", type=Path, required=True, metavar="DIR", help=texts["out"])
    parser.add_argument(
        "--scenario", type=Path, default=DEFAULT_SCENARIO, metavar="FILE", help=texts["scenario"]
    )


def run(args: argparse.Namespace, config: Config) -> int:
    """0 when every step held, the next visit opened and nothing was left behind; 1 otherwise."""
    practice = load_scenario(args.scenario).start.practice or args.practice
    require_display()
    require_sandbox()
    out = args.out.resolve()
    _fresh(out)
    own_state = out / "state"
    if not config.paths.state:
        os.environ["XDG_STATE_HOME"] = str(own_state)  # a trial leaves the real counts and journal alone
    config = practising(config) if practice else config
    report = Rehearsal(config, args.scenario.resolve(), out, args.config).play()
    (out / REPORT).write_text(json.dumps(report, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    shutil.rmtree(own_state, ignore_errors=True)
    _tell(report, out)
    return ExitCode.OK if report["ok"] else ExitCode.BUG


class Rehearsal:
    """One play: visit 1 is played, visit 2 shows that the next citizen finds a clean waiting screen."""

    def __init__(self, config: Config, scenario: Path, out: Path, config_file: str | None) -> None:
        self._scenario, self._out, self._config_file = scenario, out, config_file
        self._opened_again = False
        self._search = threading.Thread(target=self._search_and_stop, daemon=True)
        self._leftovers: list[dict[str, Any]] | None = None
        self._began_at = time.time()
        self._keeper = Keeper(
            config,
            kiosk_command("visit", config=config_file, practice=config.practice.on),
            Journal(config.state_folder),
            visit_extra=self._extra,
            on_event=self._hear,
        )

    def play(self) -> dict[str, Any]:
        before = self._counts()
        began = time.monotonic()
        limit = threading.Timer(LONGEST_SECONDS, self._keeper.stop)
        limit.daemon = True
        limit.start()
        ended = self._keeper.run()
        limit.cancel()
        if self._search.ident is not None:  # the keeper may have been ended while it still looks
            self._search.join()
        (self._out / MARKS).unlink(missing_ok=True)
        played = self._played()
        ok = bool(played.get("ok")) and self._opened_again and self._leftovers == [] and ended == ExitCode.OK
        return {
            "ok": ok,
            "title": played.get("title") or self._scenario.stem,
            "problem": "" if played else "the visit ended before its last step; see the messages above",
            "seconds": round(time.monotonic() - began, 1),
            "dossier_code": played.get("variables", {}).get("dossier_code"),
            "variables": played.get("variables", {}),
            "steps": played.get("steps", []),
            "next_visit_opened": self._opened_again,
            "leftovers": "not searched" if self._leftovers is None else self._leftovers or "none",
            "counts_before": before,
            "counts_after": self._counts(),
            "pictures": sorted(file.name for file in self._out.glob("[0-9][0-9]-*.png")),
            "papers": sorted(file.name for file in self._out.glob("*.pdf")),
        }

    def _extra(self, number: int) -> list[str]:
        play = ["--play", str(self._scenario)] if number == 1 else []
        return [*play, "--out", str(self._out)] if number <= 2 else []

    def _hear(self, number: int, event: Mapping[str, object]) -> None:
        if number == 2 and event["event"] == "pictured":
            self._opened_again = True
            self._search.start()
        elif number > 2 or event["event"] == "refused":
            self._keeper.stop()

    def _search_and_stop(self) -> None:
        """Files everywhere a program may write, and the memory of every process that remains."""
        pids = [os.getpid(), *self._keeper.visit_pids]
        if not (self._out / MARKS).exists():  # the played visit died before it could tell
            self._keeper.stop()
            return
        try:
            found = search_everything(
                self._out / MARKS, pids, leave_out=[self._out], changed_since=self._began_at
            )
            self._leftovers = [asdict(one) for one in found if _counts(one)]
        finally:
            self._keeper.stop()

    def _played(self) -> dict[str, Any]:
        file = self._out / PLAYED
        if not file.exists():
            return {}
        played: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
        file.unlink()
        return played

    def _counts(self) -> Any:
        command = kiosk_command("counts", "--json", config=self._config_file)
        done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=True)
        return json.loads(done.stdout)


def _counts(one: Finding) -> bool:
    """Not the result folder itself, nor what belongs to other users and is closed to us."""
    if one.mark is not None:
        return True
    try:
        return one.how != "left out" and Path(one.place).lstat().st_uid == os.getuid()
    except OSError:
        return True


def _fresh(out: Path) -> None:
    """Remove what an earlier rehearsal left in the folder; nothing else in it is touched."""
    out.mkdir(parents=True, exist_ok=True)
    for pattern in ("[0-9][0-9]-*.png", "paper-*.pdf", PLAYED, MARKS, REPORT):
        for old in out.glob(pattern):
            old.unlink()


def _tell(report: Mapping[str, Any], out: Path) -> None:
    steps = report["steps"]
    verdict = "ĐẠT / PASSED" if report["ok"] else "KHÔNG ĐẠT / FAILED"
    failed = [step for step in steps if step["error"]]
    lines = [
        f"{verdict}: {report['title']} ({report['seconds']} s)",
        f"  bước / steps: {sum(step['ok'] for step in steps)}/{len(steps)}",
        *([f"  {report['problem']}"] if report["problem"] else []),
        *(f"  hỏng / failed: {s['step']} {s['verb']} {s['target']!r}: {s['error']}" for s in failed),
        f"  mã hồ sơ / dossier code: {report['dossier_code']}",
        f"  còn sót / leftovers: {report['leftovers']}",
        f"  {out}",
    ]
    print("\n".join(lines))  # noqa: T201 - a command speaks on its terminal
