"""Made-up scans of several papers on a scanner's glass, under a white or grey lid, with their true corners.

`several(rng, kind)` lays papers of a kind of KINDS apart, `near(rng)` two slips close to each other;
`single(rng, kind)` is one page of a kind of PAGES that fills the glass and is full of what looks like papers.
Everything follows from the seed.

A lid is a few steps brighter or darker than paper, and falls off to its ends. The lamp stands on one side:
the rim that is turned away from it throws a thin shadow, the others hardly one, and some papers none at all.
"""

from dataclasses import dataclass, replace

import cv2
import numpy as np

from tests.bench.drawn.framed import FRAMES, certificate, on_printed_ground
from tests.bench.drawn.plastic import CARDS, card
from tests.bench.drawn.synth import FAULTS, PAPERS, WORN, Paper, add_seal, make_paper, scan
from tests.bench.drawn.tabletop import any_paper, meet

GLASS_MM = (210.0, 297.0)
KINDS = ("receipts", "halves", "small", "mixed", "photographs")
PAGES = (
    "plain", "worn", "certificate", "boxes", "tinted", "invoice", "copies", "photographs", "slips", "folded",
    "heads",
)  # fmt: skip
LEAST_GAP_MM, TRIES = 3.0, 400


@dataclass(frozen=True)
class Scan:
    """BGR at `dpi`; for each paper its corners (4, 2) TL, TR, BR, BL as seen, in its pixels."""

    image: np.ndarray
    corners: list[np.ndarray]
    dpi: float


def several(rng: np.random.Generator, kind: str, dpi: float = 150) -> Scan:
    """Two to four papers that lie apart, most of them nearly straight."""
    while True:
        papers = _papers(rng, kind, dpi)
        if (places := _places(rng, papers)) is not None:
            return laid(rng, papers, places, dpi)


def near(rng: np.random.Generator, dpi: float = 150) -> Scan:
    """Two slips of one make, 3 to 10 mm between them, hardly leaning, without any shadow."""
    size = _size(rng, (60, 100), (50, 90))
    papers = [_slip(rng, size, dpi) for _ in range(2)]
    if rng.random() < 0.3:  # coloured paper
        tint = rng.uniform(0.8, 1, 3)
        papers = [replace(paper, image=(paper.image * tint).astype(np.uint8)) for paper in papers]
    gap, down = rng.uniform(3, 10), size[0] > 90 or rng.random() < 0.7
    first = np.array(size) / 2 + rng.uniform(4, (200 - (2 - down) * (size[0] + gap), 100))
    apart = np.array([rng.normal(0, 1), size[1] + gap] if down else [size[0] + gap, rng.normal(0, 1)])
    places = [(*middle.tolist(), float(rng.normal(0, 0.3))) for middle in (first, first + apart)]
    return laid(rng, papers, places, dpi, shade=0)


def _papers(rng: np.random.Generator, kind: str, dpi: float) -> list[Paper]:
    if kind == "receipts":
        sizes = [(float(rng.choice([57.0, 80.0])), float(rng.uniform(70, 140))) for _ in range(4)]
        short = rng.random(4) < 0.2
        return [
            make_paper(rng, "short", dpi, size) if each else _slip(rng, size, dpi)
            for size, each in zip(sizes, short, strict=True)
        ]
    if kind == "halves":
        sizes = [_size(rng, (170, 200), (110, 138)) for _ in range(2)]
        return [make_paper(rng, str(rng.choice(PAPERS)), dpi, size) for size in sizes]
    if kind == "photographs":
        return [_photograph(rng, dpi) for _ in range(int(rng.integers(2, 5)))]
    small = [_slip(rng, _size(rng, (60, 110), (60, 130)), dpi) for _ in range(3 if kind == "small" else 1)]
    return small if kind == "small" else [*small, card(rng, str(rng.choice(CARDS)), dpi)]


def _size(rng: np.random.Generator, wide: tuple[int, int], high: tuple[int, int]) -> tuple[float, float]:
    return float(rng.uniform(*wide)), float(rng.uniform(*high))


def _slip(rng: np.random.Generator, size: tuple[float, float], dpi: float) -> Paper:
    """A small paper with print on most of it: a receipt, a note, a form of a quarter page."""
    tall = make_paper(rng, "receipt", dpi).image
    width, height = (round(mm * dpi / 25.4) for mm in size)
    face = np.full((height, width, 3), tall[2, 2], np.uint8)
    piece = tall[:height, :width]
    face[: piece.shape[0], : piece.shape[1]] = piece
    _blank_rim(face, round(rng.uniform(2.5, 5) * dpi / 25.4))
    if rng.random() < 0.25:  # thermal, copied, coloured paper
        face = (face * rng.uniform([0.7, 0.82, 0.85], 1)).astype(np.uint8)
    return Paper(face, "", *size, dpi)


