"""Made-up certificates and diplomas with printed frames of many kinds, whose frame is not the paper's rim.

`certificate(rng, frame)` draws one. A frame lies 4 to 15 mm from the rim: the crop that stops at it loses
what is printed or stamped outside, and is the finder's most believable mistake.
"""

from collections.abc import Callable

import cv2
import numpy as np

from tests.bench.drawn.synth import Paper, add_seal, make_paper

FRAMES = ("double", "guilloche", "band", "corners", "thick", "keyed", "tinted", "rounded")
SIZES = ((297.0, 210.0), (210.0, 297.0), (210.0, 148.0), (148.0, 210.0), (270.0, 190.0))
LEAST_MM, MOST_MM = 4.0, 15.0
Box = tuple[int, int, int, int]


def certificate(rng: np.random.Generator, frame: str, dpi: float = 110) -> Paper:
    """A paper with a frame of a kind of FRAMES: white, cream or printed ground, text, often a seal."""
    size = SIZES[int(rng.integers(len(SIZES)))]
    plain = make_paper(rng, str(rng.choice(["short", "text", "sealed"])), dpi, size)
    face = plain.image.copy()
    height, width = face.shape[:2]
    inset = rng.uniform(LEAST_MM, MOST_MM) * dpi / 25.4
    wide = rng.uniform(1.5, 9) * dpi / 25.4
    _clear_rim(face, round(inset + wide + 2))
    if rng.random() < 0.5:
        face = (face * (rng.uniform([0.78, 0.88, 0.9], [1, 1, 1]))).astype(np.uint8)
    uneven = rng.normal(0, 0.04, 2) * inset  # a printer's frame sits a little off the middle
    box = (
        round(inset + uneven[0]), round(inset + uneven[1]),
        round(width - 1 - inset + uneven[0]), round(height - 1 - inset + uneven[1]),
    )  # fmt: skip
    drawn = face.copy()
    _WAYS[frame](rng, drawn, box, round(wide), rng.integers(0, 190, 3).astype(float))
    face = cv2.addWeighted(drawn, (part := float(rng.uniform(0.55, 1))), face, 1 - part, 0)
    if rng.random() < 0.5:
        add_seal(rng, face, dpi)
    return Paper(face, plain.text, *size, dpi)


def on_printed_ground(rng: np.random.Generator, face: np.ndarray, dpi: float) -> np.ndarray:
    """The face on a ground of fine wavy lines in a pale colour, as diplomas and certificates have it."""
    height, width = face.shape[:2]
    y, x = np.mgrid[:height, :width].astype(np.float32)
    mm, lines = dpi / 25.4, np.zeros((height, width), np.float32)
    for _ in range(int(rng.integers(2, 5))):
        angle, pitch = rng.uniform(0, np.pi), rng.uniform(0.8, 2.2) * mm
        swing, length = rng.uniform(0.5, 3) * mm, rng.uniform(6, 20) * mm
        along, across = x * np.cos(angle) + y * np.sin(angle), y * np.cos(angle) - x * np.sin(angle)
        off = np.abs((along + swing * np.sin(across * 2 * np.pi / length)) / pitch % 1 - 0.5) * pitch
        lines = np.maximum(lines, np.clip(1 - off / (rng.uniform(0.1, 0.2) * mm), 0, 1))
    tints = np.array([[0.55, 0.45, 0.95], [0.6, 0.9, 0.55], [0.95, 0.8, 0.5], [0.5, 0.6, 0.95]])
    taken = (1 - tints[int(rng.integers(4))]) * rng.uniform(0.25, 0.8)
    return np.clip(face * (1 - lines[..., None] * taken), 0, 255).astype(np.uint8)


def _clear_rim(face: np.ndarray, wide: int) -> None:
    """The text that would run through the frame is taken away."""
    paper = face[2, 2].copy()
    for strip in (face[:wide], face[-wide:], face[:, :wide], face[:, -wide:]):
        strip[:] = paper


def _inner(box: Box, by: float) -> Box:
    return (round(box[0] + by), round(box[1] + by), round(box[2] - by), round(box[3] - by))


def _line(face: np.ndarray, box: Box, colour: np.ndarray, thick: int) -> None:
    cv2.rectangle(face, box[:2], box[2:], colour.tolist(), thick, cv2.LINE_AA)


