"""The rows of scan_quality about where a paper is seen: overlap, worst, share that is right, false crops.

A picture's seed is printed where what was taken is wrong, so that it can be drawn again. Of the papers not
taken it is told for how many the right outline was put together, and only not believed.
"""

from collections.abc import Callable, Iterator

import cv2
import numpy as np

from scanner.clean.finder.find import find_page
from scanner.clean.finder.look import look_at
from scanner.clean.finder.outlines import in_order
from scanner.clean.papers.place import find_pages
from tests.bench.drawn.books import open_book
from tests.bench.drawn.boxed import boxed
from tests.bench.drawn.framed import FRAMES, certificate
from tests.bench.drawn.synth import FAULTS, PAPERS, SCENES, Paper, jaccard, make_paper, photograph, scan
from tests.bench.drawn.tabletop import BENDS, KINDS, TABLES, Shot, any_paper, overlap, shoot
from tests.bench.drawn.uncommon import TURNS, uncommon
from tests.bench.quality.measure import Asked, Row

RIGHT = 0.95
GOAL = "0.985 / none wrong"
HARD = (
    ("flat, white, cloth, stone, wood", ("white", "weave", "marble", "oak", "carpet", "checked"), ("flat",)),
    ("flat, hard shadow in the dark", ("night",), ("flat",)),
    ("flat, among papers and things", ("desk", "sheets", "keyboard"), ("flat",)),
    ("bent sheets", TABLES, BENDS[1:]),
    ("bent: folded in two", TABLES, ("fold",)),
)
LARGE = (1600, 1200)


def on_a_table(seed: int, k: int) -> Shot:
    rng = np.random.default_rng(seed)
    return shoot(rng, [certificate(rng, FRAMES[k % len(FRAMES)])], str(rng.choice(TABLES)))


def on_grain(seed: int, k: int) -> Shot:
    rng = np.random.default_rng(seed)
    return shoot(rng, [certificate(rng, FRAMES[k % len(FRAMES)])], "timber", tilt=18)


def in_a_book(seed: int, k: int) -> Shot:
    rng = np.random.default_rng(seed)
    page, facing = (any_paper(rng, KINDS[(k + aside) % len(KINDS)]) for aside in (0, 7))
    return open_book(rng, page, facing, str(rng.choice(TABLES)), LARGE)


def with_a_head(seed: int, k: int) -> Shot:
    return uncommon(TURNS * seed + k % 3, LARGE)


def beside_another(seed: int, k: int) -> Shot:
    return uncommon(TURNS * seed + 3, LARGE)


SINGLE: tuple[tuple[str, str, Callable[[int, int], Shot], int], ...] = (
    ("certificates with printed frames", GOAL, on_a_table, 2),
    ("certificates on strong grain", GOAL, on_grain, 1),
    ("a page of an open book", "0.95 / none wrong", in_a_book, 1),
    ("heads printed up to the rim", GOAL, with_a_head, 2),
    ("on a folder, or touched by a dark thing", GOAL, beside_another, 1),
)
"""Of one paper each: name, goal, the picture by its seed and number, and how often `count` of them."""


class Tally:
    """Overlaps of what was taken with the truth, 0 where nothing was; each with its seed."""

    def __init__(self) -> None:
        self.scores: list[tuple[int, float]] = []
        self.seen: list[bool] = []

    def look(self, seed: int, image: np.ndarray, truth: np.ndarray, paper: Paper | None = None) -> None:
        """Asks for the page of a picture; `paper`: its sides are told by it, and not by the true corners."""
        corners = find_page(image).corners
        if corners is None:
            self.scores.append((seed, 0.0))
            self.seen.append(_put_together(image, truth))
        else:
            share = _near(corners, truth) if paper is None else jaccard(corners, truth, paper)
            self.scores.append((seed, share))

    def row(self, name: str, goal: str) -> Row:
        values = np.array([score for _, score in self.scores])
        wrong = [(seed, score) for seed, score in self.scores if 0 < score < RIGHT]
        taken = values[values > 0]
        mean = f", mean {taken.mean():.4f}, worst {taken.min():.3f}" if len(taken) else ""
        told = f"mean {values.mean():.4f}, >= .95 {100 * (values >= RIGHT).mean():.0f} %;"
        told += f" taken {len(taken)} of {len(values)}{mean}, wrong {len(wrong)}"
        if self.seen:
            told += f", of {len(self.seen)} not taken {sum(self.seen)} put together"
        seeds = " ".join(f"{seed} ({score:.2f})" for seed, score in wrong[:6])
        holds = not wrong and float(values.mean()) >= float(goal.split(maxsplit=1)[0])
        return Row(f"crops, {name}", told + (f": {seeds}" if wrong else ""), goal, holds)


