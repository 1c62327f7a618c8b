"""Other free programs beside ours on the same made-up pages: `tests/bench/scan_peers.py [--python FILE]`.

Each that is installed is run, of the others is said "not installed". `--python` names an interpreter that has
the peers' own packages (deskew, jdeskew, page-dewarp, doxapy, ocrmypdf), which this project does not need.
Slow: minutes for each page of a kind. Times are the whole program's, start included; ours too. KB are
those of what a program writes; of those that write bare pixels, of a JPEG of quality 75.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

import cv2  # noqa: E402
import numpy as np  # noqa: E402

from scanner.sheet.codecs import g4_bytes, jpeg_bytes  # noqa: E402
from tests.bench.drawn.synth import FAULTS, PAPERS, WORN, Paper, make_paper, photograph, scan  # noqa: E402
from tests.bench.drawn.tabletop import any_paper, shoot  # noqa: E402
from tests.bench.quality.measure import SEED, errors_of  # noqa: E402

Run = Callable[[Path, Path], None]
"""Reads a picture, writes a clean one."""

OURS = """
import sys, cv2
sys.path.insert(0, sys.argv[1])
from scanner.clean.page import clean_page
from pathlib import Path
from scanner.sheet import SheetPage, write_pdf
page = clean_page(cv2.imread(sys.argv[2]), dpi=float(sys.argv[4]) or None)
sheet = SheetPage(page.image, page.width_mm, page.height_mm, page.mode)
write_pdf([sheet], Path(sys.argv[3]), title="x", budget_bytes=6_000_000)
"""

LEVELLED = """
import cv2, numpy as np
image = cv2.imread({source!r})
grey = cv2.cvtColor(image, cv2.COLOR_BGR2GRAY)
{code}
height, width = grey.shape
turn = cv2.getRotationMatrix2D((width / 2, height / 2), float(angle(grey)), 1)
page = cv2.warpAffine(image, turn, (width, height), flags=cv2.INTER_CUBIC, borderValue=(255, 255, 255))
{ink}
cv2.imwrite({out!r}, page)
"""

ANGLES = {
    "deskew": "from deskew import determine_skew\nangle = lambda image: determine_skew(image) or 0",
    "jdeskew": "from jdeskew.estimator import get_angle\nangle = get_angle",
    "ours": "from scanner.clean.geometry.skew import find_skew\nangle = lambda page: find_skew(page).degrees",
}
"""How far a page is turned clockwise, from its grey picture."""

INKS = {
    **{
        f"doxapy {name}": "import doxapy\n"
        "def ink(image):\n"
        "    out = np.empty(image.shape, image.dtype)\n"
        f"    method = doxapy.Binarization(doxapy.Binarization.Algorithms.{name})\n"
        "    method.initialize(image)\n"
        "    method.to_binary(out)\n"
        "    return out == 0"
        for name in ("ISAUVOLA", "SAUVOLA", "OTSU")
    },
    "ours": "from scanner.clean.ink.binarise import binarise\n"
    "from scanner.clean.ink.light import divide_light, paper_map\n"
    "def ink(image): return binarise(divide_light(image, paper_map(image))) == 0",
}

LOOP = """
import json, sys, time
import cv2, numpy as np
sys.path.insert(0, sys.argv[1])
{code}
for name in sys.argv[2:]:
    image = cv2.imread(name, cv2.IMREAD_GRAYSCALE)
    start = time.perf_counter()
    {act}
    print(json.dumps([said, time.perf_counter() - start]))
"""

SKEW = "said = float(angle(image))"
INK = """found = ink(image)
    truth = cv2.imread(name.replace("Originals", "GT").replace(".png", "_gt.png"), 0) < 128
    said = 200 * float((found & truth).sum()) / float(found.sum() + truth.sum())"""


def asked(python: str, code: str, act: str, files: Sequence[Path]) -> list[tuple[float, float]] | None:
    """What the code says of each file, with seconds; None where the interpreter lacks its package."""
    script = LOOP.format(code=code, act=act)
    done = subprocess.run(
        [python, "-c", script, str(ROOT), *map(str, files)], capture_output=True, text=True, check=False
    )
    if "ModuleNotFoundError" in done.stderr:
        return None
    done.check_returncode()
    return [tuple(json.loads(line)) for line in done.stdout.splitlines() if line.startswith("[")]


def skews(python: str, count: int, folder: Path) -> Iterator[str]:
    """Error of the measured lean on made-up scans."""
    leans, files = [], []
    for k in range(count):
        rng = np.random.default_rng(SEED + 400 + k)
        lean = float(rng.uniform(-14, 14))
        image = scan(rng, make_paper(rng, PAPERS[k % 8], 200), lean, FAULTS[k % len(FAULTS)]).image
        files.append(folder / f"lean{k}.png")
        leans.append(lean)
        cv2.imwrite(str(files[-1]), image)
    answers = {
        name: asked(sys.executable if name == "ours" else python, code, SKEW, files)
        for name, code in ANGLES.items()
    }
    answers["ImageMagick -deskew"] = by_magick(files)
    for name, answer in answers.items():
        if answer is None:
            yield f"{name:28} not installed"
            continue
        off = np.abs([said - lean for (said, _), lean in zip(answer, leans, strict=True)])
        spent = 1000 * np.median([seconds for _, seconds in answer])
        told = f"{off.mean():7.3f} / {100 * (off < 0.1).mean():3.0f} % / {off.max():6.2f}"
        yield f"{name:28} {told}  {spent:7.0f} ms"


def by_magick(files: Sequence[Path]) -> list[tuple[float, float]] | None:
    program = shutil.which("magick") or shutil.which("convert")
    if program is None:
        return None
    said = []
    for file in files:
        start = time.perf_counter()
        words = [program, str(file), "-deskew", "40%", "-format", "%[deskew:angle]", "info:"]
        done = subprocess.run(words, capture_output=True, text=True, check=True)
        said.append((-float(done.stdout or 0), time.perf_counter() - start))
    return said


def inks(python: str, data: Path) -> Iterator[str]:
    """F-measure on the competition's crops."""
    files = sorted((data / "dibco").glob("*/Originals/*.png"))
    for name, code in INKS.items():
        answer = asked(sys.executable if name == "ours" else python, code, INK, files)
        if answer is None:
            yield f"{name:28} not installed"
        elif answer:
            measured, seconds = np.mean(answer, axis=0)
            yield f"{name:28} {measured:6.1f}  {1000 * seconds:7.0f} ms"


