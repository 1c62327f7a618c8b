"""Shows a page on a wooden table by its hue: grain is light and dark of one brown, and paper is none of it.

The lines of strong grain are as straight and as sharp as the rim of a sheet and run beside all of it. In the
picture of the hues alone they fade, and the rim stays.
"""

import cv2
import numpy as np

from scanner.clean.arrays import Array, halve, shrink

SIDE = 1200
DIM = 16.0  # added to each channel: the hue of what is nearly black is noise
GAIN, NEUTRAL = 220.0, 128.0
BROWN = 16.0  # steps of hue from grey: less is no wood
RIM = 0.04  # of the picture, where the table is seen
NEAR_PX, FAR_PX = 4.0, 10.0  # from a side, of a picture of 480 px: table outside, paper inside
LEAST_STEP = 24.0  # from the paper to the table
LIKE_TABLE = 0.3  # of that step, that may be left at the rim: more, and it is a printed frame or no rim
SURELY_NOT, CLEARLY = 40.0, 3.0  # so many per cent of a rim are no wood by so many steps: it has none
PLACES = np.linspace(0.1, 0.9, 40)[:, None]


def hues(image: Array) -> tuple[Array, float] | None:
    """A picture (H, W, 3) of the hues alone and its size to that of `image`; None without a brown rim."""
    if image.ndim != 3 or _is_plainly_bare(image):
        return None
    small, factor = shrink(image, SIDE)
    blue, red = _hue(cv2.GaussianBlur(small, (0, 0), 1.0))
    seen = np.stack([blue, np.full_like(blue, NEUTRAL), red], axis=2)
    result: Array = np.clip(seen, 0, 255).astype(np.uint8)
    table = np.median(np.concatenate([edge.reshape(-1, 3) for edge in _rim(result)]), axis=0)
    return (result, factor) if table[0] < NEUTRAL - BROWN else None


def _is_plainly_bare(image: Array) -> bool:
    """Whether a look at the rim alone tells that no brown lies there, as beside a page on a scanner's lid."""
    edges = [halve(halve(halve(edge))).reshape(-1, 3) for edge in _rim(image) if min(edge.shape[:2]) >= 8]
    if not edges:
        return False
    blue = _hue(np.concatenate(edges)[None])[0]
    return bool(np.percentile(blue, SURELY_NOT) > NEUTRAL - BROWN + CLEARLY)


def _rim(image: Array) -> tuple[Array, Array, Array, Array]:
    wide = max(2, round(RIM * min(image.shape[:2])))
    return image[:wide], image[-wide:], image[:, :wide], image[:, -wide:]


def _hue(image: Array) -> tuple[Array, Array]:
    """How blue and how red against green, NEUTRAL for grey; float32."""
    logs = [cv2.log(each) for each in cv2.split(image.astype(np.float32) + DIM)]
    blue, red = (NEUTRAL + GAIN * (logs[k] - logs[1]) for k in (0, 2))
    return blue, red


def lies_on_wood(hue: Array, corners: Array) -> bool:
    """Whether all around a page (4, 2) in a picture of `hues` lies what is browner, right from its rim on.

    A rim that is seen so on both its sides is off by a hundredth of the picture at most.
    """
    middle = corners.mean(axis=0)
    inner = np.zeros(hue.shape[:2], np.uint8)
    cv2.fillConvexPoly(inner, np.round(middle + (corners - middle) * 0.8).astype(np.int32), 1)
    paper = np.median(hue[inner > 0].astype(np.float64), axis=0)
    scale = max(hue.shape[:2]) / 480
    for start, end in zip(np.roll(corners, 1, axis=0), corners, strict=True):
        way = (end - start) / max(float(np.linalg.norm(end - start)), 1e-6)
        outward = np.array([way[1], -way[0]]) * scale  # the corners are clockwise
        line = start + (end - start) * PLACES
        within, near, far = (_usual(hue, line + outward * apart) for apart in (-NEAR_PX, NEAR_PX, FAR_PX))
        step = far - paper
        size = float(np.linalg.norm(step))
        off = max(float(np.linalg.norm(far - near)), float(np.linalg.norm(within - paper)))
        if size < LEAST_STEP or step[0] > 0 or off > LIKE_TABLE * size:
            return False
    return True


def _usual(hue: Array, places: Array) -> Array:
    """(3,) the median hue at (P, 2) places; that of grey paper, which is no wood, where they are outside."""
    inside = ((places >= 0) & (places <= np.array(hue.shape[1::-1]) - 1)).all(axis=1)
    if inside.sum() < len(places) / 4:
        return np.full(3, NEUTRAL)
    x, y = (np.ascontiguousarray(places[inside][None, :, k], np.float32) for k in (0, 1))
    seen = cv2.remap(hue, x, y, cv2.INTER_LINEAR)
    result: Array = np.median(seen[0].astype(np.float64), axis=0)
    return result
