"""First picture, memory of a page and a long feeder job: `tests/bench/scan_stream.py [--pages 50]`.

The real scan child takes photographs and pages from files, then a whole pile of pages in one job, as fast as
it can (the feeder of SANE's test device is empty after ten). For each page stand: milliseconds from the order
to the first picture of it that could be shown, set against the same in five lines of OpenCV; and the most
memory the child ever held. Linux only. Goals: 250 ms to the picture, 300 MB a page, and the last pages of the
pile hold what the first held.
"""

import argparse
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

import cv2  # noqa: E402
import numpy as np  # noqa: E402

from kioskcore.ports import ScanJob  # noqa: E402
from scanner.service import ScanChild  # noqa: E402
from tests.bench.drawn.synth import make_paper, photograph, scan  # noqa: E402
from tests.scanner.desk import CHILD, Desk, Heard  # noqa: E402

PREVIEW = 1200
PATIENCE = 300.0
MEGABYTE = 1e6


def pictures(folder: Path) -> dict[str, Path]:
    """Files as a phone and a scanner give them."""
    rng = np.random.default_rng(880_001)
    small = photograph(rng, make_paper(rng, "text", 150), "wood", (1632, 1224)).image
    page = scan(rng, make_paper(rng, "sealed", 300), 0.6).image
    made = {
        "photograph, 8 megapixels, JPEG": ("8.jpg", cv2.resize(small, (2448, 3264))),
        "photograph, 12 megapixels, JPEG": ("12.jpg", cv2.resize(small, (3024, 4032))),
        "A4 at 300 dpi, JPEG": ("page.jpg", page),
        "A4 at 300 dpi, TIFF": ("page.tif", page),
    }
    plain, fine = [cv2.IMWRITE_TIFF_COMPRESSION, 1], [cv2.IMWRITE_JPEG_QUALITY, 92]
    for name, image in made.values():
        cv2.imwrite(str(folder / name), image, plain if name.endswith("tif") else fine)
    return {what: folder / name for what, (name, _) in made.items()}


def reference(file: Path, into: Path) -> None:
    """A picture that could be shown, the shortest way through OpenCV."""
    image = cv2.imdecode(np.fromfile(file, np.uint8), cv2.IMREAD_COLOR)
    scale = PREVIEW / max(image.shape[:2])
    small = cv2.resize(image, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    cv2.imwrite(str(into / "shown.jpg"), small, [cv2.IMWRITE_JPEG_QUALITY, 82])


def least(work: Callable[[], float], times: int) -> float:
    return min(work() for _ in range(times))


class Child:
    """The real child; what it holds and what it wrote is looked at from outside."""

    def __init__(self, folder: Path) -> None:
        settings = folder / "settings.toml"
        settings.write_text('[scan]\nsources = ["folder"]\n')
        work = folder / "work"
        (work / "scan").mkdir(parents=True)
        command = [sys.executable, "-c", CHILD, str(ROOT), str(settings), str(work)]
        self.service = ScanChild(command, deadline_seconds=60)
        self.heard = Heard()
        self.service.start(self.heard)
        self.desk = Desk(self.service, self.heard, work)
        self._jobs = 0

    def scan(self, job: ScanJob) -> float:
        """Milliseconds to the end of the job."""
        start = time.perf_counter()
        self.service.scan(job)
        self._jobs += 1
        self.heard.until("scanned", self._jobs, PATIENCE)
        return (time.perf_counter() - start) * 1000

    def first_picture(self, file: Path) -> tuple[float, float]:
        """Milliseconds until the picture as it came could be shown, and until the clean page was told."""
        known = set(self.desk.files("-before.jpg"))
        shown: list[float] = []
        start = time.perf_counter()

        def watch() -> None:
            while not set(self.desk.files("-before.jpg")) - known:
                time.sleep(0.002)
            shown.append((time.perf_counter() - start) * 1000)

        watcher = threading.Thread(target=watch)
        watcher.start()
        told = self.scan(ScanJob(f"folder:{file}"))
        watcher.join()
        return shown[0], told

    def forget_peak(self) -> None:
        Path(f"/proc/{self.desk.child}/clear_refs").write_text("5")

    def megabytes(self) -> tuple[float, float]:
        """What the child holds now, and the most it held since `forget_peak`."""
        lines = Path(f"/proc/{self.desk.child}/status").read_text().splitlines()
        values = {line.split(":")[0]: line.split() for line in lines if line.startswith("Vm")}
        now, most = (int(values[name][1]) * 1024 / MEGABYTE for name in ("VmRSS", "VmHWM"))
        return now, most


def one_page(child: Child, what: str, file: Path, into: Path) -> str:
    def by_reference() -> float:
        start = time.perf_counter()
        reference(file, into)
        return (time.perf_counter() - start) * 1000

    child.first_picture(file)
    bare = least(by_reference, 5)
    child.forget_peak()
    before, _ = child.megabytes()
    times = [child.first_picture(file) for _ in range(5)]
    _, most = child.megabytes()
    shown, told = (min(column) for column in zip(*times, strict=True))
    return (
        f"{what:34} shown after {shown:4.0f} ms (OpenCV alone {bare:.0f}, goal 250), "
        f"clean after {told:4.0f} ms; most {most:.0f} MB, at rest {before:.0f} (goal 300)"
    )


def pile(child: Child, page: Path, pages: int) -> str:
    """Memory while A4 pages at 300 dpi come one after the other in one job."""
    folder = page.parent / "pile"
    folder.mkdir()
    for number in range(pages):
        (folder / f"{number:03}{page.suffix}").hardlink_to(page)
    seen: list[tuple[float, float]] = []
    known = len(child.heard.all("page"))

    def watch() -> None:
        for number in range(pages):
            child.heard.until("page", known + number + 1, PATIENCE)
            seen.append(child.megabytes())
            child.forget_peak()

    child.forget_peak()
    watcher = threading.Thread(target=watch)
    watcher.start()
    spent = child.scan(ScanJob(f"folder:{folder}"))
    watcher.join()
    most = np.array([peak for _, peak in seen])
    part = max(1, pages // 5)
    first, last = most[1 : 1 + part].max(), most[-part:].max()
    return (
        f"a job of {pages} pages: {spent / pages:.0f} ms a page; most of the first {part} {first:.0f} MB, "
        f"of the last {part} {last:.0f} MB ({last / first - 1:+.1%}, goal +5 %)"
    )


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--pages", type=int, default=50)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(dir="/dev/shm") as name:
        folder = Path(name)
        files = pictures(folder)
        child = Child(folder)
        for what, file in files.items():
            print(one_page(child, what, file, folder), flush=True)  # noqa: T201
        print(pile(child, files["A4 at 300 dpi, JPEG"], given.pages), flush=True)  # noqa: T201
        child.service.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
