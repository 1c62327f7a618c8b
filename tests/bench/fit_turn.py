"""Trains the net that tells which way up text is and writes upright.onnx of scanner/clean/geometry.

    python -m pip install torch && python tests/bench/fit_turn.py [--minutes 25]

Print of any Vietnamese font that the machine has is drawn, worn and cut into pieces while the net is taught:
nothing is kept. What shows no print at all is taught as a fifth answer.
"""

import argparse
import math
import multiprocessing
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np
import torch
from PIL import Image, ImageDraw, ImageFont
from torch import nn

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from scanner.clean.geometry.upright import FILE, LEAST, NOISE, SIDE, levelled  # noqa: E402
from tests.bench.drawn.heap import leaves  # noqa: E402
from tests.bench.drawn.synth import SCENES, background  # noqa: E402
from tests.bench.fit_eye import Separable, say, spot  # noqa: E402

DRAWN = 288  # px of a side of a drawing
EACH = 8  # pieces of a drawing
BATCH = 10  # drawings
WORDS = 6000  # made up at first
X_HEIGHT, SOFTEST = (3.0, 13.0), 0.32  # px of a small letter; deviation of its blur, in parts of it
RATE = 3e-3
NOTHING = 4  # the answer of what shows no print
STARTS = (
    "b",
    "c",
    "ch",
    "d",
    "đ",
    "g",
    "gh",
    "h",
    "k",
    "kh",
    "l",
    "m",
    "n",
    "ng",
    "nh",
    "ph",
    "qu",
    "t",
    "th",
    "x",
    "",
)
VOWELS = (
    *"aàáảãạăằắẳẵặâầấẩẫậeèéẻẽẹêềếểễệiìíỉĩịoòóỏõọôồốổỗộơờớởỡợuùúủũụưừứửữựyỳýỷ",
    *("iê", "iế", "iệ", "uô", "uố", "uộ", "ươ", "ướ", "ượ", "oa", "oà", "ia", "ưa", "ua"),
)
ENDS = ("c", "ch", "m", "n", "ng", "nh", "p", "t", "i", "u", "", "", "", "", "")
OTHERS = (
    "the",
    "of",
    "and",
    "person",
    "paper",
    "copy",
    "page",
    "date",
    "year",
    "stamp",
    "form",
    "Pleiku",
    "Ayun",
    "Siu",
)
NUMBERS = ("{}", "{}/{}", "{}.{}", "({})", "{}-{}", "{},", "số {}:")


def fonts() -> list[str]:
    """The files of fonts with Vietnamese letters."""
    told = subprocess.run(["fc-list", ":lang=vi", "file"], capture_output=True, text=True, check=True).stdout
    files = sorted(line.split(":")[0] for line in told.splitlines())
    return [file for file in files if "Thin" not in file]