def _blank_rim(face: np.ndarray, wide: int) -> None:
    rim = face[2, 2].copy()
    for edge in (np.s_[:wide], np.s_[-wide:], np.s_[:, :wide], np.s_[:, -wide:]):
        face[edge] = rim


def _photograph(rng: np.random.Generator, dpi: float) -> Paper:
    size = ((30.0, 40.0), (40.0, 60.0), (90.0, 130.0), (100.0, 150.0))[int(rng.integers(4))]
    width, height = (round(mm * dpi / 25.4) for mm in size)
    small = rng.integers(10, 240, (6, 5, 3)).astype(np.uint8)
    return Paper(cv2.resize(small, (width, height), interpolation=cv2.INTER_CUBIC), "", *size, dpi)


def _places(rng: np.random.Generator, papers: list[Paper]) -> list[tuple[float, float, float]] | None:
    """Middles in mm and degrees, that keep all on the glass and apart; None where none was met with."""
    loose = float(rng.choice([0.6, 2, 6]))
    taken: list[np.ndarray] = []
    places = []
    pushed = rng.random() < 0.25
    for k, paper in enumerate(papers):
        for _ in range(TRIES):
            lean = float(rng.normal(0, loose)) + 90 * int(rng.integers(2)) * (rng.random() < 0.4)
            middle = rng.uniform((20, 20), (GLASS_MM[0] - 20, GLASS_MM[1] - 20))
            half = np.array([paper.width_mm, paper.height_mm]) / 2
            ring = _ring(half + LEAST_GAP_MM / 2, lean) + middle
            if pushed and k == 0:
                middle = middle - ring.min(axis=0) + LEAST_GAP_MM / 2  # into the corner of the glass
                ring = _ring(half + LEAST_GAP_MM / 2, lean) + middle
            reach = -LEAST_GAP_MM / 2 if k == 0 else 0.3
            inside = (ring >= reach - 1e-6).all() and (ring < np.array(GLASS_MM) - reach).all()
            if inside and not any(meet(ring, other) for other in taken):
                break
        else:
            return None
        taken.append(ring)
        places.append((float(middle[0]), float(middle[1]), lean))
    return places


def _ring(half: np.ndarray, lean: float) -> np.ndarray:
    turn = np.deg2rad(lean)
    way = np.array([[np.cos(turn), np.sin(turn)], [-np.sin(turn), np.cos(turn)]])
    return np.array([[-1, -1], [1, -1], [1, 1], [-1, 1]]) * half @ way


def laid(
    rng: np.random.Generator, papers: list[Paper], places: list[tuple[float, float, float]], dpi: float,
    shade: float = 1,
) -> Scan:  # fmt: skip
    """Papers with their middles at places in mm, turned clockwise by degrees, on the glass.

    `shade`: how much of the lamp's shadows there is.
    """
    pixel = dpi / 25.4
    width, height = (round(mm * pixel) for mm in GLASS_MM)
    rows, columns = np.mgrid[:height, :width].astype(np.float32)
    lid = rng.uniform(236, 254) if rng.random() < 0.6 else rng.uniform(196, 236)
    slope = rows / height * rng.uniform(-4, 4) + columns / width * rng.uniform(-4, 4)
    glass = (lid + slope)[..., None] + rng.normal(0, 1.5, 3).astype(np.float32)
    lamp = np.array([(0, 1), (0, -1), (1, 0), (-1, 0)][int(rng.integers(4))], float)
    depth, spread = shade * rng.uniform(0.05, 0.3), rng.uniform(0.12, 0.5)  # mm
    corners = []
    for paper, (x, y, lean) in zip(papers, places, strict=True):
        face = paper.image.astype(np.float32) * rng.uniform(0.97, 1.01)
        high, wide = face.shape[:2]
        turn = cv2.getRotationMatrix2D(((wide - 1) / 2, (high - 1) / 2), -lean, 1.0)
        turn[:, 2] += np.array([x, y]) * pixel - (wide / 2, high / 2)
        size = (width, height)
        mask = cv2.warpAffine(np.ones((high, wide), np.float32), turn, size)
        off = lamp * spread * rng.uniform(0.3, 1.5) * pixel
        moved = cv2.warpAffine(mask, np.array([[1, 0, off[0]], [0, 1, off[1]]]), size)
        soft = cv2.GaussianBlur(moved, (0, 0), spread * pixel)
        glass *= 1 - (depth * rng.uniform(0.5, 1.2) * soft)[..., None]
        seen = cv2.warpAffine(face, turn, size, borderMode=cv2.BORDER_REPLICATE)
        glass += (seen - glass) * mask[..., None]
        edges = np.array([[0, 0], [wide, 0], [wide, high], [0, high]], float) - 0.5
        ring = edges @ turn[:, :2].T + turn[:, 2]
        corners.append(np.roll(ring, -int(np.argmin(ring.sum(axis=1))), axis=0))
    soft = cv2.GaussianBlur(glass, (0, 0), 0.5 * dpi / 150)
    noisy = soft + rng.normal(0, rng.uniform(0.6, 2.5), soft.shape)
    return Scan(np.clip(noisy, 0, 255).astype(np.uint8), corners, dpi)


