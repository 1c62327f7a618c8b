"""Fits the beliefs of the page finder to made-up photographs and writes scanner/clean/finder/weights.py.

    python tests/bench/fit_finder.py EDGES|EYE [--count 800] [--keep MEASURES.pkl]

Every outline that the finder puts together is measured and compared with the truth; a net with one small
hidden layer learns the odds of "this is a paper's rim" against all others of the picture and "no paper here".
That by the EDGES comes first; that with the EYE asks it and is fitted on other pictures.
MEASURES.pkl keeps what was measured, for another fit. The seeds differ from those of scan_quality.
"""

import argparse
import pickle
import sys
from dataclasses import dataclass
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from scanner.clean.finder.halves import going_on, joined  # noqa: E402
from scanner.clean.finder.look import HALF, look_at  # noqa: E402
from scanner.clean.finder.outlines import (  # noqa: E402
    EDGE_MEASURES,
    MEASURES,
    Outlines,
    by_eye,
    in_order,
    measure,
    seen_whole,
    together,
)
from scanner.clean.finder.weights import with_eye  # noqa: E402
from tests.bench.drawn.books import open_book  # noqa: E402
from tests.bench.drawn.collage import CLUTTER, SEVERAL  # noqa: E402
from tests.bench.drawn.framed import FRAMES, certificate  # noqa: E402
from tests.bench.drawn.synth import FAULTS, SCENES, photograph, scan  # noqa: E402
from tests.bench.drawn.tabletop import BENDS, KINDS, TABLES, Shot, any_paper, overlap, shoot  # noqa: E402

TABLES_OF = {"EDGES": (0, 14), "EYE": (20_000, 8)}  # first seed, so that all is new to the second; cells
COVERED = MEASURES.index("covered")
ROUNDS = 90
DECAY = 0.0006  # of the weights a step; five times as much took more wrong papers on pictures kept apart
SIZE = (880, 660)
TURNS = 18  # kinds of pictures
GOOD, DOUBTFUL = 0.95, 0.93  # overlap with the truth; what lies between teaches nothing
GROUNDS = (*TABLES, "heap", "heap", "heap", "heap")  # so that no table is known by heart


@dataclass(frozen=True)
class Group:
    """The rival outlines of one paper, or of a picture without one: (N, F) measures, (N,) overlaps.

    `lost`: (N,) the belief that each loses because its sheet goes on past a side.
    """

    measures: np.ndarray
    overlaps: np.ndarray
    lost: np.ndarray


