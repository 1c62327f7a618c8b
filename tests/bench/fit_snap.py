"""Trains the net that snaps outlines to rims and writes scanner/clean/finder/snap.onnx; it needs torch.

    python tests/bench/fit_snap.py --keep FOLDER [--count 3600] [--minutes 43]

The picture is straightened by an outline that the finder put together, or by a rim whose sides and corners
were moved. In the first half of the time the net learns how far the corners are from the paper's. Then it
snaps outlines of all pictures itself, and learns besides which of these overlap with a paper by GOOD. FOLDER
keeps what was drawn, half a second a picture. The eye must stand first: the net is shown what it says.
"""

import argparse
import math
import pickle
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
import torch
from torch import nn

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from scanner.clean.finder.eye import SIDE as EYE_SIDE  # noqa: E402
from scanner.clean.finder.eye import Seen  # noqa: E402
from scanner.clean.finder.look import look_at  # noqa: E402
from scanner.clean.finder.outlines import in_order, measure, rings_in_order, together  # noqa: E402
from scanner.clean.finder.snap import FAR, FILE, VIEW, is_outline, moved  # noqa: E402
from scanner.clean.finder.views import halves  # noqa: E402
from scanner.clean.finder.weights import judge  # noqa: E402
from tests.bench.drawn.tabletop import Shot, overlap  # noqa: E402
from tests.bench.drawn.uncommon import uncommon  # noqa: E402
from tests.bench.fit_eye import spot  # noqa: E402
from tests.bench.fit_finder import picture  # noqa: E402

FIRST_SEED, FIRST_UNCOMMON, A_FILE = 600_000, 1_600_000, 300
LIKELIEST, NEAREST, ANY = 28, 4, 6  # outlines of a picture that are kept
NEAR, FARTHEST_PX = 0.75, 16.0  # overlap of outlines from which a rim is sought; and how far a corner may be
OFTEN = 0.35  # of the outlines are the finder's, the others moved rims
STEPS = (0.01, 0.03, 0.06, 0.1)  # of a side, by which rims are moved
STARTS = 9  # outlines a picture that are snapped
GOOD, DOUBTFUL = 0.957, 0.943  # overlap with the truth; what lies between teaches nothing
PICTURES, EACH, JUDGED = 16, 6, 12  # at once; outlines of each; of each that is judged
RATE = 2e-3


@dataclass(frozen=True)
class Lesson:
    """A small picture, what the eye says of it, outlines (N, 4, 2) and the truth, each (4, 2), in its px."""

    small: np.ndarray
    maps: np.ndarray
    corners: np.ndarray
    truth: list[np.ndarray]

    @property
    def seen(self) -> Seen:
        return Seen(self.maps, EYE_SIDE / np.array(self.small.shape[1::-1], float))

    def shown(self, quads: np.ndarray) -> np.ndarray:
        return VIEW.straightened(halves(self.small), self.seen, quads)


# ---- what it is shown