def _double(rng: np.random.Generator, face: np.ndarray, box: Box, wide: int, colour: np.ndarray) -> None:
    _line(face, box, colour, max(1, round(wide * rng.uniform(0.1, 0.4))))
    _line(face, _inner(box, wide), colour, max(1, wide // 8))


def _guilloche(rng: np.random.Generator, face: np.ndarray, box: Box, wide: int, colour: np.ndarray) -> None:
    """Waves that cross each other along all four sides."""
    waves = int(rng.integers(2, 6))
    for wave in range(waves):
        for start, end in _sides(_inner(box, wide / 2)):
            t = np.linspace(0, 1, 400)
            turns = round(float(np.linalg.norm(end - start)) / max(wide * rng.uniform(1, 2), 3))
            way = (end - start) / np.linalg.norm(end - start)
            swing = np.sin(2 * np.pi * (turns * t + wave / waves)) * wide / 2
            points = start + (end - start) * t[:, None] + np.array([-way[1], way[0]]) * swing[:, None]
            cv2.polylines(face, [np.round(points).astype(np.int32)], False, colour.tolist(), 1, cv2.LINE_AA)
    if rng.random() < 0.7:
        _line(face, box, colour, 1)
        _line(face, _inner(box, wide), colour, 1)


def _sides(box: Box) -> list[tuple[np.ndarray, np.ndarray]]:
    left, top, right, bottom = box
    ring = np.array([[left, top], [right, top], [right, bottom], [left, bottom]], float)
    return list(zip(ring, np.roll(ring, -1, axis=0), strict=True))


def _band(rng: np.random.Generator, face: np.ndarray, box: Box, wide: int, colour: np.ndarray) -> None:
    """A broad coloured border."""
    within = face[box[1] + wide : box[3] - wide, box[0] + wide : box[2] - wide].copy()
    cv2.rectangle(face, box[:2], box[2:], colour.tolist(), -1)
    face[box[1] + wide : box[3] - wide, box[0] + wide : box[2] - wide] = within
    if rng.random() < 0.5:
        _line(face, _inner(box, wide / 2), 255 - colour / 3, max(1, wide // 10))


def _corners(rng: np.random.Generator, face: np.ndarray, box: Box, wide: int, colour: np.ndarray) -> None:
    """One line and ornaments in its corners."""
    _line(face, box, colour, max(1, wide // 5))
    for x in box[::2]:
        for y in box[1::2]:
            for radius in (2.2, 1.5, 0.8):
                reach = max(2, round(radius * wide * rng.uniform(0.8, 1.1)))
                cv2.circle(face, (x, y), reach, colour.tolist(), max(1, wide // 8), cv2.LINE_AA)


def _thick(rng: np.random.Generator, face: np.ndarray, box: Box, wide: int, colour: np.ndarray) -> None:
    _line(face, _inner(box, wide / 4), colour, max(2, wide // 2))


def _keyed(rng: np.random.Generator, face: np.ndarray, box: Box, wide: int, colour: np.ndarray) -> None:
    """A row of little boxes between two lines."""
    _line(face, box, colour, 1)
    _line(face, _inner(box, wide), colour, 1)
    for start, end in _sides(_inner(box, wide / 2)):
        for t in np.arange(0.02, 0.98, max(1.4 * wide, 6) / float(np.linalg.norm(end - start))):
            middle = start + (end - start) * t
            half = max(1.0, wide * 0.3)
            low, high = np.round(middle - half).astype(int), np.round(middle + half).astype(int)
            cv2.rectangle(face, low.tolist(), high.tolist(), colour.tolist(), int(rng.choice([-1, 1])))


def _tinted(rng: np.random.Generator, face: np.ndarray, box: Box, wide: int, colour: np.ndarray) -> None:
    """All that lies within the frame is printed on a coloured ground."""
    ground = face[box[1] : box[3], box[0] : box[2]]
    ground[:] = ground * rng.uniform(0.7, 0.97, 3)
    _line(face, box, colour, max(1, wide // 6))


def _rounded(rng: np.random.Generator, face: np.ndarray, box: Box, wide: int, colour: np.ndarray) -> None:
    """Lines that stop short of the corners, which are notched."""
    notch = 2 * wide
    for start, end in _sides(box):
        way = (end - start) / np.linalg.norm(end - start) * notch
        one, other = np.round(start + way).astype(int), np.round(end - way).astype(int)
        cv2.line(face, one.tolist(), other.tolist(), colour.tolist(), max(1, wide // 4), cv2.LINE_AA)
    for k, (x, y) in enumerate((x, y) for y in box[1::2] for x in box[::2]):
        turn = (0, 90, 270, 180)[k]
        thick = max(1, wide // 4)
        cv2.ellipse(face, (x, y), (notch, notch), turn, 0, 90, colour.tolist(), thick, cv2.LINE_AA)


_WAYS: dict[str, Callable[[np.random.Generator, np.ndarray, Box, int, np.ndarray], None]] = {
    "double": _double, "guilloche": _guilloche, "band": _band, "corners": _corners, "thick": _thick,
    "keyed": _keyed, "tinted": _tinted, "rounded": _rounded,
}  # fmt: skip