def tools(python: str, dpi: int) -> dict[str, Run | None]:
    """Whole programs, from picture to picture; None for what is not there."""
    beside = Path(python).parent

    def there(name: str) -> str | None:
        return shutil.which(name) or shutil.which(str(beside / name))

    def run(*words: str, cwd: Path | None = None) -> None:
        path = f"{beside}{os.pathsep}{os.environ['PATH']}"
        subprocess.run(
            words, check=True, capture_output=True, cwd=cwd, env={**os.environ, "PATH": path}, timeout=300
        )

    def ours(source: Path, out: Path) -> None:
        pdf = out.with_suffix(".pdf")
        run(sys.executable, "-c", OURS, str(ROOT), str(source), str(pdf), str(dpi))

    def levelled(code: str, ink: str = "") -> Run:
        def level(source: Path, out: Path) -> None:
            run(python, "-c", LEVELLED.format(source=str(source), out=str(out), code=code, ink=ink))

        return level

    def has(module: str) -> bool:
        return not subprocess.run(
            [python, "-c", f"import {module}"], capture_output=True, check=False
        ).returncode

    def unpaper(source: Path, out: Path) -> None:
        pnm, made = source.with_suffix(".ppm"), out.with_suffix(".ppm")
        cv2.imwrite(str(pnm), cv2.imread(str(source)))
        run(str(there("unpaper")), "--overwrite", "--dpi", str(dpi or 300), str(pnm), str(made))
        cv2.imwrite(str(out), cv2.imread(str(made)))

    def ocrmypdf(source: Path, out: Path) -> None:
        pdf = out.with_suffix(".pdf")
        words = ["--deskew", "--clean", "--clean-final", "--tesseract-timeout", "0", "--output-type", "pdf"]
        run(str(there("ocrmypdf")), *words, "--image-dpi", str(dpi or 300), str(source), str(pdf))

    def magick(source: Path, out: Path) -> None:
        program = there("magick") or there("convert")
        run(str(program), str(source), "-deskew", "40%", "+repage", str(out))

    def dewarp(source: Path, out: Path) -> None:
        run(str(there("page-dewarp")), str(source.resolve()), cwd=out.parent)
        made = max(out.parent.glob("*_thresh.png"), key=lambda file: file.stat().st_mtime)
        made.replace(out)

    found: dict[str, Run | None] = {"ours": ours}
    for name, programs, tool in (
        ("unpaper", ("unpaper",), unpaper),
        ("OCRmyPDF --deskew --clean", ("ocrmypdf", "unpaper"), ocrmypdf),
        ("ImageMagick -deskew", ("magick", "convert"), magick),
        ("page-dewarp", ("page-dewarp",), dewarp),
    ):
        some = any if name.startswith("ImageMagick") else all
        found[name] = tool if some(there(program) for program in programs) else None
    found["deskew"] = levelled(ANGLES["deskew"]) if has("deskew") else None
    found["jdeskew"] = levelled(ANGLES["jdeskew"]) if has("jdeskew") else None
    both = has("jdeskew") and has("doxapy")
    binarised = (
        f"{INKS['doxapy ISAUVOLA']}\npage = np.where(ink(cv2.cvtColor(page, 6)), 0, 255).astype(np.uint8)"
    )
    found["jdeskew, doxapy ISauvola"] = levelled(ANGLES["jdeskew"], binarised) if both else None
    return found