def drawn(folder: Path, count: int) -> list[Lesson]:
    """The kept lessons; drawn first where the folder is empty: usual ones, and a quarter as many uncommon."""
    folder.mkdir(parents=True, exist_ok=True)
    if not any(folder.glob("*.pkl")):
        for draw, first, many in ((picture, FIRST_SEED, count), (uncommon, FIRST_UNCOMMON, count // 4)):
            for start in range(first, first + many, A_FILE):
                some = [lesson(draw(k), k) for k in range(start, min(start + A_FILE, first + many))]
                kept = [(each.small, each.maps, each.corners, each.truth) for each in some if each]
                (folder / f"{start}.pkl").write_bytes(pickle.dumps(kept))
    files = sorted(folder.glob("*.pkl"))
    return [Lesson(*each) for file in files for each in pickle.loads(file.read_bytes())]


def lesson(shot: Shot, seed: int) -> Lesson | None:
    """The likeliest outlines of a picture, those nearest to its papers, and some others."""
    look = look_at(shot.image)
    if look is None or look.seen is None:
        return None
    outlines = together(together(look.straight(), look.drawn()), look.closer())
    if not len(outlines.points):
        return None
    corners = rings_in_order(outlines.corners)
    truth = [(rim + 0.5) * look.factor - 0.5 for rim in shot.corners]
    beliefs = judge(measure(outlines, look.edges, look.ink, look.bare, look.seen))
    near = [np.argsort([-overlap(quad, rim) for quad in corners])[:NEAREST] for rim in truth]
    others = np.random.default_rng(seed).integers(0, len(corners), ANY)
    some = np.unique(np.concatenate([np.argsort(-beliefs)[:LIKELIEST], others, *near]))
    return Lesson(look.shown, look.seen.maps, corners[some], truth)


def starts(rng: np.random.Generator, it: Lesson) -> tuple[np.ndarray, np.ndarray]:
    """(EACH, 4, 2) outlines near papers of a lesson, and how far the papers' corners are, in parts of FAR."""
    known = [quad for quad in it.corners if max(overlap(quad, rim) for rim in it.truth) > NEAR]
    quads: list[np.ndarray] = []
    ways: list[np.ndarray] = []
    while len(quads) < EACH:
        if known and rng.random() < OFTEN:
            quad = known[int(rng.integers(len(known)))]
        else:
            quad = in_order(shaken(rng, it.truth[int(rng.integers(len(it.truth)))]))
        if not is_outline(quad, it.small.shape):
            continue
        matrix = cv2.getPerspectiveTransform(quad.astype(np.float32), VIEW.flat)
        rim = cv2.perspectiveTransform(nearest(quad, it.truth)[None].astype(np.float32), matrix)[0]
        if np.abs(rim - VIEW.flat).max() <= FARTHEST_PX:
            quads.append(quad)
            ways.append((rim - VIEW.flat).reshape(8) / FAR)
    return np.stack(quads), np.stack(ways)


def shaken(rng: np.random.Generator, rim: np.ndarray) -> np.ndarray:
    """A rim (4, 2) of which sides are moved, and often corners."""
    quad, step = rim.astype(float), float(rng.choice(STEPS))
    if rng.random() < 0.5:
        quad = quad + rng.normal(0, step, (4, 2)) * np.linalg.norm(np.roll(rim, -1, 0) - rim, axis=1).mean()
    for first in np.flatnonzero(rng.random(4) < 0.5):
        second, before, after = (first + 1) % 4, (first + 3) % 4, (first + 2) % 4
        far = rng.normal(0, 1.3 * step)
        quad[first] += (rim[first] - rim[before]) * far
        quad[second] += (rim[second] - rim[after]) * far
    return quad


def nearest(quad: np.ndarray, truth: list[np.ndarray]) -> np.ndarray:
    """The paper's rim that is nearest to an outline, its corners in the same order."""
    every = [np.roll(way, k, axis=0) for rim in truth for way in (rim, rim[::-1]) for k in range(4)]
    return min(every, key=lambda rim: float(np.abs(rim - quad).sum(axis=1).max()))


def results(net: nn.Module, it: Lesson) -> tuple[np.ndarray, np.ndarray]:
    """(N, 4, 2) outlines of a lesson as they are and as the net moves them, and (N,) their overlaps."""
    quads, every = it.corners[:: max(1, len(it.corners) // STARTS)], []
    for _ in range(4):
        quads = quads[[is_outline(quad, it.small.shape) for quad in quads]]
        if not len(quads):
            break
        every.append(quads)
        with torch.no_grad():
            said = net(torch.from_numpy(it.shown(quads))).numpy()
        quads = np.stack([moved(*each) for each in zip(quads, said, strict=True)])
    corners = rings_in_order(np.concatenate([*every, it.corners[:1]]))
    return corners, np.array([max((overlap(quad, rim) for rim in it.truth), default=0) for quad in corners])


def turned(rng: np.random.Generator, seen: np.ndarray, ways: np.ndarray) -> tuple[torch.Tensor, torch.Tensor]:
    """What is seen (N, 6, side, side), mirrored, turned, lit and coloured by chance; and the ways (N, 8)."""
    way = ways.reshape(-1, 4, 2)
    if rng.random() < 0.5:
        seen, way = seen[:, :, :, ::-1], way[:, [1, 0, 3, 2]] * [-1, 1]
    if rng.random() < 0.5:
        seen, way = seen[:, :, ::-1], way[:, [3, 2, 1, 0]] * [1, -1]
    if rng.random() < 0.5:
        seen, way = seen.swapaxes(2, 3), way[:, [0, 3, 2, 1], ::-1]
    seen = np.array(seen)
    tint = rng.normal(0, 0.05, (1, 3, 1, 1))
    seen[:, :3] = seen[:, :3] * math.exp(rng.normal(0, 0.15)) + rng.normal(0, 0.12) + tint
    if rng.random() < 0.3:
        seen[:, :3] = seen[:, rng.permutation(3)]
    if rng.random() < 0.1:
        seen[:, :3] = seen[:, :3].mean(axis=1, keepdims=True)
    return torch.from_numpy(seen), torch.from_numpy(way.reshape(-1, 8).astype(np.float32))


# ---- the net


class Snap(nn.Module):
    """(N, 6, side, side) of `straightened` to (N, 9): the ways of four corners, the logarithm of the odds."""

    def __init__(self) -> None:
        super().__init__()
        self.sees = nn.Sequential(
            spot(6, 16, 5, 2), spot(16, 32, 3, 2), spot(32, 48, 3, 1), spot(48, 64, 3, 2), spot(64, 64, 3, 1)
        )
        wide = (VIEW.side // 8) ** 2
        self.places = nn.Sequential(spot(64, 24, 1, 1), nn.Flatten(), nn.Linear(24 * wide, 64), nn.ReLU())
        self.ways = nn.Linear(64, 8)
        self.weighs = nn.Sequential(
            spot(64, 64, 3, 2), spot(64, 64, 3, 1), nn.Flatten(), nn.Dropout(0.3), nn.Linear(16 * wide, 48),
            nn.ReLU(),
        )  # fmt: skip
        self.says = nn.Linear(48 + 64, 1)

    def forward(self, seen: torch.Tensor) -> torch.Tensor:
        deep = self.sees(seen)
        places = self.places(deep)
        return torch.cat([self.ways(places), self.says(torch.cat([self.weighs(deep), places], 1))], 1)


# ---- the training


def train(lessons: list[Lesson], minutes: float) -> nn.Module:
    """The mean of the last steps' nets, after both halves."""
    torch.manual_seed(0)
    half = taught(Snap(), lessons, [], minutes / 2)
    judged = [(it, *results(half, it)) for it in lessons]
    return taught(half, lessons, judged, minutes / 2)


def taught(
    net: nn.Module, lessons: list[Lesson], judged: list[tuple[Lesson, np.ndarray, np.ndarray]], minutes: float
) -> nn.Module:
    """The mean net after so many minutes; `judged`: lessons, outlines of each, and their overlaps."""
    rng = np.random.default_rng(len(judged))
    with_paper = [it for it in lessons if it.truth]
    mean = torch.optim.swa_utils.AveragedModel(
        net, multi_avg_fn=torch.optim.swa_utils.get_ema_multi_avg_fn(0.998), use_buffers=True
    )
    worker = torch.optim.AdamW(net.train().parameters(), RATE, weight_decay=1e-3)
    start, step, gone = time.monotonic(), 0, 0.0
    while gone < 1:
        step += 1
        for group in worker.param_groups:
            slow = min(1.0, step / 150)
            group["lr"] = slow * (RATE * (0.5 + 0.5 * math.cos(math.pi * gone)) + 2e-5)
        some = [with_paper[int(k)] for k in rng.integers(0, len(with_paper), PICTURES)]
        shown = [turned(rng, it.shown(quads), ways) for it in some for quads, ways in [starts(rng, it)]]
        said = net(torch.cat([seen for seen, _ in shown]))[:, :8]
        truth = torch.cat([ways for _, ways in shown])
        wrong = 8 * nn.functional.smooth_l1_loss(said, truth, beta=0.1)
        if judged:
            wrong = wrong + doubts(net, rng, judged)
        worker.zero_grad()
        wrong.backward()
        nn.utils.clip_grad_norm_(net.parameters(), 5.0)
        worker.step()
        mean.update_parameters(net)
        gone = (time.monotonic() - start) / (60 * minutes)
    return mean.module.eval()


def doubts(
    net: nn.Module, rng: np.random.Generator, judged: list[tuple[Lesson, np.ndarray, np.ndarray]]
) -> torch.Tensor:
    """How badly the net judges outlines of some pictures."""
    shown, overlaps = [], []
    for k in rng.integers(0, len(judged), PICTURES):
        it, quads, shares = judged[int(k)]
        which = rng.permutation(len(quads))[:JUDGED]
        shown.append(turned(rng, it.shown(quads[which]), np.zeros((len(which), 8)))[0])
        overlaps.append(shares[which])
    share = torch.from_numpy(np.concatenate(overlaps))
    said = net(torch.cat(shown))[:, 8]
    clear = ((share >= GOOD) | (share < DOUBTFUL)).float()
    right = (share >= GOOD).float()
    each = nn.functional.binary_cross_entropy_with_logits(said, right, reduction="none")
    return (each * clear).mean()


def export(net: nn.Module, file: Path) -> None:
    many, some = {name: {0: "n"} for name in ("picture", "said")}, torch.zeros(4, 6, VIEW.side, VIEW.side)
    torch.onnx.export(
        net, some, str(file), input_names=["picture"], output_names=["said"],
        dynamic_axes=many, opset_version=13, dynamo=False,
    )  # fmt: skip


def asked_for(what: str, count: int, minutes: float, to: Path) -> argparse.Namespace:
    """The command line of a training with lessons: what it says of itself, and its defaults."""
    parser = argparse.ArgumentParser(description=what)
    parser.add_argument("--keep", type=Path, required=True)
    parser.add_argument("--count", type=int, default=count)
    parser.add_argument("--minutes", type=float, default=minutes)
    parser.add_argument("--to", type=Path, default=to)
    return parser.parse_args()


def main() -> None:
    asked = asked_for(__doc__.splitlines()[0], 3600, 43, FILE)
    torch.set_num_threads(1)
    export(train(drawn(asked.keep, asked.count), asked.minutes), asked.to)


if __name__ == "__main__":
    main()
