"""Tells whether two versions of the clean-up give the same answers, and how their times compare.

    python tests/bench/same.py OTHER_TREE [--papers FOLDER] [--data FOLDER] [--only WORD]

Both clean the same papers of all kinds, photographs, scans and cards, in every tone, each in a process of its
own and in turns, so that whatever else the machine does hits both alike. Told is each paper whose page,
corners, verdicts or neighbours differ, and the median of this tree's time in parts of the other's by tone.
What rounding alone changes counts as the same.
FOLDER of --papers keeps the papers for a second run; real photographs are taken from --data/photos.
"""

import argparse
import json
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
TIMES = 2  # each paper, of which the quicker counts
OTHER_PIXELS, OTHER_STEPS = 1e-3, 2  # share of a page that may differ, and by so much of 255
Answer = dict[str, Any]


def answer(file: Path, dpi: float | None, scratch: Path) -> Answer:
    """All that the version on the path says of a picture, by tone, and the milliseconds it took.

    Its pages are laid into `scratch`, one a tone.
    """
    import cv2
    import numpy as np

    from kioskcore.config import Scan
    from kioskcore.ports import ColourMode
    from scanner.clean.page import clean_page
    from scanner.intake import Intake

    image = cv2.imread(str(file))
    said: Answer = {}
    took = {}
    for tone in ColourMode:
        spent = []
        for _ in range(TIMES):
            start = time.perf_counter()
            page = clean_page(image, dpi=dpi, tone=tone)
            spent.append(1000 * (time.perf_counter() - start))
        took[tone.value] = min(spent)
        said[tone.value] = facts(page)
        np.save(scratch / f"{tone.value}.npy", page.image)
    copy = scratch / f"picture{file.suffix}"
    shutil.copyfile(file, copy)
    start = time.perf_counter()
    pages = list(Intake(scratch, Scan()).take(copy, ColourMode.AUTO))
    took["all papers of the picture"] = 1000 * (time.perf_counter() - start)
    said["papers"] = {str(number): facts(page) for number, page in enumerate(pages)}
    for left in scratch.glob("p*-*"):
        left.unlink()
    return {"said": said, "took": took}


def facts(page: Any) -> Answer:
    """What was decided about a page, but for its pixels."""
    corners = None if page.corners is None else [[round(v, 3) for v in corner] for corner in page.corners]
    return {
        "mode": page.mode, "corners": corners, "size": (page.width_mm, page.height_mm),
        "lean": round(page.skew_degrees, 4), "turn": page.turn_degrees, "verdicts": page.verdicts,
        "places": {code: list(boxes) for code, boxes in page.places.items()},
    }  # fmt: skip


def serve() -> None:
    """Answers one line of JSON for each line `dots per inch or 0, folder, file`."""
    for line in sys.stdin:
        dots, scratch, file = line.rstrip("\n").split("\t")
        sys.stdout.write(json.dumps(answer(Path(file), float(dots) or None, Path(scratch))) + "\n")
        sys.stdout.flush()


class Version:
    """A tree's clean-up in a process of its own."""

    def __init__(self, tree: Path, scratch: Path) -> None:
        scratch.mkdir()
        self.scratch = scratch
        words = [sys.executable, __file__, "--serve", str(tree)]
        pipe = subprocess.PIPE
        self._child = subprocess.Popen(words, cwd=tree, stdin=pipe, stdout=pipe, text=True)

    def ask(self, file: Path, dots: int) -> Answer:
        assert self._child.stdin and self._child.stdout
        self._child.stdin.write(f"{dots}\t{self.scratch}\t{file}\n")
        self._child.stdin.flush()
        answered: Answer = json.loads(self._child.stdout.readline())
        return answered


def papers() -> Iterator[tuple[str, int, Any]]:
    """Name, dots an inch or 0, and the picture of each."""
    yield from _scans()
    yield from _photographs()


def _scans() -> Iterator[tuple[str, int, Any]]:
    import numpy as np

    from tests.bench.drawn import filled, glass, plastic, synth

    for k, kind in enumerate((*synth.PAPERS, "blank")):
        rng = np.random.default_rng(7000 + k)
        lean = (0.0, 0.6, -2.3)[k % 3]
        yield f"scan-{kind}", 300, synth.scan(rng, synth.make_paper(rng, kind, 300), lean).image
    for k, fault in enumerate((*synth.FAULTS[1:], *synth.WORN)):
        rng = np.random.default_rng(7100 + k)
        paper = synth.make_paper(rng, ("text", "form", "table", "sealed")[k % 4], 200)
        turned = np.rot90(synth.scan(rng, paper, float(rng.normal(0, 1.5)), fault).image, k % 4)
        yield f"scan-{fault}-{k % 4 * 90}", 200, np.ascontiguousarray(turned)
    for k, kind in enumerate((*glass.KINDS, *glass.PAGES)):
        rng = np.random.default_rng(7200 + k)
        make = glass.several if kind in glass.KINDS and k < len(glass.KINDS) else glass.single
        yield f"glass-{k}-{kind}", 150, make(rng, kind).image
    for k, kind in enumerate(plastic.CARDS):
        rng = np.random.default_rng(7300 + k)
        faces = [plastic.card(rng, kind, 300) for _ in range(1 + k % 2)]
        yield f"glass-card-{kind}", 300, plastic.on_the_glass(rng, faces, 300)[0]
    for k in range(6):
        rng = np.random.default_rng(7400 + k)
        how = filled.HOWS[k % 3]
        form = filled.filled_form(rng, how, 200, print_too=k < 4)
        yield f"form-{how}-{k}", 200, form.image
    yield "carbon-copy", 150, filled.carbon_copy(np.random.default_rng(7500))


