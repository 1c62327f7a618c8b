"""The rows of scan_quality on real pictures: ink of degraded pages, blank pages."""

import time

import cv2
import numpy as np

from scanner.clean.binarise import binarise
from scanner.clean.blank import is_blank
from scanner.clean.light import divide_light, paper_map
from tests.bench.quality.measure import Asked, Row


def dibco(asked: Asked) -> list[Row]:
    scores: dict[str, list[float]] = {"all": [], "printed": []}
    spent = pixels = 0.0
    for truth in sorted((asked.data / "dibco").glob("*/GT/*_gt.png")) if asked.data else []:
        original = truth.parents[1] / "Originals" / truth.name.replace("_gt", "")
        if not original.exists():
            continue
        image = cv2.imread(str(original), cv2.IMREAD_GRAYSCALE)
        start = time.perf_counter()
        ink = binarise(divide_light(image, paper_map(image))) == 0
        spent += time.perf_counter() - start
        pixels += image.size
        real = cv2.imread(str(truth), cv2.IMREAD_GRAYSCALE) < 128
        value = 200 * float((ink & real).sum()) / max(float(ink.sum() + real.sum()), 1)
        scores["all"].append(value)
        if "-P" in original.name:
            scores["printed"].append(value)
    if not scores["all"]:
        return []
    reached = f"{np.mean(scores['all']):.1f} / {np.mean(scores['printed']):.1f} / {1e9 * spent / pixels:.1f}"
    holds = np.mean(scores["all"]) >= 86 and np.mean(scores["printed"]) >= 92 and spent / pixels < 15e-9
    return [Row("DIBCO F-measure all / printed / ms a megapixel", reached, "86 / 92 / 15", bool(holds))]


def blanks(asked: Asked) -> list[Row]:
    found, wrong = [], 0
    for name in ("blank1", "blank2", "notblank"):
        image = cv2.imread(str(asked.data / "blank" / f"{name}.jpg")) if asked.data else None
        if image is not None:
            blank = is_blank(image)
            found.append(f"{name} {'dropped' if blank else 'kept'}")
            wrong += blank == (name == "notblank")
    goal = "blank1, blank2 dropped, notblank kept"
    return [Row("blank pages", ", ".join(found), goal, wrong == 0)] if found else []
