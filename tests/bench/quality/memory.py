"""The rows of scan_quality about memory: the most a process held for a picture, by kind (Linux)."""

import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np

from scanner.sheet.codecs import with_dpi
from tests.bench.drawn.synth import make_paper, photograph, scan
from tests.bench.drawn.tabletop import any_paper, shoot
from tests.bench.quality.measure import SEED, Asked, Row

ROOT = Path(__file__).resolve().parents[3]
CHILD = """
import json, re, sys
from pathlib import Path
from kioskcore.config import Scan
from kioskcore.ports import ColourMode
from scanner.intake import Intake
from scanner.memory import give_back
from scanner.paper import PaperMaker
from scanner.protocol import Leaf, PaperRequest
most = lambda: int(re.search(r"VmHWM:\\s+(\\d+)", Path("/proc/self/status").read_text())[1]) * 1024 / 1e6
folder, settings, held = Path(sys.argv[1]).parent, Scan(text_layer=False), [most()]
pages = list(Intake(folder, settings).take(Path(sys.argv[1]), ColourMode.AUTO))
held.append(most())
give_back()
leaves = tuple(Leaf(page.clean.name, page.width_mm, page.height_mm, page.mode) for page in pages)
PaperMaker(folder, settings).one(PaperRequest(0, "paper", "x", leaves, 10**7, None), folder / "out.pdf")
print(json.dumps([*held, most(), len(pages), pages[0].mode]))
"""


def memory(asked: Asked) -> Iterator[Row]:
    """Each picture in a process of its own, as the scan child takes it; whole megabytes, imports included."""
    for kind, image, dots in pictures():
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder) / "picture.jpg"
            cv2.imwrite(str(file), image, [cv2.IMWRITE_JPEG_QUALITY, 92])
            if dots:
                file.write_bytes(with_dpi(file.read_bytes(), dots))
            words = [sys.executable, "-c", CHILD, str(file)]
            said = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=True).stdout
        start, cleaned, stored, pages, mode = json.loads(said)
        reached = f"{cleaned:.0f} MB cleaned, {stored:.0f} stored, of them {start:.0f} at the start"
        yield Row(f"memory, {kind}", f"{reached}; {pages} x {mode}", "300 MB", max(cleaned, stored) < 300)


def pictures() -> Iterator[tuple[str, np.ndarray, int]]:
    """What it is, the picture, its dots per inch or 0."""
    rng = np.random.default_rng(SEED + 500)
    size = (4032, 3024)
    yield "A4 300 dpi, sealed", scan(rng, make_paper(rng, "sealed", 300), 0.6).image, 300
    yield "A4 300 dpi, text", scan(rng, make_paper(rng, "text", 300), 0.6).image, 300
    yield "A4 600 dpi", cv2.resize(scan(rng, make_paper(rng, "text", 300), 0.6).image, None, fx=2, fy=2), 600
    flat = photograph(rng, make_paper(rng, "text", 200), "wood", (1632, 1224), finger=0, fill=0.93)
    yield "12 megapixels, flat", cv2.resize(flat.image, size[::-1]), 0
    for bend in ("cylinder", "gutter"):
        shot = shoot(
            rng, [any_paper(rng, "text", 200)], "oak", (3264, 2448), bend=bend, strength=0.55, tilt=12,
            hand=0, upright=True, fill=0.93, blur=0.7,
        )  # fmt: skip
        yield f"12 megapixels, bent ({bend})", cv2.resize(shot.image, size[::-1]), 0
    cards = shoot(rng, [any_paper(rng, "card") for _ in range(4)], "oak")
    yield "12 megapixels, four cards", cv2.resize(cards.image, size[::-1]), 0
