"""Trains the finder's eye on made-up pictures and writes scanner/clean/finder/eye.onnx; it needs torch.

    python -m pip install torch && python tests/bench/fit_eye.py --keep FOLDER [--count 4000] [--minutes 20]
        [--late synth] [--to FILE.onnx]

The eye says of each pixel whether it is paper and whether it is the rim of one. It is a small U-shaped net of
depthwise separable convolutions. FOLDER keeps the pictures, for another training. The make `--late` of
collage.MAKES is shown only in the last part: before that it tells how the eye does on what it never saw.
One core, one thread.
"""

import argparse
import math
import pickle
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np
import torch
from torch import nn

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from tests.bench.drawn.collage import Lesson, lesson, stock_of  # noqa: E402

KEPT = 384  # the long side of a picture that is kept
SMALL, LARGE = 160, 224  # px of a side in training, first and last
SMALL_SHARE = 0.5  # of the time
BATCH = 8
RATE = 3e-3
CHANNELS = (16, 24, 40, 64, 80)
WIDER = (0, 2, 3, 3)  # blocks more, that see 5 x 5, from 56 px a side down to 7
FIRST_SEED = 10_000


# ---- the net


def spot(wide: int, out: int, kernel: int, step: int = 1) -> nn.Sequential:
    conv = nn.Conv2d(wide, out, kernel, step, kernel // 2, bias=False)
    return nn.Sequential(conv, nn.BatchNorm2d(out), nn.ReLU())


class Separable(nn.Module):
    """A depthwise convolution and one across channels, added to what came in where the shapes allow it."""

    def __init__(self, wide: int, out: int, step: int = 1, kernel: int = 3) -> None:
        super().__init__()
        conv = nn.Conv2d(wide, wide, kernel, step, kernel // 2, groups=wide, bias=False)
        self.deep = nn.Sequential(conv, nn.BatchNorm2d(wide))
        self.across = spot(wide, out, 1)
        self.same = wide == out and step == 1

    def forward(self, seen: torch.Tensor) -> torch.Tensor:
        result = self.across(self.deep(seen))
        return seen + result if self.same else result


class Eye(nn.Module):
    """(N, 3, H, W) BGR 0..1 to (N, 2, H, W): the odds' logarithms of paper and of rim; sides of 32 px."""

    def __init__(self) -> None:
        super().__init__()
        c = CHANNELS
        self.stem = nn.Sequential(spot(3, c[0], 3, 2), Separable(c[0], c[0]))
        self.down = nn.ModuleList(
            nn.Sequential(Separable(c[k - 1], c[k], 2), *(Separable(c[k], c[k]) for _ in range(1 + (k > 1))))
            for k in range(1, 5)
        )
        self.wider = nn.ModuleList(
            nn.Sequential(*(Separable(c[k], c[k], kernel=5) for _ in range(count)))
            for k, count in enumerate(WIDER, 1)
        )
        self.narrow = nn.ModuleList(nn.Conv2d(c[k], c[k - 1], 1) for k in range(4, 0, -1))
        self.up = nn.ModuleList(
            nn.Sequential(*(Separable(c[k - 1], c[k - 1]) for _ in range(1 + (k > 2))))
            for k in range(4, 0, -1)
        )
        self.twice = nn.Upsample(scale_factor=2, mode="nearest")
        self.says = nn.ConvTranspose2d(c[0], 2, 2, 2)

    def forward(self, seen: torch.Tensor) -> torch.Tensor:
        levels = [self.stem(seen)]
        for block, wider in zip(self.down, self.wider, strict=True):
            levels.append(wider(block(levels[-1])))
        deep = levels.pop()
        for narrow, block in zip(self.narrow, self.up, strict=True):
            deep = block(levels.pop() + self.twice(narrow(deep)))
        return self.says(deep)


class Spoken(nn.Module):
    """The eye with 0..1 instead of logarithms of odds, as it is kept."""

    def __init__(self, eye: Eye) -> None:
        super().__init__()
        self.eye = eye

    def forward(self, seen: torch.Tensor) -> torch.Tensor:
        return torch.sigmoid(self.eye(seen))


def error(said: torch.Tensor, truth: torch.Tensor) -> torch.Tensor:
    """Cross entropy of both maps, and how badly they overlap with the truth."""
    plain = nn.functional.binary_cross_entropy_with_logits(said, truth, reduction="none").mean(dim=(0, 2, 3))
    odds = torch.sigmoid(said)
    both = (odds * truth).sum(dim=(2, 3))
    meet = (2 * both + 20) / (odds.sum(dim=(2, 3)) + truth.sum(dim=(2, 3)) + 20)
    return plain[0] + 2 * plain[1] + 0.5 * (1 - meet).mean()


# ---- what it is shown


def drawn(folder: Path, count: int) -> list[Lesson]:
    """The kept lessons; drawn first where the folder is empty."""
    folder.mkdir(parents=True, exist_ok=True)
    if not any(folder.glob("*.pkl")):
        stock = stock_of(np.random.default_rng(FIRST_SEED - 1), 300)
        for first in range(FIRST_SEED, FIRST_SEED + count, 250):
            some = [shrunk(lesson(k, stock)) for k in range(first, min(first + 250, FIRST_SEED + count))]
            kept = [(each.image, each.rims, each.make, each.full) for each in some]
            (folder / f"{first}.pkl").write_bytes(pickle.dumps(kept))
    files = sorted(folder.glob("*.pkl"))
    return [Lesson(*each) for file in files for each in pickle.loads(file.read_bytes())]


def shrunk(one: Lesson) -> Lesson:
    factor = KEPT / max(one.image.shape[:2])
    image = cv2.resize(one.image, None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA)
    return Lesson(image, tuple((rim + 0.5) * factor - 0.5 for rim in one.rims), one.make, one.full)


def batch(rng: np.random.Generator, lessons: list[Lesson], size: int) -> tuple[torch.Tensor, torch.Tensor]:
    """BATCH random lessons, each shown another way: (N, 3, size, size) 0..1 and (N, 2, size, size)."""
    shown = [show(rng, lessons[int(k)], size) for k in rng.integers(len(lessons), size=BATCH)]
    seen, truth = (np.stack([each[k] for each in shown]).transpose(0, 3, 1, 2) for k in (0, 1))
    return tuple(
        torch.from_numpy(np.ascontiguousarray(each)).contiguous(memory_format=torch.channels_last)
        for each in (seen, truth)
    )


def show(rng: np.random.Generator, one: Lesson, size: int) -> tuple[np.ndarray, np.ndarray]:
    """(size, size, 3) and (size, size, 2) of a lesson turned, leaned, lit and spoiled at random."""
    matrix = _way(rng, one.image.shape, size)
    shrink = one.image.shape[0] / size
    source = cv2.GaussianBlur(one.image, (0, 0), 0.4 * shrink) if shrink > 1.3 else one.image
    border = cv2.BORDER_REPLICATE if rng.random() < 0.7 else cv2.BORDER_CONSTANT
    seen = cv2.warpPerspective(source, matrix, (size, size), borderMode=border)
    return spoil(rng, seen).astype(np.float32) / 255, maps(one, matrix, size)


def plain(one: Lesson, size: int) -> tuple[np.ndarray, np.ndarray]:
    """A lesson as it is."""
    matrix = np.diag([size / one.image.shape[1], size / one.image.shape[0], 1])
    seen = cv2.resize(one.image, (size, size), interpolation=cv2.INTER_AREA)
    return seen.astype(np.float32) / 255, maps(one, matrix, size)


def maps(one: Lesson, matrix: np.ndarray, size: int) -> np.ndarray:
    """(size, size, 2) of paper and of rim."""
    paper = np.full((size, size), 1.0 if one.full else 0.0, np.float32)
    rim = np.zeros((size, size), np.float32)
    for ring in one.rims:
        places = cv2.perspectiveTransform(ring.astype(np.float64)[None], matrix)[0]
        places = np.round(np.clip(places, -4 * size, 5 * size) * 16).astype(np.int32)
        cv2.fillPoly(paper, [places], 1.0, cv2.LINE_AA, 4)
        cv2.polylines(rim, [places], True, 1.0, 3, cv2.LINE_AA, 4)
    return np.stack([paper, rim], axis=2)


def _way(rng: np.random.Generator, shape: tuple[int, ...], size: int) -> np.ndarray:
    """(3, 3) from the pixels of a picture to those shown: quarter turns, mirrored, nearer, leaned."""
    height, width = shape[:2]
    square = np.array([[0, 0], [1, 0], [1, 1], [0, 1]], float)
    goal = np.roll(square, int(rng.integers(4)), axis=0)
    goal = goal[::-1] if rng.random() < 0.5 else goal
    goal = goal - 0.5
    if rng.random() < 0.8:
        angle = rng.normal(0, 0.12)
        goal = goal @ np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])
        goal = goal * np.exp(rng.normal(0.05, 0.16) + np.array([1, -1]) * rng.normal(0, 0.08))
        goal = goal + rng.normal(0, 0.05, 2) + rng.normal(0, 0.02, (4, 2))
    places = ((goal + 0.5) * size).astype(np.float32)
    return cv2.getPerspectiveTransform((square * (width, height)).astype(np.float32), places).astype(float)


