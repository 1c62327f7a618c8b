"""Trains the net that judges outlines and writes scanner/clean/finder/trust.onnx; it needs torch.

    python tests/bench/fit_trust.py --keep FOLDER [--count 5700] [--minutes 60]

It is shown outlines that the finder put together and that the net of snap.onnx moved, closely and from afar,
and learns which overlap with a paper by GOOD. So that it learns more from each, it says besides which of the
four sides lie along the paper's, and how far the corners are from the paper's; the kiosk does not ask that.
FOLDER keeps what was drawn, as for fit_snap. The eye and that net must stand first.
"""

import math
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

from scanner.clean.finder.outlines import in_order  # noqa: E402
from scanner.clean.finder.snap import snapped  # noqa: E402
from scanner.clean.finder.trust import AFAR, CLOSELY, FILE  # noqa: E402
from scanner.clean.finder.views import halves  # noqa: E402
from tests.bench.drawn.tabletop import overlap  # noqa: E402
from tests.bench.fit_eye import spot  # noqa: E402
from tests.bench.fit_snap import DOUBTFUL, GOOD, Lesson, asked_for, drawn, nearest  # noqa: E402

MOVED = 9  # outlines a picture that are moved onto rims
PICTURES, EACH = 10, 9  # at once; outlines of each
LIKELY = (0.25, 0.8, 1.5)  # how often an outline is shown: any, one that overlaps by .6 more, by .9 more yet
ALONG, ASTRAY = 0.017, 0.03  # of a side: a side of an outline lies along the paper's, or does not
KNOWN = 0.35  # of overlap, from which it is known which paper is meant
FAR, FARTHEST_PX = 12.0, 25.0  # px of the close view that are called 1; of a corner's way that is taught
SIDES = ((0, 1, 1), (1, 2, 0), (2, 3, 1), (3, 0, 0))  # corners of each, and the axis across it
RATE = 2e-3


@dataclass(frozen=True)
class Case:
    """A lesson with outlines (N, 4, 2) to be judged: overlaps (N,), ways of corners (N, 4, 2) in parts of FAR

    and whether these are taught (N,), whether each side lies along the paper's (N, 4), NaN where unknown.
    """

    it: Lesson
    corners: np.ndarray
    overlaps: np.ndarray
    ways: np.ndarray
    near: np.ndarray
    along: np.ndarray


