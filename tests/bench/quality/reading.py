"""The rows of scan_quality that need a reader: letters misread on clean pages, and who is told of it."""

import shutil

import cv2
import numpy as np

from scanner.clean.geometry.skew import letter_boxes
from scanner.clean.geometry.turn import letter_height
from scanner.clean.ink.light import PAPER_WHITE, divide_light, paper_map
from scanner.clean.judge.legible import misread_odds
from scanner.clean.page import clean_page
from tests.bench.drawn.synth import FAULTS, FONT_FILES, PAPERS, WORN, make_paper, photograph, scan
from tests.bench.drawn.tabletop import shoot
from tests.bench.drawn.worn import OTHER_FONTS, OTHER_WEARS, WEARS, worn_block
from tests.bench.quality.measure import SEED, Asked, Row, errors_of


def reading(asked: Asked) -> list[Row]:
    if not shutil.which("tesseract"):
        return []
    rows = []
    scans, worn, photos, curled = [], [], [], []
    for k, fault in enumerate(("", "border", "grey", "dirty")):
        rng = np.random.default_rng(SEED + k)
        paper = make_paper(rng, "short", 300)
        page = clean_page(scan(rng, paper, (0, 3.0, -1.4, 2.5)[k], fault).image, dpi=300)
        scans.append(errors_of(page.image, paper.text))
    for k, fault in enumerate(WORN):
        rng = np.random.default_rng(SEED + 20 + k)
        paper = make_paper(rng, "short", 300)
        page = clean_page(scan(rng, paper, float(rng.uniform(-3, 3)), fault).image, dpi=300)
        worn.append(errors_of(page.image, paper.text))
    for k, scene in enumerate(("wood", "shadow", "white", "clutter", "cloth", "wood")):
        rng = np.random.default_rng(SEED + 50 + k)
        paper = make_paper(rng, "short", 250)
        bend = 0.03 if k == 5 else 0.0
        photo = photograph(
            rng, paper, scene, (3264, 2448), fill=0.93, tilt=12, finger=0, blur=0.7, upright=True, bend=bend
        )
        (curled if bend else photos).append(errors_of(clean_page(photo.image).image, paper.text))
    bent = [curled_errors(k) for k in range(6)]
    for name, values, goal in (
        ("sheets bent in space", bent, "5 %"),
        ("degraded scans", scans, "0.40 %"),
        (f"scans with {', '.join(WORN)}", worn, "0.40 %"),
        ("five flat camera conditions", photos, "0.30 %"),
        ("curled page", curled, "5 %"),
    ):
        holds = float(np.mean(values)) <= float(goal.split()[0])
        rows.append(
            Row(f"character errors, {name}", f"{np.mean(values):.2f} % {np.round(values, 2)}", goal, holds)
        )
    return rows


def curled_errors(k: int) -> float:
    rng = np.random.default_rng(SEED + 70 + k)
    paper = make_paper(rng, "short" if k % 2 else "text", 200)
    shot = shoot(
        rng, [paper], ("oak", "plain", "weave")[k % 3], (3264, 2448),
        bend=("cylinder", "gutter", "wave")[k // 2], strength=0.55, tilt=12,
        hand=0, upright=True, fill=0.93, blur=0.7,
    )  # fmt: skip
    return errors_of(clean_page(shot.image).image, paper.text)


def blur(asked: Asked) -> list[Row]:
    """Blocks worn in ways that the judge was fitted to and in others; read is what the kiosk keeps."""
    blamed = good_pages_blamed(asked.count)
    rows = [
        Row("good pages called blurred", f"{blamed} of {asked.count}", "2 %", blamed <= 0.02 * asked.count)
    ]
    if not shutil.which("tesseract"):
        return rows
    ways, odds, bad = [], [], []
    for k in range(8 * asked.count):
        wear = (WEARS + OTHER_WEARS)[k % (len(WEARS) + len(OTHER_WEARS))]
        block = worn_block(np.random.default_rng(SEED + 130_000 + k), wear, FONT_FILES + OTHER_FONTS)
        lit = divide_light(block.image, paper_map(block.image), 255 * 255 / PAPER_WHITE)
        value = misread_odds(lit, letter_height(letter_boxes(lit)) or block.letter_px)
        if value is None:
            continue  # so pale that nothing is left: a matter of "blank"
        size = [round(side * 300 / block.dpi) for side in lit.shape[::-1]]
        errors = errors_of(cv2.resize(lit, size, interpolation=cv2.INTER_CUBIC), block.text)
        ways.append(wear)
        odds.append(value)
        bad.append(errors > 5)
    worst, unread, way = np.array(odds), np.array(bad), np.array(ways)
    for name, mine in (
        ("all kinds", np.ones(len(way), bool)),
        ("kinds of the fitting", np.isin(way, WEARS)),
        ("all but double pictures", way != "twice"),
    ):
        one, other = worst[mine & unread], worst[mine & ~unread]
        area = float((one[:, None] > other[None]).mean())
        told = f"missed {int((one < 0).sum())} of {len(one)}, blamed {int((other > 0).sum())} of {len(other)}"
        what = f"blur warning, area under the curve, {name}"
        rows.append(Row(what, f"{area:.3f}; {told}", "0.97", area >= 0.97))
    return rows


def good_pages_blamed(count: int) -> int:
    blamed = 0
    for k in range(count):
        rng = np.random.default_rng(SEED + 140_000 + k)
        dpi = (200, 300)[k % 2]
        image = scan(rng, make_paper(rng, PAPERS[k % 8], dpi), 0.0, FAULTS[k % 5]).image
        blamed += "blurred" in clean_page(image, dpi=dpi).verdicts
    return blamed
