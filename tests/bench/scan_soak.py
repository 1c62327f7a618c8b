"""Random jobs with random faults on one scan service: `tests/bench/scan_soak.py [--jobs 200] [--seed 1]`.

Each job must end in exactly one answer, every page told must be whole, and nothing may be left behind: no
process, no half file, no page file without its page, no descriptor. Ends with status 1 where that fails.
"""

import argparse
import multiprocessing
import os
import random
import signal
import sys
import tempfile
import time
from collections import Counter
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

import psutil  # noqa: E402
from PIL import Image  # noqa: E402

from kioskcore.ports import ScanJob  # noqa: E402
from scanner.service import ScanChild  # noqa: E402
from tests.scanner.desk import CHILD, Heard  # noqa: E402
from tests.scanner.printer import Printer, running  # noqa: E402

SANE = "sane:test:0"
STATUS = ("DEVICE_BUSY", "JAMMED", "NO_DOCS", "COVER_OPEN", "IO_ERROR", "NO_MEM", "ACCESS_DENIED", "INVAL")
SLOW = f"{SANE}?read-delay=yes&read-delay-duration=100000&read-limit=yes&read-limit-size=512"


NETWORK = ("page", "page", "page", "busy", "broken", "truncated", "short", "html", "drip", "hang", "404")


class _AnyWord(list[str]):
    """What the network scanner plays: any word, for ever."""

    def __init__(self, seed: int) -> None:
        super().__init__(["page"])
        self._chance = random.Random(seed)

    def pop(self, index: Any = -1) -> str:
        return self._chance.choice(NETWORK)


def network_scanner(seed: int, told: Connection) -> None:
    """A process of its own, so that its lines and threads are not counted as ours."""
    with running(Printer(script=_AnyWord(seed))) as printer:
        told.send(printer.url)
        told.recv()


def a_job(chance: random.Random, url: str) -> tuple[ScanJob, str]:
    """A job and what shall be done to it while it runs: nothing, cancel, kill, or kill the program."""
    kinds = ("page", "feeder", "sane", "sane", "feeder sane", "fault", "script", "slow", "slow", "hang")
    kind = chance.choice((*kinds, "network", "network", "network"))
    if kind == "network":
        job = ScanJob(f"escl:{url}", dpi=75, feeder=chance.random() < 0.7)
        return job, chance.choice(["nothing", "nothing", "cancel", "kill"])
    if kind == "page":
        return ScanJob("sample:"), "nothing"
    if kind == "feeder":
        return ScanJob("sample:", feeder=True), chance.choice(["nothing", "cancel"])
    if kind == "sane":
        return ScanJob(f"{SANE}?test-picture=Grid", dpi=100), "nothing"
    if kind == "feeder sane":
        return ScanJob(f"{SANE}?batch-count={chance.randint(1, 4)}", dpi=75, feeder=True), "nothing"
    if kind == "fault":
        return ScanJob(f"{SANE}?read-return-value=SANE_STATUS_{chance.choice(STATUS)}", dpi=75), "nothing"
    if kind == "script":
        acts = ["page", "spoilt", "crash", "SCAN-JAM", "SCAN-COVER", "SCAN-IO", "IMAGE-TOO-LARGE"]
        return ScanJob("sample:" + ",".join(chance.choices(acts, k=3))), "nothing"
    if kind == "slow":
        return ScanJob(SLOW, dpi=150), chance.choice(["cancel", "kill", "kill program"])
    return ScanJob("sample:slow,hang"), chance.choice(["nothing", "kill", "cancel"])


def disturb(service: ScanChild, heard: Heard, act: str, chance: random.Random) -> None:
    if act == "nothing":
        return
    time.sleep(chance.uniform(0.05, 1.2))
    process = service._process
    if act == "cancel":
        service.cancel()
    elif process is not None:
        try:
            inner = psutil.Process(process.pid).children()
            for victim in inner if act == "kill program" else []:
                victim.kill()
            if act == "kill":
                os.kill(process.pid, signal.SIGKILL)
        except (psutil.Error, ProcessLookupError):
            return


