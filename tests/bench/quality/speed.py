"""The rows of scan_quality about time: to a first sight, and a whole page against what cannot be left out."""

import time
from collections.abc import Callable, Iterator

import cv2
import numpy as np

from kioskcore.ports import ColourMode
from scanner.clean.finder.find import find_page
from scanner.clean.page import clean_page
from scanner.intake import preview
from scanner.sheet.codecs import g4_bytes, jpeg_bytes
from tests.bench.drawn.synth import make_paper, scan
from tests.bench.quality.measure import SEED, Asked, Row, best


def speed(asked: Asked) -> Iterator[Row]:
    """Milliseconds on the wall, and of all cores together in brackets."""
    rng = np.random.default_rng(SEED)
    image = scan(rng, make_paper(rng, "sealed", 300), 0.6).image
    raw = jpeg_bytes(image, 90)

    def decode() -> np.ndarray:
        return cv2.imdecode(np.frombuffer(raw, np.uint8), 1)

    spent = best(lambda: preview(decode()))
    yield Row("decode and first sight, A4 300 dpi", f"{spent:.0f} ms", "250 ms", spent <= 250)
    wall, cores = both(lambda: find_page(image))
    reached = f"{wall:.0f} ms (cores {cores:.0f} ms)"
    yield Row("rim looked for, A4 300 dpi that it does not show", reached, "60 ms", wall <= 60)
    for mode in (ColourMode.COLOUR, ColourMode.GREY, ColourMode.BLACK_WHITE):
        needed = [both(part) for part in (decode, *unavoidable(image, mode))]
        wall, cores = (sum(part[k] for part in needed) for k in (0, 1))
        taken = both(lambda mode=mode: finished(decode(), mode))
        reached = f"{taken[0]:.0f} ms = {taken[0] / wall:.2f} x {wall:.0f} ms"
        reached += f" (cores {taken[1]:.0f} ms = {taken[1] / cores:.2f} x {cores:.0f})"
        yield Row(f"whole page, {mode.value}", reached, "1.6 x", taken[0] <= 1.6 * wall)


def both(work: Callable[[], object], times: int = 7) -> tuple[float, ...]:
    """Milliseconds on the wall and of all cores, each the least of several."""
    spent = []
    for _ in range(times):
        wall, cores = time.perf_counter(), time.process_time()
        work()
        spent.append((time.perf_counter() - wall, time.process_time() - cores))
    return tuple(1000 * min(each) for each in zip(*spent, strict=True))


def finished(image: np.ndarray, mode: ColourMode) -> None:
    page = clean_page(image, dpi=300, tone=mode)
    g4_bytes(page.image == 0) if mode is ColourMode.BLACK_WHITE else jpeg_bytes(page.image, 75)


def unavoidable(image: np.ndarray, mode: ColourMode) -> list[Callable[[], object]]:
    """One warp, one light map, one threshold, one encode, each as five lines of OpenCV."""
    source = image if mode is ColourMode.COLOUR else cv2.cvtColor(image, cv2.COLOR_BGR2GRAY)
    turn = cv2.getRotationMatrix2D((1240, 1754), 0.6, 1.0)
    size = source.shape[1::-1]
    parts: list[Callable[[], object]] = [
        lambda: cv2.warpAffine(source, turn, size, flags=cv2.INTER_LINEAR),
        lambda: simple_light(source),
    ]
    if mode is not ColourMode.COLOUR:
        parts.append(lambda: cv2.cvtColor(image, cv2.COLOR_BGR2GRAY))
    if mode is not ColourMode.BLACK_WHITE:
        return [*parts, lambda: jpeg_bytes(source, 75)]
    ink = source < 128
    parts.append(lambda: cv2.threshold(source, 0, 255, cv2.THRESH_BINARY + cv2.THRESH_OTSU))
    return [*parts, lambda: g4_bytes(ink)]


def simple_light(source: np.ndarray) -> np.ndarray:
    small = cv2.resize(source, None, fx=0.125, fy=0.125, interpolation=cv2.INTER_AREA)
    paper = cv2.medianBlur(cv2.dilate(small, np.ones((7, 7), np.uint8)), 21)
    return cv2.divide(source, cv2.resize(paper, source.shape[1::-1]), scale=255)