def spoil(rng: np.random.Generator, image: np.ndarray) -> np.ndarray:
    """Light, colour, shadow, blur, noise and compression of cameras that the makes do not have."""
    size = image.shape[0]
    seen = image.astype(np.float32)
    rows, columns = np.mgrid[:size, :size].astype(np.float32) / size - 0.5
    if rng.random() < 0.3:  # something before it
        box = (rng.uniform(0, size, 2).tolist(), rng.uniform(0.04, 0.3, 2) * size, rng.uniform(0, 180))
        shape = cv2.boxPoints(box)
        if rng.random() < 0.5:
            place, half = np.array(box[0]).astype(int).tolist(), (box[1] / 2).astype(int).tolist()
            shape = cv2.ellipse2Poly(place, half, int(box[2]), 0, 360, 12)
        cv2.fillPoly(seen, [np.round(shape).astype(np.int32)], rng.uniform(0, 255, 3).tolist(), cv2.LINE_AA)
    if rng.random() < 0.5:
        angle = rng.uniform(0, 2 * np.pi)
        seen *= np.exp(rng.normal(0, 0.5) * (rows * np.sin(angle) + columns * np.cos(angle)))[..., None]
    if rng.random() < 0.3:
        shade = np.zeros((size, size), np.float32)
        hull = cv2.convexHull((rng.uniform(-0.2, 1.2, (int(rng.integers(3, 7)), 2)) * size).astype(np.int32))
        cv2.fillConvexPoly(shade, hull, 1.0)
        shade = cv2.GaussianBlur(shade, (0, 0), np.exp(rng.uniform(-0.5, 3)))
        seen *= (1 - rng.uniform(0.1, 0.7) * shade)[..., None]
    seen = 255 * np.clip(seen / 255, 0, 1) ** np.exp(rng.normal(0, 0.3))
    if rng.random() < 0.25:
        grey = seen.mean(axis=2, keepdims=True)
        seen = grey + (seen - grey) * (rng.uniform(0, 0.8) if rng.random() < 0.8 else 0)
    seen = seen * np.exp(rng.normal(0, 0.1, 3)) * np.exp(rng.normal(0, 0.2)) + rng.normal(0, 10)
    if rng.random() < 0.3:
        seen = cv2.GaussianBlur(seen, (0, 0), rng.uniform(0.3, 1.4))
    if rng.random() < 0.5:
        seen = seen + rng.normal(0, rng.uniform(1, 9), seen.shape)
    result = np.clip(seen, 0, 255).astype(np.uint8)
    if rng.random() < 0.3:
        _, data = cv2.imencode(".jpg", result, [cv2.IMWRITE_JPEG_QUALITY, int(rng.integers(35, 90))])
        result = cv2.imdecode(data, cv2.IMREAD_COLOR)
    return result