def _photographs() -> Iterator[tuple[str, int, Any]]:
    import numpy as np

    from tests.bench.drawn import framed, plastic, synth, tabletop

    for k, scene in enumerate(synth.SCENES):
        rng = np.random.default_rng(7600 + k)
        paper = synth.make_paper(rng, synth.PAPERS[k % len(synth.PAPERS)], 150)
        yield f"photo-{scene}", 0, synth.photograph(rng, paper, scene, (2000, 1500)).image
    for k, kind in enumerate(tabletop.KINDS):
        rng = np.random.default_rng(7700 + k)
        bend, table = tabletop.BENDS[k % len(tabletop.BENDS)], tabletop.TABLES[k % len(tabletop.TABLES)]
        sheets = [tabletop.any_paper(rng, kind, 150) for _ in range(1 if k % 5 else 2)]
        shot = tabletop.shoot(rng, sheets, table, (2000, 1500), bend=bend)
        yield f"table-{kind}-{bend}-{table}", 0, shot.image
    for k, kind in enumerate(plastic.CARDS):
        rng = np.random.default_rng(7800 + k)
        faces = [plastic.card(rng, kind, 200) for _ in range(1 + k % 2)]
        yield f"table-card-{kind}", 0, tabletop.shoot(rng, faces, ("white", "oak", "weave")[k % 3]).image
    for k, frame in enumerate(framed.FRAMES[:4]):
        rng = np.random.default_rng(7900 + k)
        shot = tabletop.shoot(rng, [framed.certificate(rng, frame)], tabletop.TABLES[k], (1600, 1200))
        yield f"table-certificate-{frame}", 0, shot.image


def kept(folder: Path, data: Path | None) -> list[tuple[str, int, Path]]:
    """The papers as lossless files, made where they are not there yet."""
    import cv2

    from scanner.sheet.codecs import with_dpi

    index = folder / "papers.json"
    if not index.exists():
        made = []
        for name, dots, image in papers():
            lossless = cv2.imencode(".png", image, [cv2.IMWRITE_PNG_COMPRESSION, 1])[1].tobytes()
            (folder / f"{name}.png").write_bytes(with_dpi(lossless, dots) if dots else lossless)
            made.append((name, dots))
        index.write_text(json.dumps(made))
    found = [(name, dots, folder / f"{name}.png") for name, dots in json.loads(index.read_text())]
    real = sorted((data / "photos").iterdir()) if data else []
    return found + [(f"real-{file.name}", 0, file) for file in real]


def differing(mine: Answer, theirs: Answer, pages: tuple[Path, Path]) -> list[str]:
    """What differs, by tone; `pages`: the folders of both."""
    import numpy as np

    said = [
        f"{tone}: {what} {theirs[tone].get(what)} -> {mine[tone].get(what)}"
        for tone in mine for what in {**mine[tone], **theirs[tone]}
        if mine[tone].get(what) != theirs[tone].get(what)
    ]  # fmt: skip
    for file in sorted(pages[0].glob("*.npy")):
        one, other = (np.load(folder / file.name).astype(np.int16) for folder in pages)
        if one.shape != other.shape:
            said.append(f"{file.stem}: shape {other.shape} -> {one.shape}")
        elif (off := np.abs(one - other)).any() and (
            off.max() > OTHER_STEPS or (off > 0).mean() > OTHER_PIXELS
        ):
            said.append(f"{file.stem}: {(off > 0).mean():.2%} of the pixels, by up to {off.max()}")
    return said


def compare(files: list[tuple[str, int, Path]], other: Path, scratch: Path) -> bool:
    """Prints what differs and the times; whether nothing does."""
    mine, theirs = Version(ROOT, scratch / "mine"), Version(other, scratch / "theirs")
    ratios: dict[str, list[float]] = {}
    different = 0
    for number, (name, dots, file) in enumerate(files):
        both = [each.ask(file, dots) for each in ((mine, theirs) if number % 2 else (theirs, mine))]
        here, there = both if number % 2 else both[::-1]
        for tone, spent in here["took"].items():
            ratios.setdefault(tone, []).append(spent / there["took"][tone])
        if faults := differing(here["said"], there["said"], (mine.scratch, theirs.scratch)):
            different += 1
            sys.stdout.write("\n  ".join([name, *faults]) + "\n")
            sys.stdout.flush()
    sys.stdout.write(f"{len(files)} papers, {different} differ\n")
    for tone, shares in ratios.items():
        sys.stdout.write(f"time, {tone}: {statistics.median(shares):.3f} of the other's (median of papers)\n")
    return not different


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("other", type=Path)
    parser.add_argument("--papers", type=Path)
    parser.add_argument("--data", type=Path)
    parser.add_argument("--only", default="", help="a part of the papers' names")
    parser.add_argument("--serve", action="store_true", help=argparse.SUPPRESS)
    given = parser.parse_args()
    sys.path.insert(0, str(given.other.resolve() if given.serve else ROOT))
    if given.serve:
        serve()
        return
    with tempfile.TemporaryDirectory() as scratch:
        folder = given.papers or Path(scratch) / "papers"
        folder.mkdir(parents=True, exist_ok=True)
        files = [each for each in kept(folder, given.data) if given.only in each[0]]
        sys.exit(not compare(files, given.other.resolve(), Path(scratch)))


if __name__ == "__main__":
    main()
