"""Made-up papers and photographs of them with exact truth, widely varied; everything follows from a seed.

`make_paper(rng, kind)` draws a flat paper; `photograph(rng, paper, scene)` lays it on a background, looks at
it through a pinhole camera, lights it, blurs it and adds noise, and returns the true corners;
`scan(rng, paper, fault)` makes the flatbed picture of it with a known skew.
"""

from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import cv2
import numpy as np
from PIL import Image, ImageDraw, ImageFont

ROOT = Path(__file__).resolve().parents[3]
FONT_FILES = (
    ROOT / "kioskcore/fonts/NotoSans-Regular.ttf",
    ROOT / "kioskcore/fonts/NotoSans-Bold.ttf",
    *(Path("/usr/share/fonts/truetype/dejavu") / name for name in ("DejaVuSerif.ttf", "DejaVuSans.ttf")),
    Path("/usr/share/fonts/truetype/noto/NotoSerif-Regular.ttf"),
)
SYLLABLE_TEXT = (
    "giấy khai sinh của cháu được cấp tại ủy ban nhân dân phường theo quy định pháp luật hiện hành người "
    "yêu cầu đăng ký phải xuất trình hộ chiếu hoặc thẻ căn cước còn giá trị sử dụng để chứng minh về nhân "
    "thân trong thời hạn ba ngày làm việc kể từ khi nhận đủ hồ sơ hợp lệ cơ quan có thẩm quyền xem xét "
    "giải quyết và trả kết quả nếu thấy đầy đủ điều kiện thì ghi vào sổ hộ tịch cùng với chữ ký xác nhận "
    "đất ở nhà vợ chồng con ông bà mẹ cha thường trú tạm vắng trường hợp mất hỏng làm lại bản sao trích "
    "lục nộp lệ phí bằng tiền mặt chuyển khoản "
)
SYLLABLES = SYLLABLE_TEXT.split()
PAPERS = ("text", "form", "short", "framed", "photo", "table", "handwriting", "sealed")
SCENES = (
    "wood", "white", "grey", "cloth", "clutter", "dark", "tiles", "papers", "shadow", "stripes",
)  # fmt: skip


@dataclass(frozen=True)
class Paper:
    """A flat paper: BGR at `dpi`, its true text line by line, its size in mm."""

    image: np.ndarray
    text: str
    width_mm: float
    height_mm: float
    dpi: float


@dataclass(frozen=True)
class Photo:
    """A picture with the truth: corners (4, 2) TL, TR, BR, BL as seen, or None; `mask`: the paper's share."""

    image: np.ndarray
    corners: np.ndarray | None
    scene: str
    paper: Paper
    facts: dict[str, float] = field(default_factory=dict)
    mask: np.ndarray | None = None


@cache
def font(index: int, size: int) -> ImageFont.FreeTypeFont:
    files = [file for file in FONT_FILES if file.exists()]
    return ImageFont.truetype(str(files[index % len(files)]), size)


def sentence(rng: np.random.Generator, words: int) -> str:
    chosen = [SYLLABLES[k] for k in rng.integers(0, len(SYLLABLES), words)]
    if rng.random() < 0.2:
        chosen[int(rng.integers(len(chosen)))] = str(rng.integers(1, 2030))
    return " ".join(chosen).capitalize()


def make_paper(
    rng: np.random.Generator, kind: str = "text", dpi: float = 150, size: tuple[float, float] = (210.0, 297.0)
) -> Paper:
    """Draw a paper of a kind of PAPERS, or "card", "receipt", "blank"."""
    if kind == "card":
        size = (85.6, 54.0)
    if kind == "receipt":
        size = (80.0, float(rng.uniform(140, 260)))
    width, height = (round(mm * dpi / 25.4) for mm in size)
    shade = int(rng.integers(238, 256))
    tint = rng.integers(-6, 4, 3) if rng.random() < 0.3 else np.zeros(3, int)
    image = Image.new("RGB", (width, height), tuple(int(v) for v in np.clip(shade + tint, 0, 255)))
    draw = ImageDraw.Draw(image)
    lines: list[str] = []
    point = dpi / 72
    body = round(rng.uniform(11, 14) * point) if kind not in ("card", "receipt") else round(8 * point)
    margin = round((6 if kind in ("card", "receipt") else rng.uniform(15, 28)) * dpi / 25.4)
    if kind == "card":
        _card_face(rng, draw, width, height)
    if kind != "blank":
        _write(rng, draw, kind, (width, height), margin, body, lines)
    array = cv2.cvtColor(np.asarray(image), cv2.COLOR_RGB2BGR).copy()
    sealed = kind in ("sealed", "framed", "form") or rng.random() < 0.2
    if sealed and kind != "blank":
        add_seal(rng, array, dpi)
    return Paper(array, "\n".join(lines), size[0], size[1], dpi)