def picture(k: int) -> Shot:
    """Kinds in turn: flat, bent, those of synth, several, none; with frames, on grain; hard ones; books."""
    rng, turn = np.random.default_rng(k), k % TURNS
    if turn >= 16:
        page, facing = (any_paper(rng, str(rng.choice(KINDS)), 80) for _ in range(2))
        return open_book(rng, page, facing, str(rng.choice(GROUNDS)), SIZE)
    if turn >= 12:
        paper = any_paper(rng, str(rng.choice(KINDS)), 80)
        if turn % 2:
            return shoot(rng, [paper], str(rng.choice(CLUTTER)), SIZE)
        return shoot(rng, [paper], str(rng.choice(GROUNDS)), SIZE, bend="fold")
    if turn >= 10:
        paper = certificate(rng, FRAMES[k // TURNS % len(FRAMES)], 80)
        if turn == 10:
            return shoot(rng, [paper], str(rng.choice(GROUNDS)), SIZE)
        paper = paper if rng.random() < 0.5 else any_paper(rng, "text", 80)
        return shoot(rng, [paper], "timber", SIZE, tilt=18)
    k = k // TURNS * 10 + turn
    kind = KINDS[(k // 10 + k) % len(KINDS)] if rng.random() < 0.6 else "text"
    paper, table, which = any_paper(rng, kind, 80), str(rng.choice(GROUNDS)), k % 10
    if which < 4:
        return shoot(rng, [paper], table, SIZE)
    if which < 7:
        return shoot(rng, [paper], table, SIZE, bend=str(rng.choice(BENDS[1:])))
    if which == 7:
        bend = 0.0 if rng.random() < 0.7 else 0.03
        photo = photograph(rng, paper, str(rng.choice(SCENES)), SIZE, bend=bend)
        return Shot(photo.image, [photo.corners], photo.scene, "bulge")
    if which == 8:
        count, kind = SEVERAL[k // 10 % 4]
        return shoot(rng, [any_paper(rng, kind, 80) for _ in range(count)], table, SIZE)
    if k // 10 % 2:
        return Shot(scan(rng, paper, float(rng.normal(0, 2)), FAULTS[k // 20 % 5]).image, [], "scan", "flat")
    shot = shoot(rng, [paper], table, SIZE, fill=1.55, hand=0, tilt=12, upright=True)
    return Shot(shot.image, [], table, "flat")


def groups_of(shot: Shot) -> list[Group]:
    """What the finder measures in a picture, a group for each paper in it."""
    look = look_at(shot.image)
    if look is None:
        return []
    outlines = together(together(look.straight(), look.drawn()), look.closer())
    measures = measure(outlines, look.edges, look.ink, look.bare, look.seen)
    some = np.argsort(-measures[:, [COVERED, COVERED + 1]].sum(axis=1))[:60]
    likely = Outlines(outlines.points[some], outlines.real[some])
    whole = joined(likely, going_on(likely, look.edges, look.bare))
    outlines = together(outlines, whole)
    measures = np.concatenate([measures, measure(whole, look.edges, look.ink, look.bare, look.seen)])
    lost = HALF * going_on(outlines, look.edges, look.bare).max(axis=1, initial=0)
    lost[seen_whole(by_eye(outlines, look.seen))] = 0
    corners = (outlines.corners + 0.5) / look.factor - 0.5
    if not len(corners):
        return []
    if not shot.corners:
        return [Group(measures, np.zeros(len(measures)), lost)]
    overlaps = np.array([[overlap(in_order(quad), truth) for truth in shot.corners] for quad in corners])
    owner = overlaps.argmax(axis=1)
    low, high = corners.min(axis=1), corners.max(axis=1)
    groups = []
    for paper, truth in enumerate(shot.corners):
        meet = ((low < truth.max(axis=0)) & (truth.min(axis=0) < high)).all(axis=1)
        mine = np.where(owner == paper, overlaps[:, paper], 0)
        groups.append(Group(measures[meet], mine[meet], lost[meet]))
    return [group for group in groups if len(group.measures)]


def fit(groups: list[Group], cells: int) -> dict[str, np.ndarray]:
    """A net by Adam; the loss of a group is -log of the share of odds that its good outlines hold."""
    rng = np.random.default_rng(0)
    table = np.concatenate([group.measures for group in groups])
    usual, spread = table.mean(axis=0), table.std(axis=0) + 1e-6
    rivals = []
    for group in groups:
        good = group.overlaps >= max(GOOD, group.overlaps.max() - 0.012)
        clear = good | (group.overlaps < DOUBTFUL)
        rivals.append(((group.measures[clear] - usual) / spread, good[clear], group.lost[clear]))
    shapes = {"cells": (table.shape[1], cells), "says": (cells,), "direct": (table.shape[1],)}
    net = {name: rng.normal(0, 0.3, shape) for name, shape in shapes.items()}
    net |= {"thresholds": np.zeros(cells), "bias": np.array([-3.0])}
    first, second = ({name: np.zeros_like(value) for name, value in net.items()} for _ in range(2))
    step = 0
    for turn in range(ROUNDS):
        rate = 0.004 * (1 - turn / ROUNDS) + 0.0002
        for some in np.array_split(rng.permutation(len(rivals)), max(1, len(rivals) // 8)):
            step += 1
            total = {name: DECAY * value for name, value in net.items()}
            for k in some:
                seen = rivals[k][0] + rng.normal(0, 0.08, rivals[k][0].shape)
                for name, value in slope(net, seen, *rivals[k][1:]).items():
                    total[name] = total[name] + value / len(some)
            for name, value in total.items():
                first[name] = 0.9 * first[name] + 0.1 * value
                second[name] = 0.999 * second[name] + 0.001 * value * value
                even = first[name] / (1 - 0.9**step), second[name] / (1 - 0.999**step)
                net[name] = net[name] - rate * even[0] / (np.sqrt(even[1]) + 1e-8)
    return net | {"usual": usual, "spread": spread}


def slope(
    net: dict[str, np.ndarray], seen: np.ndarray, good: np.ndarray, lost: np.ndarray
) -> dict[str, np.ndarray]:
    """How the loss of one group changes with each part of the net."""
    hidden = np.tanh(seen @ net["cells"] + net["thresholds"])
    belief = hidden @ net["says"] + seen @ net["direct"] + net["bias"] - lost
    most = max(float(belief.max()), 0.0)
    odds = np.exp(belief - most)
    change = odds / (odds.sum() + np.exp(-most))
    if good.any():
        change[good] -= odds[good] / odds[good].sum()
    inner = np.outer(change, net["says"]) * (1 - hidden * hidden)
    return {
        "cells": seen.T @ inner, "thresholds": inner.sum(axis=0), "says": hidden.T @ change,
        "direct": seen.T @ change, "bias": np.array([change.sum()]),
    }  # fmt: skip


def write(net: dict[str, np.ndarray], name: str) -> None:
    """The numbers into a table of weights.py; its code stays."""
    file = ROOT / "scanner/clean/finder/weights.py"
    code = file.read_text()
    rows = np.column_stack([net["usual"], net["spread"], net["direct"], net["cells"]])
    ends = [np.concatenate([[0, 0, float(net["bias"][0])], net["thresholds"]])]
    ends.append(np.concatenate([np.zeros(3), net["says"]]))
    table = "\n".join(" ".join(f"{value:.2g}" for value in row) for row in [*rows, *ends])
    start = code.index(f'\n{name} = """') + len(f'\n{name} = """')
    end = code.index('"""', start)
    file.write_text(f"{code[:start]}\n{table}\n{code[end:]}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("table", choices=TABLES_OF)
    parser.add_argument("--count", type=int, default=800)
    parser.add_argument("--keep", type=Path)
    asked = parser.parse_args()
    first, cells = TABLES_OF[asked.table]
    if asked.keep and asked.keep.exists():
        groups = [Group(*pair) for pair in pickle.loads(asked.keep.read_bytes())]
    else:
        groups = [group for k in range(first, first + asked.count) for group in groups_of(picture(k))]
        if asked.keep:
            kept = [(group.measures, group.overlaps, group.lost) for group in groups]
            asked.keep.write_bytes(pickle.dumps(kept))
    write(fit([asks(asked.table, group) for group in groups], cells), asked.table)


def asks(table: str, group: Group) -> Group:
    """The group with the measures that a net is asked."""
    known = with_eye(group.measures) if table == "EYE" else group.measures[:, : len(EDGE_MEASURES)]
    return Group(known, group.overlaps, group.lost)


if __name__ == "__main__":
    main()
