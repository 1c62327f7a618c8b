"""Fits the weights by which scanner/clean/geometry/mirror.py tells mirrored print, and prints them.

    python tests/bench/fit_mirror.py [--pages 400]

Pages of any Vietnamese font that the machine has are drawn, made soft and grainy; nothing is kept. What is
asked for is 1 of each page, and nothing of it upside down.
"""

import argparse
import subprocess
import sys
from pathlib import Path

import cv2
import numpy as np
from PIL import Image, ImageDraw, ImageFont

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from scanner.clean.geometry.mirror import sides_of  # noqa: E402
from scanner.clean.geometry.skew import bodies, letter_boxes  # noqa: E402
from tests.bench.drawn.synth import sentence  # noqa: E402

SIZE = (900, 800)  # px of a page at 150 dots an inch
LITTLE = 0.01  # of the mean square, that keeps the weights small


def fonts() -> list[str]:
    """The files of fonts with Vietnamese letters."""
    told = subprocess.run(["fc-list", ":lang=vi", "file"], capture_output=True, text=True, check=True).stdout
    return sorted(line.split(":")[0] for line in told.splitlines())


def page(rng: np.random.Generator, files: list[str]) -> np.ndarray:
    """Grey uint8, rows of print of one face on pale paper."""
    image = Image.new("L", SIZE, 255)
    draw = ImageDraw.Draw(image)
    size = float(rng.uniform(19, 30))
    face = ImageFont.truetype(str(rng.choice(files)), size)
    for y in np.arange(0, SIZE[1], size * 1.5):
        row = sentence(rng, 16)
        draw.text((0, y), row.upper() if rng.random() < 0.1 else row, font=face, fill=0)
    ink = 1 - np.asarray(image, np.float32) / 255
    soft = cv2.GaussianBlur(ink, (0, 0), float(rng.uniform(0.2, 1.4)))
    grey = 250 - float(rng.uniform(18, 200)) * soft + rng.normal(0, rng.uniform(0.5, 2.5), soft.shape)
    return np.clip(grey, 0, 255).astype(np.uint8)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--pages", type=int, default=400)
    rng, files, found = np.random.default_rng(0), fonts(), []
    for _ in range(parser.parse_args().pages):
        grey = page(rng, files)
        boxes = letter_boxes(grey)
        sides = sides_of(grey, boxes[bodies(boxes)])
        if sides is not None:
            found.append(sides)
    right = np.array(found)
    table = np.concatenate([right, -right[:, ::-1]]).reshape(2 * len(right), -1)
    square = table.T @ table / len(right)
    square += LITTLE * np.trace(square) / len(square) * np.eye(len(square))
    weights = np.linalg.solve(square, table[: len(right)].mean(axis=0))
    said_of = table[: len(right)] @ weights
    sys.stdout.write(f"{np.round(weights.reshape(right.shape[1:]), 1).tolist()}\n")
    sys.stdout.write(f"{len(right)} pages: mean {said_of.mean():.2f}, least {said_of.min():.2f}\n")


if __name__ == "__main__":
    main()