def _write(rng, draw, kind, size, margin, body, lines) -> None:
    width, height = size
    face = int(rng.integers(0, 5))
    ink = tuple(int(v) for v in rng.integers(0, 50, 3))
    pitch = round(body * rng.uniform(1.35, 1.8))
    if kind == "handwriting":
        ink = (30, 40, 140)
    if kind == "framed":
        for inset, thick in ((0.5, max(2, body // 8)), (0.62, max(1, body // 16))):
            box = [margin * inset, margin * inset, width - margin * inset, height - margin * inset]
            draw.rectangle(box, outline=(150, 60, 40), width=thick)
    top = margin + (0 if kind == "receipt" else pitch)
    bottom = height - margin if kind != "short" else height * rng.uniform(0.25, 0.5)
    if kind == "photo":
        box = (margin, margin, round(width * 0.6), round(height * 0.35))
        _picture(rng, draw, box)
        top = box[3] + pitch
    y = top
    while y + pitch < bottom:
        if rng.random() < 0.06 and kind != "receipt":
            y += pitch
            continue
        right = width - margin if rng.random() < 0.8 else margin + (width - 2 * margin) * rng.uniform(0.2, 1)
        text = _fill(rng, draw, face, body, right - margin)
        if text:
            draw.text((margin, y), text, font=font(face, body), fill=ink)
            lines.append(text)
        if kind in ("form", "table") and rng.random() < (0.4 if kind == "form" else 1):
            draw.line(
                [margin, y + pitch - 2, width - margin, y + pitch - 2], fill=ink, width=max(1, body // 14)
            )
        y += pitch
    if kind == "table":
        for x in np.linspace(margin, width - margin, int(rng.integers(3, 6))):
            draw.line([x, top, x, y], fill=ink, width=max(1, body // 14))
    if kind == "handwriting":
        for _ in range(12):
            x0, y0 = rng.uniform(margin, width - margin), rng.uniform(margin, height - margin)
            walk = np.cumsum(rng.normal(0, body, (20, 2)), axis=0)
            steps = walk + np.array([x0, y0])
            draw.line([tuple(p) for p in steps], fill=ink, width=max(1, body // 8), joint="curve")


def _fill(rng, draw, face, body, room) -> str:
    text = ""
    while True:
        longer = f"{text} {SYLLABLES[int(rng.integers(len(SYLLABLES)))]}".strip()
        if draw.textlength(longer, font=font(face, body)) > room:
            return text
        text = longer


def _picture(rng, draw, box) -> None:
    left, top, right, bottom = box
    for _ in range(60):
        x, y = rng.uniform(left, right), rng.uniform(top, bottom)
        r = rng.uniform(5, (right - left) / 3)
        colour = tuple(int(v) for v in rng.integers(20, 235, 3))
        draw.rectangle(
            [max(left, x - r), max(top, y - r), min(right, x + r), min(bottom, y + r)], fill=colour
        )


def _card_face(rng, draw, width, height) -> None:
    base = np.array([(200, 220, 230), (225, 215, 190), (205, 230, 205)][int(rng.integers(3))])
    draw.rectangle([0, 0, width, height], fill=tuple(int(v) for v in base))
    _picture(rng, draw, (width // 20, height // 3, width // 3, round(height * 0.9)))


def add_seal(rng: np.random.Generator, image: np.ndarray, dpi: float) -> None:
    """A round red seal with a blue signature across, in place."""
    height, width = image.shape[:2]
    radius = round(17 * dpi / 25.4)
    if min(height, width) < 4 * radius:
        return
    centre = (
        int(rng.integers(width // 2, width - radius - 4)),
        int(rng.integers(height // 2, height - radius - 4)),
    )
    layer = np.full_like(image, 255)
    red = (int(rng.integers(30, 80)), int(rng.integers(20, 60)), int(rng.integers(190, 235)))
    cv2.circle(layer, centre, radius, red, max(2, radius // 12), cv2.LINE_AA)
    cv2.circle(layer, centre, round(radius * 0.62), red, max(1, radius // 24), cv2.LINE_AA)
    star = [
        (centre[0] + radius * 0.3 * k * np.sin(a), centre[1] - radius * 0.3 * k * np.cos(a))
        for a, k in zip(np.arange(10) * np.pi / 5, (1, 0.4) * 5, strict=True)
    ]
    cv2.fillPoly(layer, [np.round(star).astype(np.int32)], red, cv2.LINE_AA)
    for a in np.arange(0, 2 * np.pi, 0.24):
        place = (
            round(centre[0] + radius * 0.8 * np.cos(a)) - 4,
            round(centre[1] + radius * 0.8 * np.sin(a)) + 4,
        )
        cv2.putText(
            layer, "ABCDHNPT"[int(a * 9) % 8], place, 0, radius / 160, red, max(1, radius // 60), cv2.LINE_AA
        )
    blue = (int(rng.integers(140, 210)), int(rng.integers(30, 80)), int(rng.integers(10, 60)))
    turn = np.linspace(0, 6 * np.pi, 90)
    x = centre[0] + np.linspace(-1.3, 1.1, 90) * radius
    y = centre[1] + np.sin(turn) * radius * 0.3 * np.cos(turn / 5) + rng.normal(0, radius * 0.02, 90)
    points = np.stack([x, y], axis=1).astype(np.int32)
    cv2.polylines(layer, [points], False, blue, max(2, round(0.5 * dpi / 25.4)), cv2.LINE_AA)
    np.copyto(image, (image.astype(np.uint16) * layer // 255).astype(np.uint8))


def background(rng: np.random.Generator, scene: str, height: int, width: int) -> np.ndarray:
    """A BGR background of a kind of SCENES."""
    noise = rng.normal(0, 1, (height // 4 + 1, width // 4 + 1)).astype(np.float32)

    def grain(across: float, along: float) -> np.ndarray:
        soft = cv2.GaussianBlur(noise, (0, 0), sigmaX=max(across, 0.3), sigmaY=max(along, 0.3))
        soft = (soft - soft.mean()) / max(float(soft.std()), 1e-6)
        return cv2.resize(soft, (width, height))[..., None]

    if scene in ("wood", "shadow"):
        colour = np.array([rng.uniform(40, 120), rng.uniform(80, 150), rng.uniform(120, 200)])
        image = colour + grain(60, rng.uniform(0.5, 2)) * rng.uniform(5, 16) * np.array([0.8, 1, 1.1])
        if rng.random() < 0.5:
            for x in np.arange(rng.uniform(0, 300), height, rng.uniform(150, 500)):
                image[int(x) : int(x) + 4] *= 0.7
    elif scene == "white":
        shade = rng.uniform(205, 250)
        image = shade + grain(30, 30) * rng.uniform(0.5, 2.5) + np.array(rng.normal(0, 3, 3))
    elif scene == "cloth":
        rows, columns = np.mgrid[:height, :width].astype(np.float32)
        period = rng.uniform(6, 40)
        weave = np.sin(rows * 2 * np.pi / period) * np.sin(columns * 2 * np.pi / period)
        image = rng.uniform(30, 190, 3) + weave[..., None] * rng.uniform(5, 30) + grain(8, 8) * 6
    elif scene == "stripes":
        rows, columns = np.mgrid[:height, :width].astype(np.float32)
        angle, period = rng.uniform(0, np.pi), rng.uniform(40, 200)
        wave = np.sign(np.sin((rows * np.sin(angle) + columns * np.cos(angle)) * 2 * np.pi / period))
        image = rng.uniform(60, 180, 3) + wave[..., None] * rng.uniform(8, 40) + grain(2, 2) * 4
    elif scene == "tiles":
        image = rng.uniform(110, 215) + grain(20, 20) * 4 + np.zeros(3)
        period = int(rng.integers(250, 700))
        for k in range(int(rng.integers(0, period)), max(height, width), period):
            image[k : k + 6] -= 45
            image[:, k : k + 6] -= 45
    elif scene == "dark":
        image = rng.uniform(8, 50, 3) + grain(10, 10) * 4
    else:
        image = rng.uniform(50, 190) + rng.normal(0, 12, 3) + grain(15, 15) * 7
    image = np.clip(image, 0, 255).astype(np.uint8)
    if image.ndim == 2 or image.shape[2] == 1:
        image = np.repeat(image.reshape(height, width, 1), 3, axis=2)
    if scene in ("clutter", "papers"):
        _strew(rng, image, scene)
    return np.ascontiguousarray(image)


def _strew(rng, image, scene) -> None:
    """Things on the table: boxes, pens, other papers with text."""
    height, width = image.shape[:2]
    for _ in range(int(rng.integers(6, 14))):
        centre = (float(rng.uniform(0, width)), float(rng.uniform(0, height)))
        if scene == "papers":
            size = (rng.uniform(0.3, 0.6) * width, rng.uniform(0.3, 0.6) * height)
            colour = [int(v) for v in rng.integers(190, 250, 3)]
        else:
            size = (rng.uniform(0.02, 0.3) * width, rng.uniform(0.05, 0.35) * height)
            colour = [int(v) for v in rng.integers(0, 255, 3)]
        box = cv2.boxPoints((centre, size, float(rng.uniform(0, 180))))
        cv2.fillPoly(image, [np.round(box).astype(np.int32)], colour, cv2.LINE_AA)
        if rng.random() < 0.7:
            for k in range(8):
                start = (int(centre[0] - size[0] / 3), int(centre[1] + (k - 4) * 20))
                cv2.putText(image, "lorem ipsum dolor"[: 6 + k], start, 0, 0.6, (40, 40, 40), 1, cv2.LINE_AA)
    if rng.random() < 0.5:
        for k in range(14):
            for j in range(5):
                corner = (int(width * 0.1 + k * width * 0.05), int(height * 0.02 + j * height * 0.025))
                other = (int(corner[0] + width * 0.042), int(corner[1] + height * 0.02))
                cv2.rectangle(image, corner, other, (45, 45, 45), -1)


def camera_corners(
    rng: np.random.Generator, paper: Paper, height: int, width: int, fill: float, tilt: float
) -> np.ndarray:
    """True corners of a paper seen by a pinhole camera: turned, tilted up to `tilt` degrees, in the frame."""
    aspect = paper.width_mm / paper.height_mm
    flat = np.array([[-aspect, -1], [aspect, -1], [aspect, 1], [-aspect, 1]]) / np.hypot(aspect, 1)
    focal = rng.uniform(1.0, 1.6)
    for _ in range(60):
        roll = np.deg2rad(rng.normal(0, 8) if rng.random() < 0.7 else rng.uniform(-180, 180))
        lean, side = np.deg2rad(rng.uniform(-tilt, tilt, 2))
        turn = np.array([[np.cos(roll), -np.sin(roll), 0], [np.sin(roll), np.cos(roll), 0], [0, 0, 1]])
        pitch = np.array([[1, 0, 0], [0, np.cos(lean), -np.sin(lean)], [0, np.sin(lean), np.cos(lean)]])
        yaw = np.array([[np.cos(side), 0, np.sin(side)], [0, 1, 0], [-np.sin(side), 0, np.cos(side)]])
        points = np.hstack([flat, np.zeros((4, 1))]) @ turn.T @ pitch.T @ yaw.T
        seen = points[:, :2] * focal / (points[:, 2:] + 2.5)
        low, high = seen.min(axis=0), seen.max(axis=0)
        scale = fill * min(width / (high[0] - low[0]), height / (high[1] - low[1]))
        box = (high - low) * scale
        spare = np.maximum(np.array([width, height]) - box, 2)
        place = spare * rng.uniform(0.15, 0.85, 2)
        corners = (seen - low) * scale + place
        shift = np.abs(corners.mean(axis=0) - np.array([width, height]) / 2) / np.array([width, height])
        if shift.max() < 0.2:
            return _seen_order(corners)
    return _seen_order(corners)


def _seen_order(corners: np.ndarray) -> np.ndarray:
    return np.roll(corners, -int(np.argmin(corners.sum(axis=1))), axis=0)


def photograph(
    rng: np.random.Generator, paper: Paper, scene: str = "wood", size: tuple[int, int] = (2000, 1500), *,
    fill: float | None = None, tilt: float = 22.0, finger: float = 0.15, blur: float | None = None,
    upright: bool = False, bend: float | None = None,
) -> Photo:  # fmt: skip
    """A photograph of a paper on a scene; size is (height, width); bend is the curl in parts of the width."""
    height, width = size
    fill = float(rng.uniform(0.6, 0.97)) if fill is None else fill
    corners = camera_corners(rng, paper, height, width, fill, tilt)
    table = background(rng, scene, height, width).astype(np.float32)
    source = np.array(
        [[0, 0], [paper.image.shape[1], 0], list(paper.image.shape[1::-1]), [0, paper.image.shape[0]]], float
    ) - 0.5  # fmt: skip
    turn = 2 if not upright and rng.random() < 0.25 else 0
    matrix = cv2.getPerspectiveTransform(
        np.roll(source, -turn, axis=0).astype(np.float32), corners.astype(np.float32)
    )
    if bend is None:
        chance = rng.random()
        bend = (
            0.0 if chance < 0.5 else float(rng.uniform(0, 0.008) if chance < 0.9 else rng.uniform(0.01, 0.04))
        )
    laid, mask = _lay(rng, paper.image, matrix, (height, width), bend)
    _drop_shadow(rng, table, mask)
    image = laid * mask + table * (1 - mask)
    image *= _light(rng, scene, height, width)
    if rng.random() < finger:
        _finger(rng, image, corners)
    spread = float(rng.uniform(0.4, 1.1)) if blur is None else blur
    if spread > 0:
        image = cv2.GaussianBlur(image, (0, 0), spread)
    image += rng.normal(0, rng.uniform(0.5, 4), image.shape).astype(np.float32)
    _, data = cv2.imencode(".jpg", np.clip(image, 0, 255).astype(np.uint8), [1, int(rng.integers(75, 96))])
    facts = {"blur": spread, "turn": 90.0 * turn}
    return Photo(cv2.imdecode(data, 1), corners, scene, paper, facts, mask[..., 0])


def _lay(rng, image, matrix, size, bend) -> tuple[np.ndarray, np.ndarray]:
    """The paper as the camera sees it, and its coverage 0..1, bulging where bent."""
    height, width = size
    paper_height, paper_width = image.shape[:2]
    rows, columns = np.mgrid[: height // 4 + 1, : width // 4 + 1].astype(np.float32) * 4
    back = np.linalg.inv(matrix)
    along = int(rng.random() < 0.5)
    reach = np.array([paper_width, paper_height], float)
    lift = rng.normal(0, 1, 2)
    lift = lift / np.linalg.norm(lift) * bend * np.sqrt(abs(np.linalg.det(matrix[:2, :2]))) * paper_width
    second = rng.uniform(-0.5, 0.5)
    x, y = columns.copy(), rows.copy()
    for _ in range(8 if bend else 1):
        w = back[2, 0] * x + back[2, 1] * y + back[2, 2]
        u = (back[0, 0] * x + back[0, 1] * y + back[0, 2]) / w
        v = (back[1, 0] * x + back[1, 1] * y + back[1, 2]) / w
        if bend:
            t = np.clip(((u, v)[along] + 0.5) / reach[along], -0.2, 1.2)
            bulge = np.sin(np.pi * t) + second * np.sin(2 * np.pi * t)
            x, y = columns - lift[0] * bulge, rows - lift[1] * bulge
    u, v = (cv2.resize(m.astype(np.float32), (m.shape[1] * 4, m.shape[0] * 4)) for m in (u, v))
    # cv2.resize puts coarse sample k at fine pixel 4k + 1.5
    u, v = (
        cv2.warpAffine(m, np.float32([[1, 0, -1.5], [0, 1, -1.5]]), (width, height), borderMode=1)
        for m in (u, v)
    )
    scale = np.sqrt(abs(np.linalg.det(matrix[:2, :2])))
    edge = [np.clip((d + 0.5) * scale + 0.5, 0, 1) for d in (u, v, paper_width - 1 - u, paper_height - 1 - v)]
    mask = edge[0] * edge[1] * edge[2] * edge[3]
    source = cv2.GaussianBlur(image, (0, 0), max(0.01, 0.45 / scale)) if scale < 0.8 else image
    laid = cv2.remap(source, u, v, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    if bend:
        t = np.clip(((u, v)[along] + 0.5) / reach[along], 0, 1)
        laid = np.clip(laid * (1 + 8 * bend * np.cos(np.pi * t))[..., None], 0, 255)
    return laid, mask[..., None]


def _drop_shadow(rng, table, mask) -> None:
    soft = cv2.GaussianBlur(mask[..., 0], (0, 0), rng.uniform(1.5, 12))
    dx, dy = rng.uniform(-6, 6, 2)
    moved = cv2.warpAffine(soft, np.array([[1, 0, dx], [0, 1, dy]]), soft.shape[::-1])
    table *= 1 - rng.uniform(0.03, 0.3) * moved[..., None]


def _light(rng, scene, height, width) -> np.ndarray:
    rows, columns = np.mgrid[:height, :width].astype(np.float32)
    angle = rng.uniform(0, 2 * np.pi)
    ramp = (columns / width - 0.5) * np.cos(angle) + (rows / height - 0.5) * np.sin(angle)
    light = rng.uniform(0.7, 1.0) * (1 + ramp * rng.uniform(0, 0.5))
    if scene == "shadow" or rng.random() < 0.2:
        points = rng.uniform(-0.2, 1.2, (4, 2)) * (width, height)
        hull = cv2.convexHull(points.astype(np.float32)).astype(np.int32)
        shade = cv2.fillConvexPoly(np.zeros((height, width), np.float32), hull, 1.0)
        light *= 1 - cv2.GaussianBlur(shade, (0, 0), rng.uniform(4, 50)) * rng.uniform(0.2, 0.6)
    lamp = np.array([rng.uniform(0.75, 1), rng.uniform(0.9, 1), 1.0]) if rng.random() < 0.5 else np.ones(3)
    return np.clip(light, 0.1, 1.15)[..., None] * lamp.astype(np.float32)


def _finger(rng, image, corners) -> None:
    k = int(rng.integers(4))
    place = corners[k] + (corners[(k + 1) % 4] - corners[k]) * rng.uniform(0.2, 0.8)
    out = place - corners.mean(axis=0)
    angle = float(np.rad2deg(np.arctan2(out[1], out[0])))
    long = 0.12 * max(image.shape[:2])
    middle = place + out / np.linalg.norm(out) * long * 0.7
    tone = (float(rng.uniform(100, 150)), float(rng.uniform(130, 175)), float(rng.uniform(180, 225)))
    cv2.ellipse(image, (middle.tolist(), (2 * long, 0.4 * long), angle), tone, -1, cv2.LINE_AA)


def scan(
    rng: np.random.Generator, paper: Paper, skew: float = 0.0, fault: str = "", noise: float = 3.0
) -> Photo:
    """A flatbed picture that the paper fills, turned clockwise by `skew` degrees; fault of FAULTS or WORN."""
    height, width = paper.image.shape[:2]
    turn = cv2.getRotationMatrix2D(((width - 1) / 2, (height - 1) / 2), -skew, 1.0)
    fill = (20, 20, 20) if fault == "border" else tuple(int(v) for v in paper.image[2, 2])
    image = cv2.warpAffine(paper.image, turn, (width, height), flags=cv2.INTER_CUBIC, borderValue=fill)
    image = image.astype(np.float32)
    if fault == "border":
        image[: int(height * rng.uniform(0.005, 0.03))] *= 0.1
        image[:, : int(width * rng.uniform(0.01, 0.05))] *= 0.1
    if fault == "grey":
        image = 60 + image * 0.55
    if fault == "dirty":
        spots = rng.random((height, width)) < 0.0006
        image[cv2.dilate(spots.astype(np.uint8), np.ones((3, 3))) > 0] = 60
        image *= (
            1 - 0.25 * cv2.resize(rng.random((6, 5)).astype(np.float32), (width, height), interpolation=2)
        )[..., None]
    if fault == "faint":
        image = 255 - (255 - image) * 0.35
    if fault in WORN:
        _wear(rng, image, fault, paper.dpi)
    image += rng.normal(0, noise, image.shape).astype(np.float32)
    return Photo(np.clip(image, 0, 255).astype(np.uint8), None, f"scan-{fault}", paper, {"skew": skew})


FAULTS = ("", "border", "grey", "dirty", "faint")
WORN = ("holes", "stains", "through", "copy", "lamp")


def _wear(rng: np.random.Generator, image: np.ndarray, fault: str, dpi: float) -> None:
    """Holes, tea stains, the other side shining through, a grey copy of a copy, a yellow lamp; in place."""
    height, width = image.shape[:2]
    if fault == "holes":
        for y in (0.364, 0.636):
            place = (round(12 * dpi / 25.4), round(height * y))
            cv2.circle(image, place, round(3 * dpi / 25.4), (40, 40, 40), -1, cv2.LINE_AA)
    if fault == "stains":
        shade = np.ones((height, width), np.float32)
        for _ in range(5):
            place = (int(rng.integers(width)), int(rng.integers(height // 2)))
            cv2.circle(
                shade, place, int(rng.integers(100, 400) * dpi / 300), float(rng.uniform(0.6, 0.85)), -1
            )
        image *= cv2.GaussianBlur(shade, (0, 0), 0.03 * dpi)[..., None]
    if fault == "through":
        back = make_paper(rng, "text", dpi, (width * 25.4 / dpi, height * 25.4 / dpi)).image[:, ::-1]
        ghost = cv2.GaussianBlur(255 - cv2.resize(back, (width, height)).astype(np.float32), (0, 0), dpi / 75)
        image -= 0.3 * ghost
    if fault in ("copy", "lamp"):
        light = cv2.resize(rng.uniform(0.5, 1, (4, 3)).astype(np.float32), (width, height), interpolation=2)
        tint = np.array([0.62, 0.88, 1.0], np.float32) if fault == "lamp" else np.ones(3, np.float32)
        image *= np.clip(light, 0.45, 1)[..., None] * tint
    if fault == "copy":
        image[:] = cv2.GaussianBlur(image, (0, 0), dpi / 330) * 0.6 + 70


def jaccard(found: np.ndarray | None, truth: np.ndarray, paper: Paper) -> float:
    """Overlap over union in the plane of the paper, as SmartDoc 2015 measures it."""
    if found is None:
        return 0.0
    size = np.array([paper.width_mm, paper.height_mm])
    if np.linalg.norm(truth[1] - truth[0]) > np.linalg.norm(truth[2] - truth[1]):
        size = size[::-1] if size[0] < size[1] else size
    flat = np.array([[0, 0], [1, 0], [1, 1], [0, 1]], np.float32) * size.astype(np.float32)
    matrix = cv2.getPerspectiveTransform(truth.astype(np.float32), flat)
    seen = cv2.perspectiveTransform(found.astype(np.float32)[None], matrix)[0]
    return overlap_of(seen, *size.tolist())


def overlap_of(seen: np.ndarray, width: float, height: float) -> float:
    """Overlap over union of points (N, 2), all around, and the rectangle from 0, 0.

    It is cut side by side: OpenCV's own meeting of two is wrong for some that share a side.
    """
    hull = cv2.convexHull(seen)
    ring = hull[:, 0]
    for axis, way, end in ((0, 1, 0.0), (0, -1, -width), (1, 1, 0.0), (1, -1, -height)):
        kept = []
        for one, other in zip(ring, np.roll(ring, -1, axis=0), strict=True):
            here, there = way * one[axis] - end, way * other[axis] - end
            kept += [one] if here >= 0 else []
            kept += [one + (other - one) * (here / (here - there))] if here * there < 0 else []
        ring = np.array(kept, np.float32).reshape(-1, 2)
    area = cv2.contourArea(ring) if len(ring) else 0.0
    return float(area / max(cv2.contourArea(hull) + width * height - area, 1e-6))