def words(rng: np.random.Generator) -> list[str]:
    """Syllables of any sound, names and numbers."""
    some = ["".join(str(rng.choice(part)) for part in (STARTS, VOWELS, ENDS)) for _ in range(WORDS)]
    numbers = [str(rng.choice(NUMBERS)).format(*rng.integers(0, 2030, 2)) for _ in range(WORDS // 6)]
    return [*some, *OTHERS * (WORDS // 6 // len(OTHERS)), *numbers]


def print_of(rng: np.random.Generator, files: list[str], said: list[str]) -> tuple[np.ndarray, float]:
    """(DRAWN, DRAWN) float32 0 ink to 1 paper: rows of print, rulings and columns among them; the px of its
    small letters."""
    image = Image.new("L", (DRAWN, DRAWN), 255)
    draw = ImageDraw.Draw(image)
    file = str(rng.choice(files))
    small = float(np.exp(rng.uniform(*np.log(X_HEIGHT))))
    size = max(5, round(small / 0.5))
    face = ImageFont.truetype(file, size)
    other = ImageFont.truetype(str(rng.choice(files)), max(5, round(size * rng.uniform(0.8, 1.5))))
    pitch = size * rng.uniform(1.15, 2.2)
    dotted, bars, capital = rng.random() < 0.15, rng.random() < 0.2, rng.random()
    y = -rng.uniform(0, pitch)
    while y < DRAWN:
        x = -rng.uniform(0, 60) if rng.random() < 0.8 else rng.uniform(0, DRAWN / 2)
        end = DRAWN if rng.random() < 0.75 else rng.uniform(DRAWN / 4, DRAWN)
        now = other if rng.random() < 0.12 else face
        count = max(1, 2 + int((end - max(x, 0)) / (small * 5)))
        row = " ".join(said[int(k)] for k in rng.integers(len(said), size=count))
        row = row.upper() if capital < 0.12 or rng.random() < 0.06 else row.capitalize()
        if dotted and rng.random() < 0.6:
            row = row[: len(row) // 3] + " " + "." * 60
        if rng.random() > 0.06:
            draw.text((x, y), row, fill=int(rng.choice([0, 0, 40, 90])), font=now)
        if bars and rng.random() < 0.7:
            draw.line([0, y + pitch, DRAWN, y + pitch], fill=60, width=int(rng.integers(1, 3)))
        y += pitch
    if bars:
        for x in np.cumsum(rng.uniform(40, 200, 4)):
            draw.line([x, 0, x, DRAWN], fill=60, width=int(rng.integers(1, 3)))
    return np.asarray(image, np.float32) / 255, small


def no_print(rng: np.random.Generator) -> np.ndarray:
    """The same of what is no print: tables, heaps, rulings, dots."""
    kind = int(rng.integers(4))
    if kind == 0:
        seen = cv2.resize(leaves(rng, DRAWN // 2, DRAWN // 2).mean(axis=2), (DRAWN, DRAWN))
    elif kind == 1:
        scenes = [scene for scene in SCENES if scene != "papers"]
        seen = background(rng, str(rng.choice(scenes)), DRAWN, DRAWN).mean(axis=2)
    elif kind == 2:
        seen = np.full((DRAWN, DRAWN), 255.0, np.float32)
        for along in (0, 1):
            for at in np.cumsum(rng.uniform(6, 90, 40)):
                ends = np.array([[at, 0], [at, DRAWN]]).astype(int)[:, :: -1 if along else 1]
                cv2.line(seen, *ends.tolist(), 0.0, int(rng.integers(1, 4)))
            if rng.random() < 0.4:
                break
    else:
        seen = np.full((DRAWN, DRAWN), 255.0, np.float32)
        for _ in range(int(rng.integers(5, 200))):
            shape = (
                rng.uniform(0, DRAWN, 2).tolist(),
                rng.uniform(1, 9, 2).tolist(),
                float(rng.uniform(0, 180)),
            )
            cv2.ellipse(seen, shape, float(rng.uniform(0, 200)), -1)
    return np.clip(seen, 0, 255).astype(np.float32) / 255


def worn(rng: np.random.Generator, shown: np.ndarray, small: float) -> np.ndarray:
    """(DRAWN, DRAWN) uint8: aslant, bent, in bad light, with noise, as soft as letters of `small` px bear."""
    middle = DRAWN / 2
    aslant = cv2.getRotationMatrix2D((middle, middle), float(rng.normal(0, 3)), float(rng.uniform(0.95, 1.1)))
    aslant[0, 1] += rng.normal(0, 0.06)
    down, across = np.mgrid[:DRAWN, :DRAWN].astype(np.float32)
    bend = rng.normal(0, 6) * np.sin(across / rng.uniform(60, 400) + rng.uniform(0, 6)) * (rng.random() < 0.4)
    x = aslant[0, 0] * across + aslant[0, 1] * down + aslant[0, 2]
    y = aslant[1, 0] * across + aslant[1, 1] * down + aslant[1, 2] + bend
    x = (x - middle) * rng.uniform(0.8, 1.25) + middle
    x, y = x.astype(np.float32), y.astype(np.float32)
    shown = cv2.remap(shown, x, y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REFLECT)
    if rng.random() < 0.2:
        kernel = np.ones((2, 2), np.uint8)
        shown = cv2.erode(shown, kernel) if rng.random() < 0.6 else cv2.dilate(shown, kernel)
    soft = min(float(rng.choice([0, 0.5, 0.8, 1.1, 1.6, 2.2])), SOFTEST * small)
    if soft:
        shown = cv2.GaussianBlur(shown, (0, 0), soft)
    if rng.random() < 0.15:
        length = int(np.clip(rng.uniform(2, 6), 2, 2 * SOFTEST * small + 1))
        kernel = np.zeros((length, length), np.float32)
        kernel[length // 2 if rng.random() < 0.5 else slice(None), ...] = 1
        kernel = kernel if rng.random() < 0.5 else kernel.T
        shown = cv2.filter2D(shown, -1, kernel / kernel.sum())
    paper, ink = rng.uniform(90, 255), rng.uniform(0, 0.75)
    grey = paper * (ink + (1 - ink) * shown)
    if rng.random() < 0.12:
        grey = paper - grey + rng.uniform(0, 40)
    light = np.linspace(rng.uniform(0.5, 1), 1, DRAWN)
    grey = grey * (light[:, None] if rng.random() < 0.5 else light[None])
    if rng.random() < 0.25:
        edge = (across - down * rng.uniform(-1, 1) - rng.uniform(0, DRAWN)) / rng.uniform(5, 30)
        grey = grey * (1 - rng.uniform(0.1, 0.5) / (1 + np.exp(-np.clip(edge, -50, 50))))
    grey = np.clip(grey + rng.normal(0, rng.uniform(0, 9), grey.shape), 0, 255).astype(np.uint8)
    if rng.random() < 0.12:
        grey = cv2.threshold(grey, 0, 255, cv2.THRESH_BINARY + cv2.THRESH_OTSU)[1]
    if rng.random() < 0.6:
        _, data = cv2.imencode(".jpg", grey, [cv2.IMWRITE_JPEG_QUALITY, int(rng.integers(25, 95))])
        grey = cv2.imdecode(data, cv2.IMREAD_GRAYSCALE)
    return grey


def batch(rng: np.random.Generator, files: list[str], said: list[str]) -> tuple[np.ndarray, np.ndarray]:
    """(N, 1, SIDE, SIDE) pieces as the kiosk shows them; (N,) quarters that set each upright, or NOTHING."""
    seen, truth = [], []
    for _ in range(BATCH):
        printed = rng.random() < 0.85
        grey = worn(rng, *print_of(rng, files, said)) if printed else worn(rng, no_print(rng), X_HEIGHT[1])
        quarter = int(rng.integers(4))
        relief = levelled(np.ascontiguousarray(np.rot90(grey, quarter)))
        for top, left in rng.integers(0, DRAWN - SIDE, (EACH, 2)):
            piece = relief[top : top + SIDE, left : left + SIDE]
            if (spread := float(piece.std())) > LEAST:
                seen.append(piece / (spread + NOISE))
                truth.append(quarter if printed else NOTHING)
    return np.stack(seen)[:, None].astype(np.float32), np.array(truth)


def batches(
    first: int, files: list[str], out: "multiprocessing.Queue[tuple[np.ndarray, np.ndarray]]"
) -> None:
    cv2.setNumThreads(1)
    rng = np.random.default_rng(first)
    said = words(rng)
    while True:
        try:
            out.put(batch(rng, files, said))
        except ValueError:  # nothing was shown at all
            continue


class Upright(nn.Sequential):
    """(N, 1, SIDE, SIDE) to (N, 5): logarithms of the odds of 0, 90, 180, 270 degrees, and of no print."""

    def __init__(self) -> None:
        super().__init__(
            spot(1, 16, 3, 2), Separable(16, 24, 2), Separable(24, 24), Separable(24, 40, 2),
            Separable(40, 40), Separable(40, 64, 2), Separable(64, 64), Separable(64, 96, 2),
            Separable(96, 96), nn.AvgPool2d(3), nn.Flatten(), nn.Linear(96, 5),
        )  # fmt: skip


def train(files: list[str], minutes: float) -> Iterator[tuple[float, float, float, nn.Module]]:
    """The net now and then, with the share of the time that has gone, the error, the share it had right."""
    fresh = multiprocessing.get_context("spawn")
    queue = fresh.Queue(16)
    workers = [fresh.Process(target=batches, args=(k, files, queue), daemon=True) for k in (1, 2)]
    for worker in workers:
        worker.start()
    torch.manual_seed(0)
    net = Upright()
    mean = torch.optim.swa_utils.AveragedModel(
        net, multi_avg_fn=torch.optim.swa_utils.get_ema_multi_avg_fn(0.995), use_buffers=True
    )
    steps = torch.optim.AdamW(net.train().parameters(), RATE, weight_decay=1e-3)
    start, errors, right, gone = time.monotonic(), [], [], 0.0
    while gone < 1:
        for group in steps.param_groups:
            slow = min(1.0, (len(errors) + 1) / 100)
            group["lr"] = RATE * slow * (0.5 + 0.5 * math.cos(math.pi * gone)) + 2e-5
        seen, truth = (torch.from_numpy(each) for each in queue.get())
        steps.zero_grad()
        said = net(seen)
        wrong = nn.functional.cross_entropy(said, truth.long(), label_smoothing=0.02)
        wrong.backward()
        steps.step()
        mean.update_parameters(net)
        errors.append(float(wrong.detach()))
        right.append(float((said.argmax(1) == truth).float().mean()))
        gone = (time.monotonic() - start) / (60 * minutes)
        if len(errors) % 200 == 0 or gone >= 1:
            yield gone, float(np.mean(errors[-200:])), float(np.mean(right[-200:])), mean.module
    for worker in workers:
        worker.terminate()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--minutes", type=float, default=25)
    parser.add_argument("--to", type=Path, default=FILE)
    asked = parser.parse_args()
    torch.set_num_threads(1)
    for gone, wrong, right, net in train(fonts(), asked.minutes):
        say(f"{100 * gone:.0f} % of the time, error {wrong:.4f}, right {100 * right:.1f} %")
        net.eval()
        shape = {0: "pieces"}
        torch.onnx.export(
            net, torch.rand(1, 1, SIDE, SIDE), str(asked.to), dynamo=False, opset_version=13,
            input_names=["view0"], dynamic_axes={"view0": shape},
        )  # fmt: skip
    say(f"{sum(each.numel() for each in net.parameters())} numbers, {asked.to.stat().st_size} bytes")


if __name__ == "__main__":
    main()
