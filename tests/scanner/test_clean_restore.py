"""What a page of black print would lose without a word: third copies, sketches, pale seals, thin pens."""

import cv2
import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

from kioskcore.paths import FONTS
from kioskcore.ports import ColourMode
from scanner.clean.arrays import Array, grey_of
from scanner.clean.page import CleanPage, clean_page
from tests.bench.drawn.synth import font, sentence

SAYS = "Tôi xin cam đoan những lời khai trên đây là đúng sự thật."
SIZE = (1240, 1100)  # at 150 dots an inch


class Sheet:
    """A made-up paper at 150 dots an inch: layers of ink, each a mask (H, W), over a paper of one shade."""

    def __init__(self, paper: tuple[int, int, int] = (248, 251, 252)) -> None:
        self.image = np.full((SIZE[1], SIZE[0], 3), paper, np.float32)
        self.layers: list[Array] = []

    def write(
        self, ink: tuple[int, int, int], *lines: tuple[float, str], left: int = 100, px: int = 25
    ) -> None:
        layer = Image.new("L", SIZE, 0)
        font = ImageFont.truetype(str(FONTS / "NotoSans-Regular.ttf"), px)
        for top, words in lines:
            ImageDraw.Draw(layer).text((left, top), words, 255, font)
        self.lay(ink, np.asarray(layer))

    def draw(self, ink: tuple[int, int, int], points: list[tuple[float, float]], wide: int) -> None:
        layer = np.zeros(SIZE[::-1], np.uint8)
        cv2.polylines(
            layer, [np.round(np.array(points) * 8).astype(np.int32)], False, 255, wide, cv2.LINE_AA, 3
        )
        self.lay(ink, layer)

    def lay(self, ink: tuple[int, int, int], layer: Array) -> None:
        share = layer[..., None].astype(np.float32) / 255
        self.image = self.image * (1 - share) + np.float32(ink) * share
        self.layers.append(layer)

    def print(self) -> None:
        self.write((35, 30, 30), *((80 + 44 * row, SAYS) for row in range(9)))

    def scanned(self, soft: float = 0.6, tone: ColourMode = ColourMode.AUTO) -> CleanPage:
        seen = cv2.GaussianBlur(self.image, (0, 0), soft) + np.random.default_rng(2).normal(
            0, 2, self.image.shape
        )
        page = clean_page(np.clip(seen, 0, 255).astype(np.uint8), dpi=150, tone=tone, turn_degrees=0)
        assert page.image.shape[:2] == self.image.shape[:2]
        return page


def kept(page: CleanPage, layer: Array) -> float:
    """The share of a layer's strokes beside which something is clearly dark."""
    dark = cv2.erode(grey_of(page.image), np.ones((3, 3), np.uint8)) < 200
    return float(dark[layer > 200].mean())


@pytest.mark.parametrize("heading", [(30, 30, 30), (170, 110, 120)], ids=["black", "violet"])
def test_the_palest_lines_of_a_third_copy_are_kept(heading: tuple[int, int, int]) -> None:
    """They are less deep than a fifth of the others: where those became black, these became paper."""
    sheet = Sheet((240, 240, 250))
    sheet.write(heading, (40, "HÓA ĐƠN GIÁ TRỊ GIA TĂNG"), (90, "Liên 3: lưu tại nơi bán hàng"), px=36)
    for row in range(16):
        pale = 183 + 3 * row
        words = f"{row:02d}  Mặt hàng thử số {row}: {row * 37 % 90 + 10}.000 đồng"
        sheet.write((pale + 8, pale, pale), (170 + 54 * row, words))
    page = sheet.scanned()
    assert not page.verdicts
    assert min(kept(page, layer) for layer in sheet.layers) > 0.9


def test_points_of_thin_print_that_is_faint_all_over_stay() -> None:
    """Of few dots an inch they are a px high, and went with the grain: 1.10.2026 read 1 10 2026."""
    sheet, points = Sheet((240, 240, 240)), np.zeros(SIZE[::-1], np.uint8)
    sheet.write((165, 165, 165), *((80 + 44 * row, SAYS) for row in range(9)), px=20)
    for x in range(900, 1100, 10):
        points[600, x : x + 2] = 255
    sheet.lay((165, 165, 165), points)
    page = sheet.scanned(soft=0.4)
    assert page.mode is ColourMode.GREY
    assert kept(page, points) > 0.95


def test_a_sketch_higher_than_a_word_is_kept_with_its_labels() -> None:
    sheet = Sheet()
    sheet.print()
    sheet.write((168, 165, 165), (800, "Thửa 47"), left=400)
    plot = [(300, 560), (860, 600), (810, 1010), (330, 1000), (300, 560), (580, 580), (570, 1005)]
    sheet.draw((168, 165, 165), [(float(x), float(y)) for x, y in plot], 3)
    page = sheet.scanned()
    assert page.mode is ColourMode.GREY
    assert min(kept(page, layer) for layer in sheet.layers) > 0.95


