"""The rows of scan_quality about what is printed besides letters: copies of cards, dots, tinted fields."""

from collections.abc import Iterator

import numpy as np

from kioskcore.ports import ColourMode
from scanner.clean.arrays import grey_of
from scanner.clean.judge.judge import Verdict
from scanner.clean.page import clean_page
from tests.bench.drawn import tabletop
from tests.bench.drawn.boxed import boxed, covered, drawn_dark
from tests.bench.drawn.copied import copied, ground_kept
from tests.bench.drawn.dotted import BLACK, SEEN, dirt_left, dotted, lost_dots
from tests.bench.drawn.pencilled import pencilled
from tests.bench.drawn.shaded import in_shadow, left_dark
from tests.bench.drawn.synth import scan
from tests.bench.quality.measure import SEED, Asked, Row, drawn, sheet_page, stored_page

MOST_DARK, MOST_KB = 1.0, 40
IN_SHADOW = 0.02  # of the bare paper
WHOLE = 0.95  # of the ground of both cards


def copies(asked: Asked) -> Iterator[Row]:
    """Both sides of an identity card on one sheet, in colours and in grey, scanned and photographed."""
    for photographed in (False, True):
        kept, stored, blurred = [], [], 0
        for k in range(asked.count):
            rng = np.random.default_rng(SEED + 260_000 + k + 1000 * photographed)
            dpi = 200.0 if photographed else float(rng.choice((150, 200, 300)))
            copy = copied(rng, dpi, high=210.0 if k % 5 == 4 else 297.0, grey=k % 4 == 3)
            if photographed:
                table = str(rng.choice(tabletop.TABLES))
                shot = tabletop.shoot(rng, [copy.paper], table, (2400, 1800), upright=True, hand=0, blur=0.5)
                page = clean_page(shot.image, corners=_points(shot.corners[0]), turn_degrees=0)
            else:
                seen = scan(rng, copy.paper, noise=float(rng.uniform(1, 3))).image
                page = clean_page(seen, dpi=dpi, corners=_points(_rim(seen)), turn_degrees=0)
            kept.append(ground_kept(copy, page.image))
            blurred += Verdict.BLURRED in page.verdicts
            with stored_page(sheet_page(page)) as (_, out):
                stored.append(ground_kept(copy, drawn(out, page.image.shape)))
        whole, of = int((np.array(kept) >= WHOLE).sum()), len(kept)
        what = "copies of cards, " + ("photographed" if photographed else "scanned")
        ground = f"ground kept {np.mean(kept):.3f} -> {np.mean(stored):.3f}"
        few = whole >= (0.85 if photographed else 1.0) * of and np.mean(stored) >= np.mean(kept) - 0.01
        goal = "85 %" if photographed else "all"
        yield Row(what, f"{whole} of {of}, {ground}, {blurred} blurred", goal, bool(few))


def dots(asked: Asked) -> Iterator[Row]:
    """Small and thin print, clean and with more and more dirt: in the tone that is chosen, and in black-white
    that is asked for, what is lost and not told."""
    for dirt_cm2 in (0.0, 0.5, 2.0, 8.0):
        lost = marks = left = specks = grey = untold = 0
        for k in range(asked.count):
            slip = dotted(np.random.default_rng(SEED + 290_000 + k), dirt_cm2)
            page = clean_page(slip.image, dpi=slip.dpi, turn_degrees=0)
            black = clean_page(slip.image, dpi=slip.dpi, tone=ColourMode.BLACK_WHITE, turn_degrees=0)
            kept_grey = page.mode is not ColourMode.BLACK_WHITE
            few, of = lost_dots(slip, page.image, SEEN if kept_grey else BLACK)
            still, before = dirt_left(slip, page.image)
            lost, marks, left, specks = lost + few, marks + of, left + still, specks + before
            grey += kept_grey
            if black.mode is ColourMode.BLACK_WHITE and Verdict.FAINT not in black.verdicts:
                untold += lost_dots(slip, black.image)[0]
        what = f"dots and marks lost, {dirt_cm2:g} specks of dirt a cm2"
        reached = f"{lost} of {marks}; {grey} grey; dirt left {left} of {specks}; asked {untold} untold"
        yield Row(what, reached, "0.5 %, both", max(lost, untold) <= 0.005 * marks)


def boxes(asked: Asked) -> Iterator[Row]:
    """Empty forms with white boxes on tinted blocks, and with thin dark frames in black-white."""
    dark, sizes, told = [], [], 0
    for k in range(asked.count):
        form = boxed(np.random.default_rng(SEED + 270_000 + k), tinted=True)
        page = clean_page(form.image, dpi=form.dpi, turn_degrees=0)
        dark.append(drawn_dark(form, page.image))
        told += Verdict.FAINT in page.verdicts
        with stored_page(sheet_page(page)) as (report, _):
            sizes.append(report.total_bytes / 1000)
    few = max(dark) <= MOST_DARK and np.median(sizes) <= MOST_KB and not told
    reached = f"{max(dark):.1f} mm2 dark, KB {np.median(sizes):.0f} to {max(sizes):.0f}, {told} told"
    yield Row("white boxes on tinted blocks, the worst", reached, "1 mm2, 40 KB (median), 0", bool(few))
    dark, kept = [], []
    for k in range(asked.count):
        rng = np.random.default_rng(SEED + 277_000 + k)
        form = boxed(rng, tinted=True, pencil=int(rng.integers(40, 110)))
        page = clean_page(form.image, dpi=form.dpi, corners=_points(_rim(form.image)), turn_degrees=0)
        dark.append(drawn_dark(form, page.image))
        kept.append(float((grey_of(page.image)[form.pencil] < SEEN).mean()))
    reached = f"{max(dark):.1f} mm2 dark, letters {np.mean(kept):.3f}"
    few = max(dark) <= MOST_DARK and np.mean(kept) >= WHOLE
    yield Row("letter-boxes 1 mm apart on tint, the worst", reached, "1 mm2, 0.95", bool(few))
    left = []
    for k in range(asked.count):
        form = boxed(np.random.default_rng(SEED + 275_000 + k), tinted=False)
        page = clean_page(form.image, dpi=form.dpi, tone=ColourMode.BLACK_WHITE, turn_degrees=0)
        left.append(covered(form, page.image))
    reached = f"{np.mean(left):.3f}, the worst {min(left):.3f}"
    yield Row("thin frames in black-white, length left", reached, "0.97", min(left) >= 0.97)


def shadows(asked: Asked) -> Iterator[Row]:
    """Photographed forms with tinted fields, half of them in a shadow."""
    dark = []
    for k in range(2 * asked.count):
        rng = np.random.default_rng(SEED + 280_000 + k)
        form = pencilled(rng, kinds=(), dpi=150, high=297.0 if k % 2 else 170.0)
        seen = in_shadow(rng, form)
        page = clean_page(seen, corners=_points(_rim(seen)), turn_degrees=0)
        dark.append(left_dark(form, page.image))
    left = sum(each > IN_SHADOW for each in dark)
    reached = f"{left} of {len(dark)}, the worst {max(dark):.3f}"
    yield Row("forms whose shadow is left", reached, "0", not left)


def _points(corners: np.ndarray) -> list[tuple[float, float]]:
    return [(float(x), float(y)) for x, y in corners]


def _rim(image: np.ndarray) -> np.ndarray:
    height, width = image.shape[:2]
    return np.array([[0, 0], [width, 0], [width, height], [0, height]], float) - 0.5