def crops(asked: Asked) -> Iterator[Row]:
    """Rows as they are ready, about a second for each picture and row."""
    count, first = asked.count, asked.seed
    for name, bend in (("flat", 0.0), ("curled", 0.03)):
        tally = Tally()
        for k in range(count):
            rng = np.random.default_rng(first + k)
            paper = make_paper(rng, PAPERS[k % len(PAPERS)], 110)
            photo = photograph(rng, paper, SCENES[k % len(SCENES)], (1600, 1200), bend=bend)
            assert photo.corners is not None
            tally.look(first + k, photo.image, photo.corners, paper)
        yield tally.row(f"{name} photographs", GOAL if name == "flat" else "0.95 / none wrong")
    yield from tabletop(count, first + 9000)
    wrong = [k for k in range(count) if find_page(whole_page(first + 5000 + k)).corners is not None]
    yield Row("crops of pictures without page edge", f"{len(wrong)} of {count}", "0", not wrong)
    cut = [k for k in range(4 * count) if _is_cut(np.random.default_rng(first + 6000 + k), scanned=k % 2 > 0)]
    yield Row("crops of forms that are one tinted block", f"{len(cut)} of {4 * count}", "0", not cut)


def _is_cut(rng: np.random.Generator, *, scanned: bool) -> bool:
    form = boxed(rng, tinted=True, high=float(rng.uniform(120, 160)), whole=True)
    half = cv2.resize(form.image, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA)
    found = find_pages(half, dpi=form.dpi / 2 if scanned else None)
    return any(page.corners is not None for page in found)


def tabletop(count: int, first: int) -> Iterator[Row]:
    """Papers on the tables of tabletop.py: flat by groups of tables, bent, several in one picture."""
    whole = Tally()
    for name, tables, bends in HARD:
        tally = Tally()
        for k in range(count):
            rng = np.random.default_rng(first + k)
            papers = [any_paper(rng, KINDS[k % len(KINDS)])]
            shot = shoot(rng, papers, tables[k % len(tables)], bend=bends[k % len(bends)])
            tally.look(first + k, shot.image, shot.corners[0])
        yield tally.row(name, GOAL if "bent" not in name else "0.95 / none wrong")
        whole.scores += tally.scores
        whole.seen += tally.seen
    yield whole.row("all these hard ones", "0.985 / none wrong")
    for name, goal, drawn, times in SINGLE:
        tally = Tally()
        for k in range(times * count):
            shot = drawn(first + k, k)
            tally.look(first + k, shot.image, shot.corners[0])
        yield tally.row(name, goal)
    tally = Tally()
    for k in range(max(1, count // 4)):
        rng = np.random.default_rng(first + k)
        shot = shoot(rng, [any_paper(rng, "receipt") for _ in range(4)], TABLES[k % len(TABLES)])
        seen = [page.corners for page in find_pages(shot.image) if page.corners is not None]
        for truth in shot.corners:
            tally.scores.append((first + k, max((_near(quad, truth) for quad in seen), default=0.0)))
    yield tally.row("four receipts in one picture", GOAL)


def _put_together(image: np.ndarray, truth: np.ndarray) -> bool:
    """Whether any outline that the finder judged is right."""
    look = look_at(image)
    assert look is not None
    quads = (look.candidates[0].corners + 0.5) / look.factor - 0.5
    return max((overlap(in_order(quad), truth) for quad in quads), default=0.0) >= RIGHT


def _near(quad: np.ndarray, truth: np.ndarray) -> float:
    """What is taken and is no paper at all counts as taken."""
    return max(overlap(quad, truth), 1e-6)


def whole_page(seed: int) -> np.ndarray:
    rng = np.random.default_rng(seed)
    k = seed % 40
    return scan(rng, make_paper(rng, PAPERS[k % 8], 120), float(rng.normal(0, 2)), FAULTS[k % 5]).image


def large_photograph(seed: int) -> np.ndarray:
    """8 megapixels."""
    rng = np.random.default_rng(seed)
    return cv2.resize(photograph(rng, make_paper(rng), "wood", (1632, 1224)).image, (2448, 3264))


def hard_photograph() -> np.ndarray:
    """The same size of a paper among others, for which the finder looks twice."""
    rng = np.random.default_rng(9_000_001)
    return cv2.resize(shoot(rng, [any_paper(rng, "text")], "sheets").image, (2448, 3264))