# ---- the training


def train(early: list[Lesson], late: list[Lesson], minutes: float) -> Iterator[tuple[float, float, Eye]]:
    """The eye now and then, with the share of the time that has gone and the mean error since.

    It is the mean of the last steps' eyes. `late` are shown besides, and larger, once SMALL_SHARE has gone.
    """
    rng = np.random.default_rng(0)
    torch.manual_seed(0)
    eye = Eye().to(memory_format=torch.channels_last)
    mean = torch.optim.swa_utils.AveragedModel(
        eye, multi_avg_fn=torch.optim.swa_utils.get_ema_multi_avg_fn(0.995), use_buffers=True
    )
    worker = torch.optim.AdamW(eye.parameters(), RATE, weight_decay=1e-3)
    start, errors, gone = time.monotonic(), [], 0.0
    while gone < 1:
        for group in worker.param_groups:
            slow = min(1.0, (len(errors) + 1) / 100)
            group["lr"] = RATE * slow * (0.5 + 0.5 * math.cos(math.pi * gone)) + 2e-5
        seen, truth = batch(rng, early, SMALL) if gone < SMALL_SHARE else batch(rng, early + late, LARGE)
        worker.zero_grad()
        wrong = error(eye(seen), truth)
        wrong.backward()
        worker.step()
        mean.update_parameters(eye)
        errors.append(float(wrong.detach()))
        before, gone = gone, (time.monotonic() - start) / (60 * minutes)
        if len(errors) % 100 == 0 or before < SMALL_SHARE <= gone or gone >= 1:
            yield gone, float(np.mean(errors[-100:])), mean.module