def case(it: Lesson) -> Case:
    moved = snapped(it.small, it.seen, it.corners[:: max(1, len(it.corners) // MOVED)])
    exact = [in_order(rim) for rim in it.truth]
    corners = np.concatenate([some for some in (it.corners, moved, exact) if some is not None and len(some)])
    overlaps = np.array([max((overlap(quad, rim) for rim in it.truth), default=0) for quad in corners])
    ways, along = np.zeros((len(corners), 4, 2)), np.full((len(corners), 4), np.nan)
    for k, quad in enumerate(corners if it.truth else ()):
        matrix = cv2.getPerspectiveTransform(quad.astype(np.float32), CLOSELY.flat)
        rim = nearest(quad, it.truth).astype(np.float32)
        ways[k] = cv2.perspectiveTransform(rim[None], matrix)[0] - CLOSELY.flat
        if overlaps[k] > KNOWN:
            off = [max(abs(ways[k, a, axis]), abs(ways[k, b, axis])) for a, b, axis in SIDES]
            share = np.array(off) / (CLOSELY.side - 2 * CLOSELY.beside)
            along[k] = np.where(share < ALONG, 1, np.where(share > ASTRAY, 0, np.nan))
    near = (np.abs(ways).max(axis=(1, 2)) < FARTHEST_PX) & bool(it.truth)
    return Case(it, corners, overlaps, ways * near[:, None, None] / FAR, near, along)


def shown(rng: np.random.Generator, one: Case) -> tuple[np.ndarray, ...]:
    """Some outlines, mirrored and turned by chance: both views, overlaps, ways (N, 8), near, along."""
    often = LIKELY[0] + LIKELY[1] * (one.overlaps > 0.6) + LIKELY[2] * (one.overlaps > 0.9)
    which = rng.choice(len(often), min(EACH, len(often)), replace=False, p=often / often.sum())
    sizes = halves(one.it.small)
    views = [view.straightened(sizes, one.it.seen, one.corners[which]) for view in (CLOSELY, AFAR)]
    ways, along = one.ways[which], one.along[which]
    if rng.random() < 0.5:
        views = [view[:, :, :, ::-1] for view in views]
        ways, along = ways[:, [1, 0, 3, 2]] * [-1, 1], along[:, [0, 3, 2, 1]]
    if rng.random() < 0.5:
        views = [view[:, :, ::-1] for view in views]
        ways, along = ways[:, [3, 2, 1, 0]] * [1, -1], along[:, [2, 1, 0, 3]]
    if rng.random() < 0.5:
        views = [view.swapaxes(2, 3) for view in views]
        ways, along = ways[:, [0, 3, 2, 1], ::-1], along[:, [3, 2, 1, 0]]
    closely, afar = lit(rng, [np.array(view) for view in views])
    return closely, afar, one.overlaps[which], ways.reshape(-1, 8), one.near[which], along


def lit(rng: np.random.Generator, views: list[np.ndarray]) -> list[np.ndarray]:
    """The views in another light and colour, all in the same."""
    gain = math.exp(rng.normal(0, 0.18))
    offset = (rng.normal(0, 0.12) + rng.normal(0, 0.06, 3))[:, None, None]
    order = rng.permutation(3) if rng.random() < 0.3 else np.arange(3)
    grey, noisy = rng.random() < 0.1, rng.random() < 0.15
    for view in views:
        colours = view[:, order] * gain + offset
        if grey:
            colours = np.repeat(colours.mean(axis=1, keepdims=True), 3, axis=1)
        view[:, :3] = colours + rng.normal(0, 0.06, colours.shape) * noisy
    return views


# ---- the net


class Trust(nn.Module):
    """Both views to (N, 13): the logarithm of the odds, four corners' ways, the sides that lie along."""

    def __init__(self) -> None:
        super().__init__()
        self.closely = nn.Sequential(
            spot(6, 16, 5, 2), spot(16, 16, 3, 1), spot(16, 32, 3, 2), spot(32, 48, 3, 1), spot(48, 64, 3, 2),
            spot(64, 64, 3, 1), spot(64, 80, 3, 2), spot(80, 80, 3, 1), spot(80, 32, 1, 1), nn.Flatten(),
            nn.Dropout(0.25), nn.Linear(32 * (CLOSELY.side // 16) ** 2, 64), nn.ReLU(),
        )  # fmt: skip
        self.afar = nn.Sequential(
            spot(6, 16, 5, 2), spot(16, 32, 3, 2), spot(32, 48, 3, 1), spot(48, 64, 3, 2), spot(64, 64, 3, 1),
            spot(64, 24, 1, 1), nn.Flatten(),
            nn.Dropout(0.25), nn.Linear(24 * (AFAR.side // 8) ** 2, 48), nn.ReLU(),
        )  # fmt: skip
        self.both = nn.Sequential(nn.Linear(64 + 48, 48), nn.ReLU())
        self.says = nn.Linear(64 + 48 + 48, 13)

    def forward(self, closely: torch.Tensor, afar: torch.Tensor) -> torch.Tensor:
        each = torch.cat([self.closely(closely), self.afar(afar)], 1)
        return self.says(torch.cat([each, self.both(each)], 1))


class Spoken(nn.Module):
    """The net as it is kept: the logarithm of the odds alone, (N, 1)."""

    def __init__(self, net: nn.Module) -> None:
        super().__init__()
        self.net = net

    def forward(self, closely: torch.Tensor, afar: torch.Tensor) -> torch.Tensor:
        return self.net(closely, afar)[:, :1]


def errors(said: torch.Tensor, truth: list[torch.Tensor]) -> tuple[torch.Tensor, torch.Tensor]:
    """(N,) of the judgement, and the mean of what is taught besides. `truth`: overlaps, ways, near, along."""
    overlaps, ways, near, along = truth
    clear = ((overlaps >= GOOD) | (overlaps < DOUBTFUL)).float()
    loss = nn.functional.binary_cross_entropy_with_logits
    judged = clear * loss(said[:, 0], (overlaps >= GOOD).float(), reduction="none")
    known = ~torch.isnan(along)
    sides = loss(said[:, 9:][known], along[known], reduction="sum") / known.sum().clamp(min=1)
    moved = nn.functional.smooth_l1_loss(said[:, 1:9], ways, beta=0.1, reduction="none").mean(dim=1)
    return judged, 0.5 * sides + 3 * (moved * near).mean()


# ---- the training


def taught(cases: list[Case], minutes: float) -> nn.Module:
    """The mean of the last steps' nets. Pictures that it judges worst are shown the most."""
    torch.manual_seed(0)
    net = Trust().to(memory_format=torch.channels_last)
    mean = torch.optim.swa_utils.AveragedModel(
        net, multi_avg_fn=torch.optim.swa_utils.get_ema_multi_avg_fn(0.998), use_buffers=True
    )
    worker = torch.optim.AdamW(net.train().parameters(), RATE, weight_decay=2e-3)
    rng, hard = np.random.default_rng(7), np.ones(len(cases))
    start, step, gone = time.monotonic(), 0, 0.0
    while gone < 1:
        step += 1
        for group in worker.param_groups:
            group["lr"] = min(1.0, step / 150) * (RATE * (0.5 + 0.5 * math.cos(math.pi * gone)) + 1e-5)
        which = rng.choice(len(cases), PICTURES, p=hard / hard.sum())
        each = [shown(rng, cases[k]) for k in which]
        all_of = (np.concatenate(some) for some in zip(*each, strict=True))
        closely, afar, *truth = (torch.from_numpy(some).float() for some in all_of)
        with torch.autocast("cpu", dtype=torch.bfloat16):
            views = (view.contiguous(memory_format=torch.channels_last) for view in (closely, afar))
            said = net(*views)
        judged, besides = errors(said.float(), truth)
        worker.zero_grad()
        (judged.mean() + besides).backward()
        nn.utils.clip_grad_norm_(net.parameters(), 5.0)
        worker.step()
        mean.update_parameters(net)
        parts = np.split(judged.detach().numpy(), np.cumsum([len(it[2]) for it in each])[:-1])
        for k, part in zip(which, parts, strict=True):
            hard[k] = 0.6 * hard[k] + 0.4 * (0.2 + min(2.0, 4 * float(part.mean())))
        gone = (time.monotonic() - start) / (60 * minutes)
    return mean.module.eval()


def export(net: nn.Module, file: Path) -> None:
    names = ["view0", "view1"]
    shapes = tuple(torch.zeros(4, 6, view.side, view.side) for view in (CLOSELY, AFAR))
    torch.onnx.export(
        Spoken(net), shapes, str(file), input_names=names, output_names=["said"],
        dynamic_axes={name: {0: "n"} for name in (*names, "said")}, opset_version=13, dynamo=False,
    )  # fmt: skip


def main() -> None:
    asked = asked_for(__doc__.splitlines()[0], 5700, 60, FILE)
    torch.set_num_threads(1)
    export(taught([case(it) for it in drawn(asked.keep, asked.count)], asked.minutes), asked.to)


if __name__ == "__main__":
    main()
