"""The rows of scan_quality about what is said of a page and what is kept of it: both kinds of mistakes."""

from collections.abc import Iterator

import cv2
import numpy as np

from kioskcore.ports import ColourMode
from scanner.clean.geometry.flatten import A4_MM, A5_MM
from scanner.clean.judge.judge import Verdict
from scanner.clean.page import clean_page
from scanner.clean.plan import plan_page
from tests.bench.drawn.filled import HOWS, Form, carbon_copy, filled_form, share_kept
from tests.bench.drawn.framed import FRAMES, certificate, on_printed_ground
from tests.bench.drawn.glossy import SIZE, any_photograph, shine
from tests.bench.drawn.synth import PAPERS, make_paper, scan
from tests.bench.drawn.tabletop import TABLES, shoot
from tests.bench.drawn.third import lost_words, third_copy
from tests.bench.quality.measure import SEED, Asked, Row, drawn, sheet_page, stored_page

FIRST = SEED + 600_000
MOST_KEPT = 0.8
NEVER_TRUE = (Verdict.BLURRED, Verdict.GLARE, Verdict.DARK, Verdict.CUT, Verdict.FAINT)
"""Of good photographs that are large enough; some are held by a hand, and some soft."""


def glare(asked: Asked) -> Iterator[Row]:
    """Lights reflected by photographed pages, over print and beside it, and the same pages without."""
    hidden: list[bool] = []
    beside: list[bool] = []
    said: list[tuple[str, ...]] = []
    for seed in range(FIRST, FIRST + asked.count):
        image, corners = any_photograph(seed)
        said.append(_said(image, corners))
        for hides, told in ((True, hidden), (False, beside)):
            shone = shine(np.random.default_rng(seed), image, corners, hides=hides)
            if shone is not None:
                told.append(Verdict.GLARE in _said(shone.image, corners))
    told_of = sum(hidden) >= 0.8 * len(hidden)
    yield Row("glare over print", f"told {sum(hidden)} of {len(hidden)}", "80 %", told_of)
    few = sum(beside) <= 0.1 * len(beside)
    yield Row("light on bare paper", f"alarms {sum(beside)} of {len(beside)}", "10 %", few)
    blamed = {code.value: sum(code in each for each in said) for code in NEVER_TRUE}
    alarms = ", ".join(f"{code} {count}" for code, count in blamed.items())
    right = max(blamed.values()) <= 0.03 * len(said)
    yield Row("good photographs, alarms", f"{alarms} of {len(said)}", "3 % of each", right)


def grounds(asked: Asked) -> Iterator[Row]:
    """Sharp certificates with frames, most on a printed ground; and the same out of focus."""
    blamed = told = 0
    for k in range(asked.count):
        rng = np.random.default_rng(FIRST + 9000 + k)
        face = certificate(rng, FRAMES[k % len(FRAMES)], 200).image
        face = face if k % 3 == 0 else on_printed_ground(rng, face, 200)
        sharp, soft = (
            np.clip(cv2.GaussianBlur(face, (0, 0), spread) + rng.normal(0, 2, face.shape), 0, 255)
            for spread in (0.5, 5.0)
        )
        blamed += Verdict.BLURRED in clean_page(sharp.astype(np.uint8), dpi=200).verdicts
        told += Verdict.BLURRED in clean_page(soft.astype(np.uint8), dpi=200).verdicts
    yield Row(
        "certificates called blurred", f"{blamed} of {asked.count}", "3 %", blamed <= 0.03 * asked.count
    )
    yield Row(
        "certificates out of focus", f"told {told} of {asked.count}", "95 %", told >= 0.95 * asked.count
    )


def _said(image: np.ndarray, corners: np.ndarray) -> tuple[str, ...]:
    return clean_page(image, corners=[tuple(point) for point in corners.tolist()]).verdicts


