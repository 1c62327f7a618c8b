"""The rows of scan_quality about where the paper is and how it lies: time to corners, lean, orientation."""

from collections.abc import Iterator
from functools import partial

import cv2
import numpy as np

from scanner.clean.finder.find import find_page
from scanner.clean.geometry.skew import find_skew
from scanner.clean.geometry.turn import find_turn
from scanner.clean.page import clean_page
from tests.bench.drawn.synth import FAULTS, PAPERS, make_paper, scan
from tests.bench.quality.crops import hard_photograph, large_photograph
from tests.bench.quality.measure import SEED, Asked, Row, best


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
    reached = f"{values.mean():.4f} / {100 * (values < 0.1).mean():.0f} % / {values.max():.3f}"
    moved = sum(lean != 0 for lean in straight)
    holds = values.mean() <= 0.03 and (values < 0.1).mean() >= 0.98 and values.max() <= 0.2
    return [
        Row("skew: mean error / < 0.1 degree / worst", reached, "0.03 / 98 % / 0.2", bool(holds)),
        Row("straight pages moved", f"{moved} of {len(straight)}", "0", moved == 0),
    ]


def orientation(asked: Asked) -> Iterator[Row]:
    for name, drawn, count in (("", turned_page, 40), (", small and soft", soft_page, 10 * asked.count)):
        right = unsure = untold = 0
        for k in range(count):
            turn = find_turn(drawn(k))
            right += turn.sure and turn.degrees == k % 4 * 90
            unsure += not turn.sure
            untold += not turn.sure and not turn.doubted and k % 4 > 0
        reached = f"{right} right, {unsure} not sure" + (f", {untold} of these untold" if name else "")
        goal = f"{count} right or unsure"
        yield Row(f"orientation{name}, {count} cases", reached, goal, right + unsure == count)


def turned_page(k: int) -> np.ndarray:
    rng = np.random.default_rng(SEED + 300 + k)
    paper = make_paper(rng, ("text", "short", "form", "table")[k // 4 % 4], 200)
    image = scan(rng, paper, float(rng.normal(0, 2)), FAULTS[k % 5]).image
    return np.ascontiguousarray(np.rot90(image, k % 4))


def soft_page(k: int) -> np.ndarray:
    """A page as a camera of few dots sees it: 60 to 150 an inch, soft, in uneven light."""
    rng = np.random.default_rng(SEED + 9000 + k)
    paper = make_paper(rng, (*PAPERS, "receipt")[k // 4 % 9], 150)
    scale = float(rng.choice([60, 75, 90, 110, 150])) / paper.dpi
    image = cv2.resize(paper.image, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    if soft := float(rng.choice([0, 0.6, 1.0, 1.5, 2.2])):
        image = cv2.GaussianBlur(image, (0, 0), soft)
    height, width = image.shape[:2]
    light = np.linspace(rng.uniform(0.4, 1), 1, width) * np.linspace(rng.uniform(0.6, 1), 1, height)[:, None]
    noisy = image * light[..., None] + rng.normal(0, rng.uniform(0, 6), image.shape)
    aslant = cv2.getRotationMatrix2D((width / 2, height / 2), float(rng.normal(0, 1.2)), 1)
    lying = cv2.warpAffine(np.clip(noisy, 0, 255), aslant, (width, height), borderMode=cv2.BORDER_REPLICATE)
    return np.ascontiguousarray(np.rot90(lying.astype(np.uint8), k % 4))


def times(asked: Asked) -> Iterator[Row]:
    """Milliseconds until the place, the lean, the turn of a page are known."""
    page = turned_page(39)
    large = cv2.resize(turned_page(36), (2480, 3508))
    for name, work, most in (
        ("corners, 8 megapixels, plain", partial(find_page, large_photograph(SEED)), 60),
        ("corners, 8 megapixels, hard", partial(find_page, hard_photograph()), 60),
        ("skew, A4 300 dpi", partial(find_skew, large), 60),
        ("orientation", partial(find_turn, page), 500),
    ):
        spent = best(work, 9)
        yield Row(f"time to {name}", f"{spent:.0f} ms", f"{most} ms", spent <= most)
