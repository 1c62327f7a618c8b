"""The rows of scan_quality about where the paper is and how it lies: time to corners, lean, orientation."""

from collections.abc import Iterator

import cv2
import numpy as np

from scanner.clean.find import find_page
from scanner.clean.page import clean_page
from scanner.clean.skew import find_skew
from scanner.clean.turn import find_turn
from tests.bench.quality.crops import crops, hard_photograph, large_photograph
from tests.bench.quality.measure import SEED, Asked, Row, best
from tests.bench.synth import FAULTS, PAPERS, make_paper, scan


def corners(asked: Asked) -> Iterator[Row]:
    """Rows as they are ready: some seconds for each of `count`."""
    yield from crops(asked.count, asked.seed)
    for name, image in (("plain", large_photograph(SEED)), ("hard", hard_photograph())):
        spent = best(lambda image=image: find_page(image), 9)
        yield f"time to corners, 8 megapixels, {name}", f"{spent:.0f} ms", "60 ms"


def skew(asked: Asked) -> list[Row]:
    errors, straight = [], []
    for k in range(asked.count):
        rng = np.random.default_rng(SEED + k)
        lean = 0.0 if k % 5 == 0 else float(rng.uniform(-15, 15))
        image = scan(rng, make_paper(rng, PAPERS[k % 8], 200), lean, FAULTS[k % len(FAULTS)]).image
        errors.append(abs(find_skew(image).degrees - lean))
        if lean == 0:
            straight.append(clean_page(image, dpi=200).skew_degrees)
    values = np.array(errors)
    large = cv2.resize(image, (2480, 3508))
    spent = best(lambda: find_skew(large))
    reached = f"{values.mean():.4f} / {100 * (values < 0.1).mean():.0f} % / {values.max():.3f}"
    moved = sum(lean != 0 for lean in straight)
    return [
        ("skew: mean error / < 0.1 degree / worst", reached, "0.03 / 98 % / 0.2"),
        ("straight pages moved", f"{moved} of {len(straight)}", "0"),
        ("skew, A4 300 dpi", f"{spent:.0f} ms", "60 ms"),
    ]


def orientation(asked: Asked) -> list[Row]:
    right = unsure = 0
    for k in range(40):
        rng = np.random.default_rng(SEED + 300 + k)
        paper = make_paper(rng, ("text", "short", "form", "table")[k // 4 % 4], 200)
        image = np.ascontiguousarray(
            np.rot90(scan(rng, paper, float(rng.normal(0, 2)), FAULTS[k % 5]).image, k % 4)
        )
        turn = find_turn(image)
        right += turn.sure and turn.degrees == k % 4 * 90
        unsure += not turn.sure
    spent = best(lambda: find_turn(image), 3)
    return [
        (
            "orientation, 40 cases",
            f"{right} right, {unsure} not sure, {spent:.0f} ms",
            "40 right or unsure, 500 ms",
        )
    ]
