"""The rows of scan_quality about ink: small print that stays whole, pale ticks, degraded pages, blanks."""

import time
from collections import Counter
from collections.abc import Iterator
from itertools import product

import cv2
import numpy as np
from PIL import Image, ImageDraw

from kioskcore.ports import ColourMode
from scanner.clean.geometry.skew import letter_boxes
from scanner.clean.geometry.turn import letter_height
from scanner.clean.ink.binarise import binarise, black_white
from scanner.clean.ink.blank import is_blank
from scanner.clean.ink.light import PAPER_WHITE, divide_light, paper_map
from scanner.clean.judge.judge import Verdict
from scanner.clean.page import clean_page
from tests.bench.drawn.pencilled import KINDS, WEARS, account, made_up, pencilled, told
from tests.bench.drawn.synth import font
from tests.bench.drawn.ticks import WORN, came_up, marks_on, ticked_form
from tests.bench.quality.measure import SEED, Asked, Row

SAYS = "Nguyễn Văn Thử, Giấy khai sinh số 118, ngày 05/09/1956 tại xã Đồng Tâm; kính gửi: ặ ẽ ỗ ị ữ."
SERIF, SANS = 2, 3  # faces of `font`
LEAST_PIECE = 6  # px of ink: a dot or a tone mark
MOST_LOST = 0.005  # of its pieces
LEAST_TICK = 25  # of 255, that a tick is darker than its box
FRAME_PX = 18  # a page has margins
BARE = ("", "grain", "fold")  # ways to be worn of which nothing shall be left


def small_print(
    rng: np.random.Generator, face: int, px: int, grey: int, noise: float, soft: float = 0.0
) -> tuple[np.ndarray, np.ndarray]:
    """A corner of a page of clean print: grey as drawn, and as a scanner sees it; uint8 (H, W).

    `soft`: px of blur, as from a lens.
    """
    image = Image.new("L", (900, 420), 255)
    draw = ImageDraw.Draw(image)
    for row, top in enumerate(range(20, 400 - px, round(1.7 * px))):
        draw.text((20, top), f"{SAYS[row:]} {SAYS} {SAYS}", font=font(face, px), fill=grey)
    drawn = np.asarray(image)
    blurred = cv2.GaussianBlur(drawn.astype(np.float32), (0, 0), soft) if soft else drawn
    seen = np.clip(blurred + rng.normal(0, noise, drawn.shape), 0, 255).astype(np.uint8)
    return drawn, cv2.imdecode(cv2.imencode(".jpg", seen, [cv2.IMWRITE_JPEG_QUALITY, 90])[1], 0)


def lost_pieces(drawn: np.ndarray, page: np.ndarray) -> tuple[int, int]:
    """How many pieces of drawn ink are not black on the page, of how many; what lies at the frame is none."""
    _, labels, stats, _ = cv2.connectedComponentsWithStats((drawn < 160).astype(np.uint8))
    kept = np.bincount(labels.ravel(), weights=(page == 0).ravel()) / stats[:, cv2.CC_STAT_AREA]
    left, top, wide, high, area = stats.T
    right, bottom = left + wide, top + high
    whole = (left >= FRAME_PX) & (top >= FRAME_PX)
    whole &= (right <= drawn.shape[1] - FRAME_PX) & (bottom <= drawn.shape[0] - FRAME_PX)
    pieces = whole & (area >= LEAST_PIECE)
    pieces[0] = False
    return int((pieces & (kept < 0.2)).sum()), int(pieces.sum())


def strokes(asked: Asked) -> list[Row]:
    """Small print of every size, darkness and grain."""
    lost = of = 0
    kinds = list(product((150, 200, 300), (6, 7, 8.6, 11, 14), (SERIF, SANS), (0, 15, 60, 90), (0, 2, 4)))
    rng = np.random.default_rng(SEED)
    for dpi, points, face, grey, noise in (kinds[k] for k in rng.permutation(len(kinds))[: 4 * asked.count]):
        drawn, seen = small_print(rng, face, round(points * dpi / 72), grey, noise)
        light = paper_map(seen)
        gone, all_ = lost_pieces(drawn, binarise(divide_light(seen, light, 255 * 255 / PAPER_WHITE), dpi))
        lost, of = lost + gone, of + all_
    return [
        Row("pieces of small print lost in black-white", f"{lost} of {of}", "0", lost == 0),
        *_soft_strokes(8 * asked.count),
    ]


def _soft_strokes(count: int) -> Iterator[Row]:
    """Small print through a soft lens: grey where black-white would lose marks, but not where it is sharp."""
    torn = sharp = greyed = soft = 0
    for k in range(count):
        rng = np.random.default_rng(SEED + 170_000 + k)
        dpi, lens = int(rng.choice((150, 200, 300))), float(rng.choice((0, 0.5, 0.9, 1.1, 1.4, 1.8)))
        px, grey = round(rng.uniform(7, 14) * dpi / 72), int(rng.integers(0, 90))
        drawn, seen = small_print(rng, int(rng.integers(5)), px, grey, rng.uniform(0, 4), lens)
        lit = divide_light(seen, paper_map(seen), 255 * 255 / PAPER_WHITE)
        made = black_white(lit, dpi)
        lost, of = lost_pieces(drawn, made.page)
        melts = made.melts(letter_height(letter_boxes(lit)) or 0.58 * px)
        sharp += lens < 0.7
        greyed += melts and lens < 0.7
        soft += lost > MOST_LOST * of
        torn += lost > MOST_LOST * of and not melts
    few = torn <= 0.05 * soft
    yield Row("soft print that lost marks, kept black-white", f"{torn} of {soft}", "5 %", few)
    yield Row("sharp small print kept grey", f"{greyed} of {sharp}", "0", greyed == 0)


