"""What the keeper itself costs: crash to next start, painted to let in (the wipe), memory, descriptors.

Run: .venv/bin/python tests/bench/keeper.py [--visits 100]. Visits are stand-ins without windows; every second
one is killed with -9, the others end by themselves, each with a child, an orphan and 20 MB of files.
"""

import argparse
import gc
import json
import statistics
import sys
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from kioskcore.config import Config, Keeper, Paths
from kioskcore.journal import Journal
from kioskcore.keeper import Keeper as TheKeeper
from kioskcore.keeper import Patience

VISIT = """
import json, os, subprocess, sys, time
folder, fate = sys.argv[2:4]
def say(event): print(json.dumps({"event": event}), flush=True)
for n in range(20):
    with open(f"{folder}/{n}", "wb") as stream: stream.write(os.urandom(1 << 20))
subprocess.Popen(["sleep", "99"], stdout=subprocess.DEVNULL)
subprocess.run(["sh", "-c", "sleep 99 & exit 0"], stdout=subprocess.DEVNULL)
say("painted")
sys.stdin.readline()
if fate == "kill": os.kill(os.getpid(), 9)
say("ended")
time.sleep(60)
"""


class Watch:
    def __init__(self, visits: int) -> None:
        self.at: dict[tuple[int, str], float] = {}
        self.keeper: TheKeeper | None = None
        self.visits = visits
        self.rest: list[tuple[int, int]] = []

    def hear(self, number: int, event: Mapping[str, object]) -> None:
        self.at[number, str(event["event"])] = time.perf_counter()
        if event["event"] == "opened":
            gc.collect()
            status = Path("/proc/self/status").read_text()
            resident = next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmRSS"))
            self.rest.append((resident, len(list(Path("/proc/self/fd").iterdir()))))
            if number >= self.visits and self.keeper:
                self.keeper.stop()

    def milliseconds(self, first: str, second: str, shift: int) -> list[float]:
        pairs = [((n, first), (n + shift, second)) for n in range(2, self.visits)]
        return [(self.at[b] - self.at[a]) * 1000 for a, b in pairs if a in self.at and b in self.at]


def main() -> int:
    shape = argparse.RawDescriptionHelpFormatter
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=shape)
    parser.add_argument("--visits", type=int, default=100)
    visits = parser.parse_args().visits
    watch = Watch(visits)
    with tempfile.TemporaryDirectory(prefix="kiosk-bench-", dir="/dev/shm") as name:
        endless = Keeper(crash_limit=10**6)
        config = Config(paths=Paths(state=f"{name}/state", work=f"{name}/work"), keeper=endless)
        watch.keeper = TheKeeper(
            config,
            [sys.executable, "-S", "-c", VISIT],
            Journal(Path(name) / "state"),
            patience=Patience(visit=0),
            visit_extra=lambda number: ["kill" if number % 2 else "end"],
            on_event=watch.hear,
        )
        code = watch.keeper.run()
        left = sorted(entry.name for entry in Path(f"{name}/work").iterdir())
    figures = {
        "visits": visits,
        "exit": int(code),
        "left": left,
        "crash_to_next_start_ms": round(statistics.median(watch.milliseconds("failed", "started", 1)), 1),
        "end_to_next_start_ms": round(statistics.median(watch.milliseconds("ended", "started", 1)), 1),
        "painted_to_let_in_ms": round(statistics.median(watch.milliseconds("painted", "opened", 0)), 1),
        "painted_to_let_in_worst_ms": round(max(watch.milliseconds("painted", "opened", 0)), 1),
        "keeper_mb_first_last": [round(watch.rest[n][0] / 1024, 1) for n in (min(9, visits - 1), -1)],
        "descriptors_first_last": [watch.rest[n][1] for n in (min(9, visits - 1), -1)],
    }
    sys.stdout.write(json.dumps(figures, indent=1) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