def seen_and_size(out: Path) -> tuple[np.ndarray, float]:
    """What a program made, drawn at 300 dots per inch where it is a PDF, and its kilobytes."""
    import pypdfium2

    pdf = out.with_suffix(".pdf")
    if pdf.exists():
        with pypdfium2.PdfDocument(pdf) as document:
            return document[0].render(scale=300 / 72).to_numpy(), pdf.stat().st_size / 1000
    page = cv2.imread(str(out), cv2.IMREAD_UNCHANGED)
    if page.ndim == 2 and set(np.unique(page).tolist()) <= {0, 255}:
        return page, len(g4_bytes(page == 0)) / 1000
    return page, len(jpeg_bytes(page, 75)) / 1000


def degraded(k: int) -> tuple[np.ndarray, Paper]:
    rng = np.random.default_rng(SEED + 430 + k)
    paper = make_paper(rng, "short", 300)
    return scan(rng, paper, float(rng.uniform(-3, 3)), FAULTS[(3 + k) % 4]).image, paper


def worn(k: int) -> tuple[np.ndarray, Paper]:
    rng = np.random.default_rng(SEED + 490 + k)
    paper = make_paper(rng, "short", 300)
    return scan(rng, paper, float(rng.uniform(-3, 3)), WORN[(4 + k) % 5]).image, paper


def sealed(k: int) -> tuple[np.ndarray, Paper]:
    rng = np.random.default_rng(SEED + k)
    paper = make_paper(rng, "sealed", 300)
    return scan(rng, paper, 0.6).image, paper


def flat(k: int) -> tuple[np.ndarray, Paper]:
    rng = np.random.default_rng(SEED + 520 + k)
    paper = make_paper(rng, "short", 250)
    scene = ("shadow", "wood", "white", "clutter", "cloth")[k % 5]
    size = (3264, 2448)
    shot = photograph(rng, paper, scene, size, fill=0.93, tilt=12, finger=0, blur=0.7, upright=True, bend=0.0)
    return shot.image, paper


def bent(k: int) -> tuple[np.ndarray, Paper]:
    rng = np.random.default_rng(SEED + 460 + k)
    paper = any_paper(rng, "short", 200)
    shot = shoot(
        rng, [paper], "oak", (3264, 2448), bend=("cylinder", "gutter")[k % 2], strength=0.55,
        tilt=12, hand=0, upright=True, fill=0.93, blur=0.7,
    )  # fmt: skip
    return shot.image, paper


Draw = Callable[[int], tuple[np.ndarray, Paper]]
KINDS: tuple[tuple[str, int, Draw], ...] = (
    ("crooked and dirty scans", 300, degraded),
    ("worn scans", 300, worn),
    ("dense sealed scans", 300, sealed),
    ("flat sheets photographed", 0, flat),
    ("bent sheets photographed", 0, bent),
)
"""Name, dots per inch or 0, the picture and paper of a number."""


def whole(python: str, count: int, folder: Path, dpi: int, draw: Draw) -> Iterator[str]:
    """Character errors of tesseract after the whole program, its milliseconds and kilobytes a page."""
    made = []
    for k in range(count):
        image, paper = draw(k)
        made.append((folder / f"page{k}.png", paper.text))
        cv2.imwrite(str(made[-1][0]), image)
    for name, run in tools(python, dpi).items():
        if run is None:
            yield f"{name:28} not installed"
            continue
        errors, spent, sizes, failed = [], [], [], []
        for file, text in made:
            out = folder / "out.png"
            for old in (out, out.with_suffix(".pdf")):
                old.unlink(missing_ok=True)
            start = time.perf_counter()
            try:
                run(file, out)
            except (subprocess.SubprocessError, ValueError) as fault:
                failed.append(type(fault).__name__)
                continue
            spent.append(time.perf_counter() - start)
            page, size = seen_and_size(out)
            sizes.append(size)
            errors.append(errors_of(page, text))
        if errors:
            told = f"{np.mean(errors):6.2f} % {np.round(errors, 1)}  {1000 * np.median(spent):6.0f} ms"
            yield f"{name:28} {told}  {np.mean(sizes):5.0f} KB{f', failed: {failed}' if failed else ''}"
        else:
            yield f"{name:28} failed: {failed}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    given = os.environ.get("KIOSK_SCAN_DATA")
    parser.add_argument("--python", default=sys.executable, help="an interpreter with the peers' packages")
    parser.add_argument("--data", type=Path, default=Path(given) if given else None)
    parser.add_argument("--count", type=int, default=10)
    given_now = parser.parse_args()
    python, count = given_now.python, given_now.count
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        tables: list[tuple[str, Iterator[str]]] = [
            ("lean of scans: mean error in degrees / below 0.1 / worst, ms", skews(python, count, folder)),
        ]
        if given_now.data:
            tables.append(("ink of degraded pages: F-measure, ms", inks(python, given_now.data)))
        if shutil.which("tesseract"):
            for kind, dpi, draw in KINDS:
                rows = whole(python, max(1, count // 3), folder, dpi, draw)
                tables.append((f"{kind}: character errors, ms, KB a page", rows))
        for title, rows in tables:
            print(title)  # noqa: T201
            for row in rows:
                print(f"  {row}", flush=True)  # noqa: T201


if __name__ == "__main__":
    main()