def test_a_pale_seal_keeps_its_rings_and_its_colour_beside_a_pencil_signature() -> None:
    sheet = Sheet()
    sheet.print()
    ring = np.zeros(SIZE[::-1], np.uint8)
    for radius, wide in ((100, 4), (66, 2)):
        cv2.circle(ring, (600, 700), radius, 255, wide, cv2.LINE_AA)
    sheet.lay((188, 190, 245), ring)
    sheet.draw((192, 190, 190), [(690 + 3 * t, 690 + 40 * float(np.sin(t / 6))) for t in range(90)], 3)
    page = sheet.scanned()
    assert page.mode is ColourMode.COLOUR
    assert min(kept(page, layer) for layer in sheet.layers) > 0.95
    blue, _, red = np.median(page.image[ring > 200], axis=0)
    assert red > blue + 100


def test_a_fold_that_does_not_reach_the_rim_is_no_drawing() -> None:
    sheet = Sheet()
    sheet.print()
    sheet.draw((222, 222, 222), [(200, 560), (500, 700), (900, 900), (1000, 960)], 3)
    page = sheet.scanned(1.0, ColourMode.GREY)
    below = page.image[520:1060, 60:1180]
    assert below.min() > 200


@pytest.mark.parametrize(("waves", "shade"), [(16, 195), (26, 205)])
def test_a_printed_ground_is_no_writing(waves: int, shade: int) -> None:
    """The curves of a certificate's paper, on which its words stand, are not drawn over them."""
    along = np.arange(0.0, SIZE[0], 4)
    sheet = Sheet()
    for wave in range(waves):
        high = SIZE[1] * wave / waves + 30 * np.sin(along / 68 + 0.7 * wave) + 14 * np.sin(along / 28 + wave)
        sheet.draw((shade, shade + 12, shade), list(zip(along.tolist(), high.tolist(), strict=True)), 1)
    sheet.write((35, 30, 30), *((80 + 44 * row, SAYS) for row in range(32)))
    page = sheet.scanned()
    assert page.mode is ColourMode.BLACK_WHITE
    assert kept(page, sheet.layers[-1]) > 0.99


@pytest.mark.parametrize("share", [0.1, 0.13])
def test_a_seal_of_the_other_side_is_not_drawn_over_the_page(share: float) -> None:
    """What shows through is soft, whether it looks like letters or drawn; together it is many strokes."""
    sheet, back = Sheet(), Sheet()
    for each in (sheet, back):
        each.write((35, 30, 30), *((80 + 44 * row, SAYS) for row in range(15)))
    ring = np.zeros(SIZE[::-1], np.uint8)
    for radius, wide in ((110, 5), (74, 3)):
        cv2.circle(ring, (900, SIZE[1] - 180), radius, 255, wide, cv2.LINE_AA)
    back.lay((40, 30, 200), ring)
    back.draw((190, 60, 40), [(820 + 3 * t, SIZE[1] - 180 + 50 * float(np.sin(t / 9))) for t in range(90)], 4)
    through = cv2.GaussianBlur(255 - back.image[:, ::-1], (0, 0), 1.6)
    sheet.image = sheet.image - share * through
    page = sheet.scanned(tone=ColourMode.COLOUR)
    ghost = ring[:, ::-1].copy()
    assert float(grey_of(page.image)[ghost > 200].mean()) > 215


def test_soft_black_print_beside_strengthened_carbon_gets_no_blots() -> None:
    """What lies between two of its letters was taken for a lost stroke, and both letters became one bar."""
    sheet = Sheet((240, 246, 238))
    sheet.write((35, 30, 30), *((80 + 44 * row, SAYS) for row in range(9)), px=22)
    sheet.write((225, 195, 175), *((600 + 70 * row, "Số tiền: 1.250.000 đồng") for row in range(4)), px=29)
    page = sheet.scanned(1.3)
    assert kept(page, sheet.layers[-1]) > 0.95
    print_ = grey_of(page.image)[70:500]
    assert float((print_ < 60).mean()) < 0.002


def test_pencil_on_pink_paper_is_made_stronger_as_grey_and_carbon_as_blue() -> None:
    sheet = Sheet((228, 222, 248))
    sheet.print()
    sheet.write((178, 175, 175), (600, "Đã thu đủ 2.450.000 đồng"), px=29)
    sheet.write((225, 165, 185), (700, "Người nhận: Trần Văn Mẫu"), px=29)
    page = sheet.scanned(tone=ColourMode.COLOUR)
    for layer, least, most in ((sheet.layers[1], 0, 30), (sheet.layers[2], 60, 255)):
        assert kept(page, layer) > 0.95
        ink = np.median(page.image[layer > 200], axis=0)
        assert least <= ink.max() - ink.min() <= most