def single(rng: np.random.Generator, kind: str, dpi: float = 150) -> Scan:
    """One page that fills the glass, whole or a little smaller than it, straight or leaning."""
    lean = float(rng.normal(0, 1.5))
    if kind in ("plain", "worn"):
        paper = make_paper(rng, str(rng.choice([*PAPERS, "blank"])), dpi)
        faults = FAULTS if kind == "plain" else WORN
        image = scan(rng, paper, lean, str(rng.choice(faults))).image
        return Scan(image, [], dpi)
    paper = _page(rng, kind, dpi)
    if rng.random() < 0.4:
        return laid(rng, [paper], [(105 + rng.normal(0, 1), 148.5 + rng.normal(0, 1), lean / 4)], dpi)
    return Scan(scan(rng, paper, lean, str(rng.choice([*FAULTS, *WORN]))).image, [], dpi)


def _page(rng: np.random.Generator, kind: str, dpi: float) -> Paper:
    if kind == "certificate":
        face = certificate(rng, str(rng.choice(FRAMES)), dpi)
        image = cv2.resize(face.image, tuple(round(mm * dpi / 25.4) for mm in GLASS_MM))
        image = on_printed_ground(rng, image, dpi) if rng.random() < 0.4 else image
        return Paper(image, "", *GLASS_MM, dpi)
    if kind == "heads":
        return any_paper(rng, str(rng.choice(["banner", "bleed", "inverse", "form"])), dpi)
    page = make_paper(rng, "text" if kind == "folded" or rng.random() < 0.4 else "blank", dpi)
    image = page.image.copy()
    height, width = image.shape[:2]
    if kind == "folded":
        for share in ([0.5], [1 / 3, 2 / 3])[int(rng.integers(2))]:
            row = round(height * share)
            image[row : row + 2] = (image[row : row + 2] * rng.uniform(0.75, 0.95)).astype(np.uint8)
            image[row:] = (image[row:] * rng.uniform(0.97, 1)).astype(np.uint8)
        return Paper(image, "", *GLASS_MM, dpi)
    down, across = (int(n) for n in rng.integers(1, 4, 2))
    across += down * across < 2
    room = np.array([width, height]) * 0.9 / (across, down)
    for k in range(down * across):
        left, top = np.array([k % across, k // across]) * room + np.array([width, height]) * 0.05
        wide, high = room * rng.uniform(0.7, 0.95, 2)
        _thing(rng, image[round(top) : round(top + high), round(left) : round(left + wide)], kind, dpi)
    if rng.random() < 0.5:
        add_seal(rng, image, dpi)
    return Paper(image, "", *GLASS_MM, dpi)


def _thing(rng: np.random.Generator, spot: np.ndarray, kind: str, dpi: float) -> None:
    """A part of a page, drawn in place: a box of lines, a tinted one, a table, a copied slip, a picture."""
    high, wide = spot.shape[:2]
    mm = (wide * 25.4 / dpi, high * 25.4 / dpi)
    ground = spot[2, 2].copy()
    if kind == "photographs":
        small = rng.integers(10, 240, (6, 5, 3)).astype(np.uint8)
        spot[:] = cv2.resize(small, (wide, high), interpolation=cv2.INTER_CUBIC)
        return
    words = make_paper(rng, "table" if kind == "invoice" else "receipt", dpi, mm).image
    words = words[:high, :wide]
    high, wide = words.shape[:2]
    _blank_rim(words, round(2 * dpi / 25.4))
    ink = np.clip(words.astype(np.float32) / np.maximum(words[2, 2].astype(np.float32), 1), 0, 1)
    tint = rng.uniform(0.85, 0.99, 3) if kind in ("tinted", "copies") else np.ones(3)
    spot[:high, :wide] = (ground * tint * ink).astype(np.uint8)
    if kind in ("boxes", "invoice", "slips", "copies"):
        paler, most = {"copies": (0.7, 0.95), "slips": (0.4, 0.9)}.get(kind, (0.0, 0.8))
        shade = rng.uniform(paler, most)
        colour = (ground * shade).astype(int).tolist()
        thick = max(1, round(rng.uniform(0.1, 0.6) * dpi / 25.4))
        cv2.rectangle(spot, (0, 0), (wide - 1, high - 1), colour, thick)
