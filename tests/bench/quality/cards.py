"""The rows of scan_quality about identity cards: one and two, on tables and on the glass, and two in a row.

Found is a card whose outline overlaps the true one by 95 %; wrong is what was taken and is no card.
"""

import shutil
from collections.abc import Iterator

import numpy as np

from scanner.clean.page import clean_page
from scanner.clean.papers.place import find_pages
from tests.bench.drawn.in_row import GROUNDS, in_a_row
from tests.bench.drawn.plastic import CARDS, card, on_the_glass
from tests.bench.drawn.tabletop import overlap, shoot
from tests.bench.quality.crops import RIGHT
from tests.bench.quality.measure import SEED, Asked, Row, errors_of

GROUND = (("white table", "white"), ("wood", "oak"), ("cloth", "weave"))
GLASS_DPI = (150, 200, 300)
GAPS_MM = (0.0, 1.0, 3.0, 8.0, 15.0)
PALE = [kind for kind in CARDS if kind != "bank"]  # tesseract hardly reads white print on dark


def cards(asked: Asked) -> Iterator[Row]:
    first = asked.seed + 31_000
    for count in (1, 2):
        for name, table in GROUND:
            seen = Seen()
            for seed in range(first, first + asked.count):
                rng = np.random.default_rng(seed)
                faces = [card(rng, str(rng.choice(CARDS)), 200) for _ in range(count)]
                shot = shoot(rng, faces, table, tilt=18, hand=0)
                seen.look(seed, shot.corners, [page.corners for page in find_pages(shot.image)])
            yield seen.row(f"cards, {count} photographed, {name}", 0.95)
        seen = Seen()
        for seed in range(first, first + asked.count):
            rng = np.random.default_rng(seed)
            dpi = GLASS_DPI[seed % 3]
            faces = [card(rng, str(rng.choice(CARDS)), dpi) for _ in range(count)]
            image, corners = on_the_glass(rng, faces, dpi)
            seen.look(seed, corners, [page.corners for page in find_pages(image, dpi=dpi)])
        yield seen.row(f"cards, {count} on the glass", 0.95)
    seen = Seen()
    for seed in range(first, first + asked.count):
        rng = np.random.default_rng(seed)
        dpi = GLASS_DPI[seed % 3]
        faces = [card(rng, str(rng.choice(CARDS)), dpi) for _ in range(2)]
        image, corners = on_the_glass(rng, faces, dpi, GAPS_MM[seed % len(GAPS_MM)])
        seen.look(seed, corners, [page.corners for page in find_pages(image, dpi=dpi)])
    yield seen.row("cards, 2 near each other on the glass", 0.95)
    seen = Seen()
    for seed in range(first, first + 2 * asked.count):
        ground, kind = GROUNDS[seed % len(GROUNDS)], ("cards", "halves")[seed // 2 % 2]
        row = in_a_row(np.random.default_rng(seed), ground, kind)
        seen.look(seed, row.corners, [page.corners for page in find_pages(row.image)])
    yield seen.row("two papers in a row, on any table", 0.95)
    yield from letters(asked)


def letters(asked: Asked) -> Iterator[Row]:
    """Of cards whose place is known: print on their grounds, every other one under the shadow of a phone."""
    if not shutil.which("tesseract"):
        return
    errors = []
    for k in range(min(asked.count, 8)):
        rng = np.random.default_rng(SEED + 32_000 + k)
        face = card(rng, PALE[k % len(PALE)], 600)
        size = (2448, 3264)
        shot = shoot(
            rng, [face], ("night", "oak")[k % 2], size, tilt=12, hand=0, upright=True, fill=0.85, blur=0.8
        )
        corners = [tuple(point) for point in shot.corners[0].tolist()]
        errors.append(errors_of(clean_page(shot.image, corners=corners, turn_degrees=0).image, face.text))
    reached = f"{np.mean(errors):.2f} % {np.round(errors, 1)}"
    yield Row("character errors, photographed cards", reached, "1 %", bool(np.mean(errors) <= 1))


class Seen:
    """How many cards were found, and what else was taken, with its seed."""

    def __init__(self) -> None:
        self.cards = self.found = self.pictures = self.whole = 0
        self.wrong: list[int] = []

    def look(self, seed: int, truth: list[np.ndarray], taken: list[np.ndarray | None]) -> None:
        quads = [quad for quad in taken if quad is not None]
        right = sum(any(overlap(quad, each) >= RIGHT for quad in quads) for each in truth)
        self.cards += len(truth)
        self.found += right
        self.pictures += 1
        self.whole += right == len(truth)
        self.wrong += [seed] * sum(all(overlap(quad, each) < RIGHT for each in truth) for quad in quads)

    def row(self, name: str, least: float) -> Row:
        reached = f"found {self.found} of {self.cards}, all in {self.whole} of {self.pictures} pictures"
        reached += f", wrong {len(self.wrong)}" + (f": {self.wrong[:6]}" if self.wrong else "")
        holds = self.found >= least * self.cards and not self.wrong
        return Row(name, reached, f"{100 * least:.0f} %, none wrong", holds)