def held(service: ScanChild, heard: Heard) -> tuple[int, int]:
    """Descriptors and threads of this process while a child lives and rests."""
    before = len(heard.all("devices"))
    service.find_devices()
    heard.until("devices", before + 1)
    time.sleep(0.3)
    me = psutil.Process()
    return me.num_fds(), me.num_threads()


def settled(heard: Heard) -> int:
    return len(heard.all("scanned")) + len(heard.all("failed"))


def leftovers(work: Path, heard: Heard) -> list[str]:
    """Files in the scan folder that no page told of."""
    known = {
        file.name
        for page in heard.all("page")
        for file in (page.raw, page.clean, page.raw_preview, page.clean_preview)
    }
    return sorted(file.name for file in (work / "scan").iterdir() if file.name not in known)


def soak(jobs: int, seed: int, folder: Path, url: str) -> list[str]:
    chance = random.Random(seed)
    (folder / "dll.conf").write_text("test\n")
    settings = folder / "settings.toml"
    names = 'sources = ["sane", "sample", "escl"]\nescl_search = false\ndeadline_seconds = 5'
    settings.write_text(f'[scan]\n{names}\nsane_config_dir = "{folder}"\n')
    work = folder / "work"
    service = ScanChild(
        [sys.executable, "-c", CHILD, str(ROOT), str(settings), str(work)], deadline_seconds=4
    )
    heard = Heard()
    service.start(heard)
    me = psutil.Process()
    faults: list[str] = []
    begun, descriptors, threads, memory = time.monotonic(), 0, 0, 0
    for number in range(jobs):
        job, act = a_job(chance, url)
        service.scan(job)
        disturb(service, heard, act, chance)
        with heard.changed:
            answered = heard.changed.wait_for(lambda wanted=number + 1: settled(heard) >= wanted, 30)
        if not answered:
            faults.append(f"job {number} {job.source} {act}: no answer in 30 s")
            break
        if number == 20:
            descriptors, threads = held(service, heard)
            memory = me.memory_info().rss
    after = held(service, heard)
    if settled(heard) != jobs:
        faults.append(f"{settled(heard)} answers to {jobs} jobs")
    swollen = me.memory_info().rss / memory - 1 if memory else 0.0
    if swollen > 0.05:
        faults.append(f"memory grew by {swollen:.1%}")
    grown = after[0] - descriptors, after[1] - threads
    if max(grown) > 0:
        faults.append(f"descriptors and threads grew by {grown}")
    for page in heard.all("page"):
        for file in (page.raw, page.clean, page.raw_preview, page.clean_preview):
            with Image.open(file) as picture:
                picture.load()
    service.close()
    time.sleep(0.3)
    left = me.children(recursive=True)[1:]  # the first is the network scanner
    faults += [f"process left: {child.name()}" for child in left]
    rubbish = leftovers(work, heard)
    spent = time.monotonic() - begun
    print(f"{jobs} jobs in {spent:.0f} s, seed {seed}: {len(heard.all('page'))} pages, all whole")  # noqa: T201
    print("answers:", dict(Counter(heard.codes) + Counter({"scanned": len(heard.all("scanned"))})))  # noqa: T201
    print(f"descriptors {descriptors} -> {descriptors + grown[0]}, threads {threads} -> {threads + grown[1]}")  # noqa: T201
    print(f"memory {swollen:+.1%}")  # noqa: T201
    print(f"files that no page told of: {len(rubbish)} {rubbish[:6]}")  # noqa: T201
    faults += [f"half file: {name}" for name in rubbish if name.endswith(".part")]
    return faults


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--jobs", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        ours, theirs = multiprocessing.Pipe()
        scanner = multiprocessing.Process(target=network_scanner, args=(given.seed, theirs))
        scanner.start()
        faults = soak(given.jobs, given.seed, Path(name), ours.recv())
        ours.send("end")
        scanner.join(10)
    for fault in faults:
        print("FAULT", fault)  # noqa: T201
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