@torch.no_grad()
def judged(eye: Eye, lessons: list[Lesson]) -> dict[str, tuple[float, float]]:
    """Per make how well the maps of unseen lessons overlap with the truth: of paper, of rim."""
    eye.eval()
    found: dict[str, list[tuple[float, float]]] = {}
    for one in lessons:
        seen, truth = plain(one, LARGE)
        said = torch.sigmoid(eye(torch.from_numpy(seen.transpose(2, 0, 1)[None].copy())))[0].numpy() > 0.5
        real = truth.transpose(2, 0, 1) > 0.5
        both, either = (said & real).sum(axis=(1, 2)), (said | real).sum(axis=(1, 2))
        shares = ((both + 1) / (either + 1)).tolist()
        found.setdefault(one.make, []).append((shares[0], shares[1]))
    eye.train()
    return {make: tuple(np.mean(each, axis=0).round(3)) for make, each in sorted(found.items())}


def export(eye: Eye, file: Path) -> None:
    was = eye.training
    eye.eval()
    sample = torch.rand(1, 3, LARGE, LARGE)
    torch.onnx.export(Spoken(eye), sample, str(file), dynamo=False, opset_version=13)
    eye.train(was)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--keep", type=Path, required=True)
    parser.add_argument("--count", type=int, default=4000)
    parser.add_argument("--minutes", type=float, default=20)
    parser.add_argument("--late", default="synth")
    parser.add_argument("--to", type=Path, default=ROOT / "scanner/clean/finder/eye.onnx")
    asked = parser.parse_args()
    torch.set_num_threads(1)
    cv2.setNumThreads(1)
    every = drawn(asked.keep, asked.count)
    apart = [one for k, one in enumerate(every) if k % 20 == (k // 20) % 20]  # of every make
    others = [one for k, one in enumerate(every) if k % 20 != (k // 20) % 20]
    early, late = ([one for one in others if (one.make == asked.late) is late] for late in (False, True))
    told = False
    for gone, wrong, eye in train(early, late, asked.minutes):
        say(f"{100 * gone:.0f} % of the time, error {wrong:.4f}")
        if gone >= SMALL_SHARE and not told:
            told = True
            say(f"before {asked.late} was shown:")
            tell(eye, apart)
        export(eye, asked.to)
    tell(eye, apart)
    say(f"{sum(each.numel() for each in eye.parameters())} numbers, {asked.to.stat().st_size} bytes")


def tell(eye: Eye, apart: list[Lesson]) -> None:
    for make, shares in judged(eye, apart).items():
        say(f"{make:10} overlap of paper {shares[0]:.3f}, of rim {shares[1]:.3f}")


def say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