def pale(asked: Asked) -> Iterator[Row]:
    """Letters of faint ink, alone and beside black print; the other side's print, which shall go."""
    for name, print_too in (("alone", False), ("beside black print", True)):
        on_page, in_pdf, untold = [], [], 0
        for k in range(asked.count):
            rng = np.random.default_rng(FIRST + 5000 + k)
            form = filled_form(rng, HOWS[k % len(HOWS)], print_too=print_too)
            kept = _kept(form)
            on_page.append(kept[0])
            in_pdf.append(kept[1])
            untold += kept[0] < MOST_KEPT and not kept[2]
        reached = (
            f"page {np.mean(on_page):.3f}, PDF {np.mean(in_pdf):.3f}; pages below {MOST_KEPT} untold {untold}"
        )
        holds = bool(min(np.mean(on_page), np.mean(in_pdf)) >= 0.95 and not untold)
        yield Row(f"faint letters kept, {name}", f"{reached} of {len(on_page)}", "0.95; none", holds)
    dirt = [_show_through(np.random.default_rng(FIRST + 6000 + k), PAPERS[k % 3]) for k in range(asked.count)]
    reached = f"mean {np.mean(dirt):.4f}, most {max(dirt):.4f}"
    yield Row("show-through left, share of bare paper", reached, "0.005", bool(np.mean(dirt) <= 0.005))


def thirds(asked: Asked) -> Iterator[Row]:
    """Third copies, pale below a black heading, of which each word shall be there."""
    for name, size in (("A4", A4_MM), ("A5", A5_MM)):
        lost = untold = of = 0
        for k in range(asked.count):
            copy = third_copy(np.random.default_rng(FIRST + 9000 + k), size)
            page = clean_page(copy.image, dpi=copy.dpi, turn_degrees=0)
            gone = lost_words(copy, page.image)
            lost, of = lost + gone, of + len(copy.words)
            untold += 0 if Verdict.FAINT in page.verdicts else gone
        few = lost <= 0.005 * of and not untold
        yield Row(f"words lost of third copies, {name}", f"{lost}, untold {untold} of {of}", "0.5 %, 0", few)


def tones(asked: Asked) -> Iterator[Row]:
    """Pages of blue ink in colour; black print on yellow paper and under lamps without."""
    coloured = yellow = 0
    for k in range(asked.count):
        rng = np.random.default_rng(FIRST + 8000 + k)
        coloured += plan_page(carbon_copy(rng), None, 150).mode() is ColourMode.COLOUR
        paper = make_paper(rng, "text", 150)
        lamp = np.array([rng.uniform(0.55, 0.95), rng.uniform(0.8, 1), 1.0])
        plain = paper.image.max(axis=2)[..., None] * lamp
        grainy = np.clip(plain + rng.normal(0, 3, plain.shape), 0, 255).astype(np.uint8)
        yellow += plan_page(grainy, None, 150).mode() is ColourMode.COLOUR
    reached = f"{coloured} of {asked.count}"
    yield Row("blue carbon copies kept in colour", reached, "all", coloured == asked.count)
    yield Row("black on yellow paper in colour", f"{yellow} of {asked.count}", "0", yellow == 0)


def turns(asked: Asked) -> Iterator[Row]:
    """Upright papers on tables, looked at as if no page had been found: none may be turned."""
    wrong = told = 0
    for k in range(asked.count):
        rng = np.random.default_rng(FIRST + 7000 + k)
        paper = make_paper(rng, PAPERS[k % len(PAPERS)], 100)
        turn = plan_page(
            shoot(rng, [paper], TABLES[k % len(TABLES)], SIZE, upright=True).image, None, None
        ).turn
        wrong += turn.degrees != 0
        told += turn.doubted
    reached = f"wrong {wrong} of {asked.count}, told as unclear {told}"
    yield Row("turns on whole photographs", reached, "5 %", wrong <= 0.05 * asked.count)


def _kept(form: Form) -> tuple[float, float, bool]:
    """The share on the page, that in its PDF, and whether the person is told."""
    page = clean_page(form.image, dpi=form.dpi)
    with stored_page(sheet_page(page)) as (_, out):
        seen = drawn(out, page.image.shape)
    return share_kept(form, page.image), share_kept(form, seen), Verdict.FAINT in page.verdicts


def _show_through(rng: np.random.Generator, kind: str) -> float:
    paper = make_paper(rng, kind, 200)
    image = clean_page(scan(rng, paper, 0.0, "through").image, dpi=200).image
    darkest = image if image.ndim == 2 else image.min(axis=2)
    darkest = cv2.resize(darkest, paper.image.shape[1::-1], interpolation=cv2.INTER_AREA)
    print_ = (paper.image.min(axis=2) < 200).astype(np.uint8)
    bare = cv2.dilate(print_, np.ones((13, 13), np.uint8)) == 0
    return float((darkest[bare] < 225).mean())