def ticks(asked: Asked) -> list[Row]:
    """Forms with boxes ticked in pencil, clean and worn, in both tones; and with none ticked."""
    of = lost = untold = empty = up = alarms = 0
    for k in range(6 * asked.count):
        rng, worn = np.random.default_rng(SEED + 190_000 + k), WORN[k % len(WORN)]
        nothing = k // len(WORN) % 3 == 2
        form = ticked_form(rng, worn, depth=0.1 if nothing else float(rng.uniform(20, 70)))
        tone = (ColourMode.AUTO, ColourMode.BLACK_WHITE)[k % 2]
        page = clean_page(form.image, dpi=form.dpi, tone=tone, turn_degrees=0)
        told = Verdict.FAINT in page.verdicts
        if nothing:
            empty += len(form.boxes)
            up += int((came_up(form, page.image) > 0.1).sum())
            alarms += told
        else:
            gone = int((marks_on(form, page.image) < LEAST_TICK).sum())
            of, lost, untold = of + int(form.ticked.sum()), lost + gone, untold + (0 if told else gone)
    few = lost <= 0.03 * of and untold <= 0.01 * of
    return [
        Row("pale ticks in boxes", f"lost {lost}, untold {untold} of {of}", "3 %, 1 %", few),
        Row(
            "ticks made up in empty boxes",
            f"{up} of {empty}, {alarms} forms told",
            "0.5 %",
            up <= 0.005 * empty,
        ),
    ]


def marks(asked: Asked) -> list[Row]:
    """Forms with pencil marks that are no letters, clean and worn; and with none."""
    said: Counter[str] = Counter()
    empty = alarms = 0
    dirt = 0.0
    for k in range(4 * asked.count):
        rng, worn = np.random.default_rng(SEED + 230_000 + k), WEARS[k % len(WEARS)]
        nothing = k // len(WEARS) % 3 == 2
        form = pencilled(rng, worn, kinds=() if nothing else KINDS)
        tone = (ColourMode.AUTO, ColourMode.BLACK_WHITE, ColourMode.GREY)[k % 3]
        page = clean_page(form.image, dpi=form.dpi, tone=tone, turn_degrees=0)
        said.update(what for _, what in account(form, page))
        if nothing:
            empty, alarms = empty + 1, alarms + bool(told(page))
        if worn in BARE:
            dirt = max(dirt, made_up(form, page))
    of = said.total()
    few = said["untold"] <= 0.1 * of
    return [
        Row("pencil marks on forms", f"told {said['told']}, untold {said['untold']} of {of}", "10 %", few),
        Row("forms without marks told", f"{alarms} of {empty}", "5 %", alarms <= 0.05 * empty),
        Row("most that came up where a form is bare", f"{dirt:.2f} mm2", "1", dirt <= 1),
    ]


def dibco(asked: Asked) -> list[Row]:
    scores: dict[str, list[float]] = {"all": [], "printed": []}
    spent = pixels = 0.0
    for truth in sorted((asked.data / "dibco").glob("*/GT/*_gt.png")) if asked.data else []:
        original = truth.parents[1] / "Originals" / truth.name.replace("_gt", "")
        if not original.exists():
            continue
        image = cv2.imread(str(original), cv2.IMREAD_GRAYSCALE)
        start = time.perf_counter()
        ink = binarise(divide_light(image, paper_map(image))) == 0
        spent += time.perf_counter() - start
        pixels += image.size
        real = cv2.imread(str(truth), cv2.IMREAD_GRAYSCALE) < 128
        value = 200 * float((ink & real).sum()) / max(float(ink.sum() + real.sum()), 1)
        scores["all"].append(value)
        if "-P" in original.name:
            scores["printed"].append(value)
    if not scores["all"]:
        return []
    reached = f"{np.mean(scores['all']):.1f} / {np.mean(scores['printed']):.1f} / {1e9 * spent / pixels:.1f}"
    holds = np.mean(scores["all"]) >= 86 and np.mean(scores["printed"]) >= 92 and spent / pixels < 15e-9
    return [Row("DIBCO F-measure all / printed / ms a megapixel", reached, "86 / 92 / 15", bool(holds))]


def blanks(asked: Asked) -> list[Row]:
    found, wrong = [], 0
    for name in ("blank1", "blank2", "notblank"):
        image = cv2.imread(str(asked.data / "blank" / f"{name}.jpg")) if asked.data else None
        if image is not None:
            blank = is_blank(image)
            found.append(f"{name} {'dropped' if blank else 'kept'}")
            wrong += blank == (name == "notblank")
    goal = "blank1, blank2 dropped, notblank kept"
    return [Row("blank pages", ", ".join(found), goal, wrong == 0)] if found else []