def test_all_names_on_dotted_lines_are_made_stronger_whole() -> None:
    """On a carbon copy the line's dots are there, and so is most of a name that is a little less pale."""
    page = Image.new("RGB", (1100, 660), (240, 214, 224))
    written = Image.new("L", page.size, 255)
    black, label, line, pen = (
        ImageFont.truetype(str(FONTS / f"NotoSans-{face}.ttf"), size)
        for face, size in (("Bold", 26), ("Regular", 24), ("Regular", 22), ("Regular", 28))
    )
    draw, tops = ImageDraw.Draw(page), range(230, 600, 95)
    for top in range(30, 170, 36):
        draw.text((80, top), "Ủy ban nhân dân xã xác nhận người khai đã nộp đủ giấy tờ", (25, 25, 30), black)
    names = (("Lê Quốc Bưởi", 160), ("Đặng Minh Trúc", 170), ("Vũ Thị Hồng", 170), ("Làm ruộng", 170))
    for top, (name, shade) in zip(tops, names, strict=True):
        draw.text((80, top), "Họ, chữ đệm, tên: ", (120, 105, 150), label)
        draw.text((320, top + 6), "." * 95, (120, 105, 150), line)
        draw.text((330, top - 2), name, (shade, shade - 15, shade + 20), pen)
        ImageDraw.Draw(written).text((330, top - 2), name, 0, pen)
    soft = cv2.GaussianBlur(np.asarray(page)[..., ::-1].astype(np.float32), (0, 0), 0.8)
    noisy = soft + np.random.default_rng(3).normal(0, 2.5, soft.shape)
    cleaned = clean_page(np.clip(noisy, 0, 255).astype(np.uint8), dpi=150, turn_degrees=0)
    dark = 255 - cv2.erode(grey_of(cleaned.image), np.ones((3, 3), np.uint8)).astype(int)
    for top in tops:
        row, ink = dark[top : top + 44], np.asarray(written)[top : top + 44] < 90
        parts = np.array_split(np.flatnonzero(ink.any(axis=0)), 10)
        depths = [np.median(row[:, part][ink[:, part]]) for part in parts]
        assert min(depths) > 0.8 * max(depths) > 150


@pytest.mark.parametrize("pen", [(160, 60, 40), (30, 30, 35)], ids=["blue", "black"])
def test_a_small_form_on_a_large_glass_is_coloured_as_its_signature(pen: tuple[int, int, int]) -> None:
    glass = Sheet()
    glass.write((35, 30, 30), *((60 + 44 * row, SAYS[:30]) for row in range(4)), left=60)
    glass.draw(pen, [(120 + 3 * t, 286 + 24 * float(np.sin(t / 4))) for t in range(16)], 2)
    assert glass.scanned().mode is (ColourMode.COLOUR if pen[0] > 100 else ColourMode.BLACK_WHITE)


def test_pencil_on_squared_paper_is_not_drawn_black_at_a_shadows_edge() -> None:
    rng = np.random.default_rng(1)
    paper = Image.new("RGB", (874, 1240), (248, 247, 240))
    draw = ImageDraw.Draw(paper)
    for at in range(30, 1240, 30):
        draw.line((0, at, 874, at), (208, 214, 222))
        draw.line((at, 0, at, 1240), (208, 214, 222))
    for top in range(90, 1150, 60):
        draw.text((80, top), sentence(rng, 7), (90, 90, 90), font(3, 28))
    shade = np.where(np.arange(874) < 430 + 0.1 * np.arange(1240)[:, None], 0.58, 1.0)
    seen = np.asarray(paper) * cv2.GaussianBlur(shade, (0, 0), 20)[..., None]
    seen += rng.normal(0, 3, shade.shape)[..., None]
    page = clean_page(np.clip(seen, 0, 255).astype(np.uint8), dpi=150, tone=ColourMode.GREY, turn_degrees=0)
    assert np.count_nonzero(page.image < 40) < 40


def test_squares_that_sink_into_the_grain_are_nowhere_drawn_as_by_a_pen() -> None:
    rng = np.random.default_rng(5)
    paper, bare = (Image.new("RGB", (874, 1240), (244, 249, 250)) for _ in range(2))
    for draw in map(ImageDraw.Draw, (paper, bare)):
        for at in range(30, 1240, 44):
            draw.line((0, at, 874, at), (228, 212, 200))
            draw.line((at, 0, at, 1240), (228, 212, 200))
    for top in range(90, 1150, 90):
        ImageDraw.Draw(paper).text((80, top), sentence(rng, 6), (150, 55, 35), font(3, 30))
    shade = 1 - 0.3 * np.arange(874)[None, :, None] / 874
    seen = cv2.GaussianBlur(np.asarray(paper) * shade, (0, 0), 0.7) + rng.normal(0, 3, (1240, 874, 1))
    page = clean_page(np.clip(seen, 0, 255).astype(np.uint8), dpi=150, turn_degrees=0).image
    pen = np.any(np.asarray(paper) != np.asarray(bare), axis=2).astype(np.uint8)
    away = cv2.dilate(pen, np.ones((9, 9), np.uint8)) == 0
    assert np.count_nonzero(cv2.resize(grey_of(page), (874, 1240))[away] < 140) < 40
