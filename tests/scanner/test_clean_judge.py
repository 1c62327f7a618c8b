"""What is said about a page: blurred, dark, glaring, cut, held by a finger, blank; words for every code."""

from functools import lru_cache
from pathlib import Path

import cv2
import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

from kioskcore.paths import FONTS
from kioskcore.ports import ColourMode
from kioskcore.words import load_words, word_faults
from scanner.clean.arrays import percentile, shades_of
from scanner.clean.geometry.flatten import A4_MM, A5_MM
from scanner.clean.ink.blank import is_blank
from scanner.clean.ink.light import PAPER_WHITE, divide_light, paper_map
from scanner.clean.judge.judge import (
    SERIOUS,
    SHARP,
    WHOLE,
    Verdict,
    is_cut,
    judge_light,
    judge_sharpness,
    settled,
    without_table,
)
from scanner.clean.judge.legible import misread_odds
from scanner.clean.page import clean_page
from tests.bench.drawn.framed import FRAMES, certificate, on_printed_ground
from tests.bench.drawn.synth import FONT_FILES, make_paper, photograph, scan
from tests.bench.drawn.tabletop import any_paper, shoot
from tests.bench.drawn.timber import timber
from tests.bench.drawn.worn import OTHER_FONTS, worn_block

ROOT = Path(__file__).resolve().parents[2]


@lru_cache(16)
def text_scan(seed: int = 1, kind: str = "text", size: tuple[float, float] = A5_MM) -> np.ndarray:
    """A page that is never to be written into."""
    rng = np.random.default_rng(seed)
    image = scan(rng, make_paper(rng, kind, 200, size), 0.0, noise=2).image
    image.flags.writeable = False
    return image


def test_what_is_counted_has_the_percentiles_that_numpy_finds_by_sorting() -> None:
    rng = np.random.default_rng(3)
    for most in (1, 2, 7, 400):
        shades = rng.choice((0, 9, 100, 254, 255), rng.integers(1, most + 1)).astype(np.uint8)[None]
        for per_cent in (0, 0.5, 50, 75, 99.5, 100):
            assert percentile(shades_of(shades), per_cent) == np.percentile(shades, per_cent)


def test_every_verdict_has_words_in_every_language() -> None:
    words = load_words([ROOT / "scanner" / "words"])
    assert set(words) == {"vi", "en"}
    assert word_faults(words) == []
    for language in words.values():
        assert {f"scan.verdict.{verdict.value}" for verdict in Verdict} <= language.keys()
        assert all(len(language.say(f"scan.verdict.{verdict.value}").split()) <= 20 for verdict in Verdict)


def test_one_cause_is_told_once_and_the_worst_first() -> None:
    black = np.random.default_rng(2).integers(0, 14, (2000, 1414, 3), np.uint8)
    assert clean_page(black).verdicts == ("dark",)
    every = settled(dict.fromkeys(Verdict, (WHOLE,)))
    assert list(every) == [
        Verdict.SEVERAL,
        Verdict.CUT,
        Verdict.DARK,
        Verdict.GLARE,
        Verdict.MIRRORED,
        Verdict.LOW_DPI,
        Verdict.FINGER,
        Verdict.ANOTHER,
    ]
    unfound = settled(dict.fromkeys((Verdict.UNFOUND, Verdict.LOW_DPI, Verdict.TURN), (WHOLE,)))
    assert list(unfound) == [Verdict.UNFOUND]
    pale = settled({Verdict.TURN: (WHOLE,), Verdict.FAINT: (WHOLE,)})
    assert list(pale) == [Verdict.FAINT, Verdict.TURN]
    assert set(SERIOUS) == set(Verdict)


def test_a_sharp_scan_is_praised_by_silence() -> None:
    assert clean_page(text_scan(), dpi=200).verdicts == ()


@pytest.mark.parametrize(("seed", "size"), [(1, A5_MM), (2, A5_MM), (3, A5_MM), (9, A4_MM)])
def test_a_blurred_page_is_noticed_and_is_so_everywhere(seed: int, size: tuple[float, float]) -> None:
    image = text_scan(seed, size=size)
    page = clean_page(cv2.GaussianBlur(image, (0, 0), 4.5), dpi=200)
    assert "blurred" in page.verdicts
    assert page.places["blurred"] == (WHOLE,)
    shaken = cv2.filter2D(image, -1, np.full((1, 25), 1 / 25, np.float32))
    assert "blurred" in clean_page(shaken, dpi=200).verdicts


@pytest.mark.parametrize(("wear", "seed", "letter_px", "unread"), [
    ("focus", 7_600_112, 46, True), ("twice", 7_600_074, 49, True),
    ("motion_noise", 7_600_152, 53, False), ("shake", 7_600_195, 35, False),
])  # fmt: skip
def test_what_a_reader_misreads_is_told_from_what_it_reads(
    wear: str, seed: int, letter_px: float, unread: bool
) -> None:
    image = worn_block(np.random.default_rng(seed), wear, FONT_FILES + OTHER_FONTS).image
    odds = misread_odds(divide_light(image, paper_map(image), 255 * 255 / PAPER_WHITE), letter_px)
    assert odds is not None and (odds > 0.5) is unread


def test_grey_print_among_bold_black_print_is_not_called_blurred() -> None:
    page = Image.new("L", (700, 400), 250)
    for row in range(8):
        grey, face = ((120, "NotoSans-Regular.ttf"), (15, "NotoSans-Bold.ttf"))[row % 2]
        font = ImageFont.truetype(str(FONTS / face), 34)
        ImageDraw.Draw(page).text((20, 10 + 48 * row), "giấy khai sinh của cháu được cấp", grey, font)
    seen = cv2.GaussianBlur(np.asarray(page), (0, 0), 0.8)
    assert judge_sharpness(seen, (20.0,)).value > 0.9


@pytest.mark.parametrize(("top", "quarters"), [(150, 0), (410, 1)])
def test_a_page_of_one_line_is_judged_wherever_the_line_lies(top: int, quarters: int) -> None:
    page = Image.new("L", (620, 877), 250)
    font = ImageFont.truetype(str(FONTS / "NotoSans-Regular.ttf"), 34)
    ImageDraw.Draw(page).text((60, top), "CẤP GIẤY khai sinh", 20, font)
    seen = cv2.GaussianBlur(np.rot90(np.asarray(page), quarters), (0, 0), 0.8)
    assert judge_sharpness(seen, (30.0, 20.0)).value > 0.9
    shaken = cv2.filter2D(seen, -1, np.eye(15, dtype=np.float32) / 15)
    assert judge_sharpness(shaken, (30.0, 20.0)).value < SHARP


def test_one_corner_out_of_focus_is_found_there_also_on_a_turned_page() -> None:
    image = text_scan(4, size=A4_MM)
    height, width = image.shape[:2]
    soft = np.zeros((height, width, 1), np.float32)
    soft[height * 2 // 3 :, width // 2 :] = 1
    soft = cv2.GaussianBlur(soft, (0, 0), width / 20)[..., None]
    spoilt = (image * (1 - soft) + cv2.GaussianBlur(image, (0, 0), 5.0) * soft).astype(np.uint8)
    for quarters in (0, 1):
        page = clean_page(np.ascontiguousarray(np.rot90(spoilt, quarters)), dpi=200)
        assert page.turn_degrees == quarters * 90
        for left, top, _, _ in page.places["blurred"]:
            assert left > 0.3 and top > 0.4


@pytest.mark.parametrize("kind", ["form", "framed", "photo", "table", "handwriting", "sealed"])
def test_seals_pictures_rulings_and_hands_are_not_called_blurred(kind: str) -> None:
    assert "blurred" not in clean_page(text_scan(5, kind), dpi=200).verdicts


@pytest.mark.parametrize("seed", [90104, 90127])
def test_rulings_and_a_printed_ground_are_not_called_blurred(seed: int) -> None:
    rng = np.random.default_rng(seed)
    face = on_printed_ground(rng, certificate(rng, FRAMES[seed % 8], 200).image, 200)
    grainy = cv2.GaussianBlur(face, (0, 0), 0.5) + rng.normal(0, 2.5, face.shape)
    assert "blurred" not in clean_page(np.clip(grainy, 0, 255).astype(np.uint8), dpi=200).verdicts


@pytest.mark.parametrize("seed", [77002, 77019])
def test_a_certificate_whose_lines_blur_has_melted_into_one_is_called_blurred(seed: int) -> None:
    face = certificate(np.random.default_rng(seed), FRAMES[(seed - 77000) % 8], 200).image
    assert "blurred" not in clean_page(cv2.GaussianBlur(face, (0, 0), 0.5), dpi=200).verdicts
    assert "blurred" in clean_page(cv2.GaussianBlur(face, (0, 0), 5.0), dpi=200).verdicts


def test_the_bars_of_a_code_are_not_called_blurred() -> None:
    image = text_scan(1, "short").copy()
    high, wide = image.shape[:2]
    rng, x = np.random.default_rng(1), int(0.08 * wide)
    while x < 0.43 * wide:
        bar, gap = rng.integers(1, 4, 2) * 4 + 1
        image[int(0.86 * high) : int(0.92 * high), x : x + bar] = 20
        x += bar + gap
    assert clean_page(cv2.GaussianBlur(image, (0, 0), 0.6), dpi=200).verdicts == ()
    assert "blurred" in clean_page(cv2.GaussianBlur(image, (0, 0), 4.5), dpi=200).verdicts


def test_the_rims_of_a_tinted_block_and_print_on_a_dark_one_are_not_called_blurred() -> None:
    down = np.arange(600)[:, None] - 0.03 * np.arange(600)  # its light is taken for paper's by and by
    inside = np.minimum(down - 60, 200 - down)
    light = np.where(inside > 0, 255 - 65 * np.clip(1 - inside / 45, 0, 1), 255).astype(np.uint8)
    assert judge_sharpness(light, (20.0,)).value > SHARP
    rng = np.random.default_rng(1)
    print_on = text_scan(1, "short")[:600, :600, 1] * 0.25 + 20 + rng.normal(0, 5, (600, 600))
    dark = cv2.GaussianBlur(print_on, (0, 0), 1.3).astype(np.uint8)
    assert judge_sharpness(dark, (20.0,)).value > SHARP


def test_grain_and_a_pale_ribbon_do_not_hide_or_make_blur() -> None:
    rng = np.random.default_rng(6)
    image = text_scan(6).astype(np.float32)
    grainy = np.clip(image + rng.normal(0, 12, image.shape), 0, 255).astype(np.uint8)
    pale = (230 - (230 - np.minimum(image, 230)) * 0.4).astype(np.uint8)
    assert "blurred" not in clean_page(grainy, dpi=200).verdicts
    assert "blurred" not in clean_page(pale, dpi=200).verdicts
    melted = cv2.GaussianBlur(image, (0, 0), 5.0) + rng.normal(0, 12, image.shape)
    assert "blurred" in clean_page(np.clip(melted, 0, 255).astype(np.uint8), dpi=200).verdicts


def test_dark_glare_and_finger_are_noticed_on_camera_pictures() -> None:
    page = cv2.resize(text_scan(), (700, 990), interpolation=cv2.INTER_AREA)
    assert judge_light(page) == {}
    assert Verdict.DARK in judge_light((page * 0.2).astype(np.uint8))
    table = np.full_like(page, 35)
    table[100:300, 100:400] = page[100:300, 100:400]  # a slip in good light, that was not found
    assert judge_light(table, found=False) == {}
    assert Verdict.DARK in judge_light((table * 0.2).astype(np.uint8), found=False)
    dim = (page * 0.6).astype(np.float32)
    glow = np.zeros(page.shape[:2], np.float32)
    cv2.circle(glow, (400, 300), 90, 255.0, -1)
    lit = np.clip(dim + cv2.GaussianBlur(glow, (0, 0), 15)[..., None], 0, 255).astype(np.uint8)
    [(left, top, wide, high)] = judge_light(lit)[Verdict.GLARE]
    assert (left + wide / 2, top + high / 2) == (pytest.approx(4 / 7, abs=0.05), pytest.approx(0.3, abs=0.05))
    held = page.copy()
    cv2.ellipse(held, (700, 500), (160, 45), 0, 0, 360, (125, 150, 205), -1)
    [(left, top, wide, high)] = judge_light(held).pop(Verdict.FINGER)
    assert left + wide > 0.98 and top < 500 / 990 < top + high


def test_the_cover_of_a_booklet_keeps_its_colour_and_only_in_the_dark_it_is_told() -> None:
    table = np.full((500, 400, 3), 225, np.uint8)
    table[100:400, 100:310] = 30, 25, 105  # BGR, dark red
    cv2.putText(table, "SO HO KHAU", (120, 200), cv2.FONT_HERSHEY_SIMPLEX, 0.8, (90, 200, 235), 3)
    grainy = table + np.random.default_rng(5).normal(0, 3, table.shape)
    corners = ((99.5, 99.5), (309.5, 99.5), (309.5, 399.5), (99.5, 399.5))
    lit, dim = (np.clip(grainy * light, 0, 255).astype(np.uint8) for light in (0.9, 0.2))
    page = clean_page(lit, corners=corners)
    assert "dark" not in page.verdicts
    assert np.abs(page.image[::8, ::8] - 0.9 * np.array([30, 25, 105])).max(axis=2).mean() < 20
    assert "dark" in clean_page(dim, corners=corners).verdicts


@pytest.mark.parametrize("ratio", [1.43, 1.6])
def test_a_blue_cover_keeps_its_colour_on_any_table_and_is_no_card(ratio: float) -> None:
    """No lamp makes white paper as blue as that."""
    height = round(210 * ratio)
    table = np.full((height + 200, 410, 3), 45, np.uint8)
    table[100:-100, 100:310] = blue = 130, 85, 60
    cv2.putText(table, "SO HO KHAU", (120, 200), cv2.FONT_HERSHEY_SIMPLEX, 0.8, (90, 200, 235), 3)
    grainy = np.clip(table + np.random.default_rng(5).normal(0, 3, table.shape), 0, 255).astype(np.uint8)
    end = height + 99.5
    page = clean_page(grainy, corners=((99.5, 99.5), (309.5, 99.5), (309.5, end), (99.5, end)))
    assert page.height_mm > 250 and "dark" not in page.verdicts
    assert np.abs(page.image[::8, ::8] - np.array(blue, float)).max(axis=2).mean() < 20


def test_a_cover_on_the_glass_keeps_its_colour_be_it_a_light_one() -> None:
    glass = np.full((600, 420, 3), (205, 164, 120), np.uint8)
    cv2.putText(glass, "SO HO KHAU", (90, 240), cv2.FONT_HERSHEY_SIMPLEX, 1.0, (90, 220, 245), 4)
    page = clean_page(glass, dpi=50)
    assert np.abs(page.image[::8, ::8] - glass[::8, ::8].astype(float)).max(axis=2).mean() < 8


def test_a_lamp_on_bright_paper_that_wipes_lines_out_is_glare() -> None:
    page = np.minimum(cv2.resize(text_scan(), (700, 990), interpolation=cv2.INTER_AREA), 228)
    down, across = np.mgrid[:990, :700]
    lamp = 420 * np.exp(-((across - 330) ** 2 + (down - 400) ** 2) / (2 * 90**2))
    [(left, top, wide, high)] = judge_light(np.clip(page + lamp[..., None], 0, 255).astype(np.uint8))["glare"]
    assert left < 330 / 700 < left + wide < 0.8 and top < 400 / 990 < top + high < 0.7
    bare = np.full_like(page, 228)  # nothing is lost there
    assert judge_light(np.clip(bare + lamp[..., None], 0, 255).astype(np.uint8)) == {}


@pytest.mark.parametrize(("x", "y", "rim", "told"), [
    (0.12, 0.4, 0.02, True),  # the beginnings of lines
    (0.5, 0.4, 0.12, True),  # a rim that fades over an eighth of the page
    (0.02, 0.4, 0.02, False), (0.5, 0.02, 0.02, False),  # margins
])  # fmt: skip
def test_light_is_glare_where_print_stands_around_it(x: float, y: float, rim: float, told: bool) -> None:
    page = cv2.resize(text_scan(), (700, 990), interpolation=cv2.INTER_AREA) * 0.82
    down, across = np.mgrid[:990, :700] / 700
    beyond = np.maximum(np.hypot(across - x, down - y * 990 / 700) - 0.07, 0)
    lit = page + 280 * np.exp(-((beyond / rim) ** 2) / 2)[..., None]
    assert (Verdict.GLARE in judge_light(np.clip(lit, 0, 255).astype(np.uint8))) is told


def test_the_lit_side_of_a_shadow_is_no_glare() -> None:
    seeds = (2, 4, 7, 10)
    for page in (make_paper(np.random.default_rng(seed), "text", 90).image for seed in seeds):
        lit = np.where(np.arange(page.shape[1])[None, :, None] < 0.6 * page.shape[1], page, page // 2)
        assert Verdict.GLARE not in judge_light(lit)


def test_where_a_lit_side_is_brightest_among_its_lines_is_no_glare() -> None:
    """Print is read there in the light of the bare paper."""
    page = make_paper(np.random.default_rng(5000), "text", 90).image
    down, across = (at / size for at, size in zip(np.indices(page.shape[:2]), page.shape, strict=False))
    fading = 1 - 0.24 * np.hypot(across - 0.4, down - 0.59) ** 1.3
    light = fading * np.where(across - 0.16 * (down - 0.5) < 0.4, 1.03, 0.64)
    for lit in (light, light[::-1, ::-1]):
        assert Verdict.GLARE not in judge_light(np.clip(page * lit[..., None], 0, 255).astype(np.uint8))


@pytest.mark.parametrize("wide", [60, 20])
def test_a_lamp_in_the_lit_side_of_a_shadow_is_glare(wide: float) -> None:
    page = np.minimum(cv2.resize(text_scan(), (700, 990), interpolation=cv2.INTER_AREA), 228)
    down, across = np.mgrid[:990, :700]
    lit = np.where((down < 400)[..., None], page, page * 0.45)
    assert Verdict.GLARE not in judge_light(lit.astype(np.uint8))
    lamp = 420 * np.exp(-((across - 330) ** 2 + (down - 200) ** 2) / (2 * wide**2))
    [(left, top, broad, high)] = judge_light(np.clip(lit + lamp[..., None], 0, 255).astype(np.uint8))["glare"]
    assert left < 330 / 700 < left + broad < 0.8 and top < 200 / 990 < top + high < 0.4


def test_a_window_that_goes_on_in_the_lit_strip_beside_a_shadow_is_glare() -> None:
    page = np.minimum(cv2.resize(text_scan(), (700, 990), interpolation=cv2.INTER_AREA), 228)
    down, across = np.mgrid[:990, :700]
    lit = np.where((across < 40)[..., None], page, page * 0.7)
    window = ((across < 200) & (abs(down - 410) < 60)).astype(np.float32)
    shone = np.clip(lit + 300 * cv2.GaussianBlur(window, (0, 0), 5)[..., None], 0, 255).astype(np.uint8)
    [(left, top, wide, high)] = judge_light(shone)["glare"]
    assert left + wide == pytest.approx(200 / 700, abs=0.03)
    assert (top, top + high) == (pytest.approx(350 / 990, abs=0.03), pytest.approx(470 / 990, abs=0.03))


def test_lines_that_end_at_the_border_of_the_picture_are_cut() -> None:
    page = np.minimum(cv2.resize(text_scan(), (1400, 1980), interpolation=cv2.INTER_AREA), 225)
    table = np.full((2300, 1500, 3), (150, 110, 60), np.uint8)
    table[150:2130, 600:] = page[:, :900]
    cleaned = clean_page(table)
    assert (cleaned.corners, cleaned.verdicts) == (None, ("cut",))
    table[:, 300:] = 225  # all of the lines are there
    table[150:2130, 80:1480] = page
    assert "cut" not in clean_page(table[100:2180, 60:1500].copy()).verdicts


@pytest.mark.parametrize("seed", [1, 5])
def test_a_scan_cropped_through_its_words_is_cut(seed: int) -> None:
    image = text_scan(seed)
    ink = image.max(axis=2) < 120
    first, top = int(np.flatnonzero(ink.any(axis=0))[0]), int(np.flatnonzero(ink.any(axis=1))[0])
    assert clean_page(image[:, first + 60 :].copy(), dpi=200).verdicts == ("cut",)
    assert clean_page(image[top + 12 :].copy(), dpi=200).verdicts == ("cut",)


def test_a_picture_that_ends_in_the_midst_of_a_lines_letters_is_cut() -> None:
    image = text_scan()
    inked = (image.max(axis=2) < 120).any(axis=1)
    foot = int(np.flatnonzero(np.diff(inked.astype(int)) < 0)[0])
    assert clean_page(image[foot - 12 :].copy(), dpi=200).verdicts == ("cut",)
    dirty = image.copy()
    for x in np.random.default_rng(4).integers(0, image.shape[1], 60).tolist():
        dirty[:4, x : x + 5] = 60
    assert clean_page(dirty, dpi=200).verdicts == ()


def test_the_scanners_own_lamp_mirrored_over_lines_is_told_but_not_in_the_margin() -> None:
    page = text_scan() * 0.82
    down, across = np.mgrid[: page.shape[0], : page.shape[1]]
    for x, y, told in ((0.5, 0.33, ("mirrored",)), (0.5, 0.995, ())):
        off = ((across / page.shape[1] - x) / 0.17) ** 2 + ((down / page.shape[0] - y) / 0.085) ** 2
        light = cv2.GaussianBlur((off < 1).astype(np.float32), (0, 0), 21)[..., None]
        lit = (page * (1 - light) + 255 * light).astype(np.uint8)
        assert clean_page(lit, dpi=200).verdicts == told


def test_wood_and_the_leaves_of_a_book_beside_a_page_are_no_finger() -> None:
    page = cv2.resize(text_scan(), (700, 990), interpolation=cv2.INTER_AREA)
    beside = page.copy()
    beside[:, 640:] = (110, 140, 190)
    cv2.fillPoly(beside, [np.array([[0, 700], [90, 989], [0, 989]], np.int32)], (125, 150, 205))
    assert Verdict.FINGER not in judge_light(beside)


def test_a_page_on_the_border_is_cut() -> None:
    inside = np.array([[20, 20], [600, 30], [610, 900], [15, 890]], float)
    assert not is_cut(inside, (1000, 800, 3))
    assert is_cut(inside - [19, 0], (1000, 800, 3))


@pytest.mark.parametrize(("seed", "told"), [(3, "unfound"), (5, "cut")])
def test_a_paper_whose_edges_are_not_found_is_told_where_its_table_is_seen(seed: int, told: str) -> None:
    rng = np.random.default_rng(seed)
    paper = any_paper(rng, "text", 80)
    page = clean_page(shoot(rng, [paper], "oak", (900, 700), fill=1.1, out=True, hand=0, tilt=10).image)
    assert page.corners is None and page.verdicts[0] == told
    assert "blurred" not in page.verdicts


def test_a_paper_that_leaves_the_frame_is_told_though_it_is_found() -> None:
    rng = np.random.default_rng(0)
    paper = any_paper(rng, "text", 80)
    page = clean_page(shoot(rng, [paper], "checked", (900, 700), fill=1.1, out=True, hand=0, tilt=10).image)
    assert page.verdicts[0] == "cut"
    assert "blurred" not in page.verdicts


@pytest.mark.parametrize(("table", "seed"), [("timber", 31), ("desk", 33)])
def test_a_table_that_the_cleaning_whitens_is_seen_too(table: str, seed: int) -> None:
    rng = np.random.default_rng(seed)
    paper = any_paper(rng, "text", 110)
    shot = shoot(rng, [paper], table, (1200, 900), hand=0, out=True, fill=1.2, tilt=5, upright=True)
    assert "cut" in clean_page(shot.image).verdicts


@pytest.mark.parametrize(("colour", "told"), [((60, 100, 140), ("cut",)), ((25, 25, 25), ())])
def test_a_wedge_of_table_along_a_side_tells_that_the_page_leaves_the_picture(
    colour: tuple[int, int, int], told: tuple[str, ...]
) -> None:
    page = text_scan().copy()
    cv2.fillPoly(page, [np.array([[0, 0], [40, 0], [0, 900]])], colour)
    assert clean_page(page).verdicts == told


def test_the_black_border_of_a_scan_is_no_table() -> None:
    rng = np.random.default_rng(860006)
    bordered = scan(rng, make_paper(rng, "handwriting", 110), 0.3, fault="border").image
    assert not {"unfound", "cut"} & set(clean_page(bordered).verdicts)


@pytest.mark.parametrize("kind", ["text", "banner", "sealed"])
def test_a_picture_that_is_filled_by_its_page_is_told_of_no_edges(kind: str) -> None:
    rng = np.random.default_rng(6)
    page = clean_page(scan(rng, any_paper(rng, kind, 150), 0.3).image)
    assert page.corners is None and not {"unfound", "cut"} & set(page.verdicts)


@pytest.mark.parametrize("fault", ["", "border", "grey", "dirty"])
def test_blank_backs_are_told_from_pages_with_little_on_them(fault: str) -> None:
    rng = np.random.default_rng(7)
    blank = make_paper(rng, "blank", 150)
    assert is_blank(scan(rng, blank, 0, fault).image)
    note = blank.image.copy()
    cv2.putText(note, "Trang cuoi", (300, 500), cv2.FONT_HERSHEY_SIMPLEX, 1.0, (120, 120, 120), 2)
    assert not is_blank(note)
    faint = make_paper(rng, "text", 150)
    assert not is_blank(scan(rng, faint, 0, "faint").image)


def test_one_signature_or_a_faint_note_is_a_page() -> None:
    signed, noted = (np.full((1170, 827, 3), 246, np.uint8) for _ in range(2))
    t = np.linspace(0, 6 * np.pi, 200)
    loops = np.stack([500 + 4 * t, 900 + 15 * np.sin(t) * np.cos(t / 3)], axis=1).round().astype(np.int32)
    cv2.polylines(signed, [loops], False, (150, 120, 110), 2, cv2.LINE_AA)
    cv2.putText(noted, "Da nhan du ho so", (150, 450), cv2.FONT_HERSHEY_SIMPLEX, 1.4, (222, 222, 222), 3)
    assert not is_blank(signed)
    assert not is_blank(noted)


def test_lines_of_letters_too_pale_to_count_alone_are_a_page() -> None:
    ink, rng = Image.new("L", (1170, 1654), 0), np.random.default_rng(2)
    font = ImageFont.truetype(str(FONTS / "NotoSans-Regular.ttf"), 23)
    for row in range(12):
        ImageDraw.Draw(ink).text((160, 200 + 50 * row), "giấy khai sinh của cháu được cấp ngày", 255, font)
    page = 248 - 19 / 255 * cv2.GaussianBlur(np.asarray(ink, np.float32), (0, 0), 0.6)
    seen = (page + rng.normal(0, 1.5, page.shape)).round().astype(np.uint8)
    assert not is_blank(seen)
    assert is_blank(cv2.GaussianBlur(seen, (0, 0), 2.5))  # as the other side shows through


def test_a_picture_and_mere_grain_are_not_blank() -> None:
    ground = np.full((1170, 827, 3), (170, 110, 60), np.uint8)
    cv2.circle(ground, (413, 450), 225, (140, 170, 220), -1)
    cv2.rectangle(ground, (125, 750), (700, 1170), (40, 40, 180), -1)
    assert not is_blank(cv2.GaussianBlur(ground, (0, 0), 8))
    assert not is_blank(np.random.default_rng(1).integers(0, 256, ground.shape, np.uint8))
    assert not is_blank((np.indices((1170, 827)).sum(axis=0) // 20 % 2 * 255).astype(np.uint8))


@pytest.mark.parametrize("asked", [ColourMode.AUTO, ColourMode.GREY, ColourMode.BLACK_WHITE])
def test_what_is_judged_blank_is_kept_unwiped(asked: ColourMode) -> None:
    page = np.full((1170, 827, 3), 246, np.uint8)
    cv2.putText(page, "nhat", (350, 450), cv2.FONT_HERSHEY_SIMPLEX, 1.0, (237, 237, 237), 2)
    kept = clean_page(page, dpi=100, tone=asked)
    assert (kept.verdicts[0], kept.mode) == ("blank", ColourMode.GREY)
    assert (kept.image.min(), kept.image.max()) == (237, 246)


def test_show_through_is_still_blank() -> None:
    rng = np.random.default_rng(8)
    back = 255 - cv2.GaussianBlur(make_paper(rng, "text", 150).image[:, ::-1], (0, 0), 2.0)
    front = make_paper(rng, "blank", 150)
    seen = np.clip(front.image - back * 0.12, 0, 255).astype(np.uint8)
    assert "blank" in clean_page(seen, dpi=150).verdicts


@pytest.mark.parametrize(
    ("kind", "seed", "part", "soft_mm"),
    [("text", 11, 0.24, 0.3), ("table", 12, 0.3, 0.38), ("framed", 13, 0.2, 0.34), ("form", 14, 0.33, 0.35)],
)
def test_a_back_that_shows_the_front_is_neither_black_nor_blurred(
    kind: str, seed: int, part: float, soft_mm: float
) -> None:
    rng = np.random.default_rng(seed)
    front = 255 - make_paper(rng, kind, 150).image[:, ::-1].astype(np.float32)
    back = make_paper(rng, "blank", 150).image - part * cv2.GaussianBlur(front, (0, 0), soft_mm * 150 / 25.4)
    page = clean_page(np.clip(back + rng.normal(0, 1.5, back.shape), 0, 255).astype(np.uint8), dpi=150)
    assert page.verdicts in ((), ("blank",))
    assert np.percentile(page.image, 1) > 120


@pytest.mark.parametrize(
    ("kind", "part", "mirrored", "pale"),
    [("form", 0.07, True, True), ("text", 0.11, True, True), ("text", 0.11, False, False)],
)
def test_a_back_that_shows_the_front_crisply_stays_as_pale_as_it_came(
    kind: str, part: float, *, mirrored: bool, pale: bool
) -> None:
    """A page in pale pencil, which is as deep, is made stronger."""
    rng = np.random.default_rng(21)
    front = 255 - make_paper(rng, kind, 150).image[:, :: -1 if mirrored else 1].astype(np.float32)
    sheet = make_paper(rng, "blank", 150).image - part * front
    page = clean_page(np.clip(sheet + rng.normal(0, 1.5, sheet.shape), 0, 255).astype(np.uint8), dpi=150)
    assert not page.verdicts
    assert (215 < np.percentile(page.image, 0.5) < 245) == pale


def test_a_photograph_far_away_has_too_few_dots() -> None:
    rng = np.random.default_rng(9)
    photo = photograph(rng, make_paper(rng, "text", 100), "wood", (900, 700), finger=0, bend=0.0)
    assert "low_dpi" in clean_page(photo.image).verdicts


def test_a_wooden_table_without_a_page_is_neither_blurred_nor_glaring() -> None:
    wood = timber(np.random.default_rng(3), 400, 300).astype(np.uint8)
    said = (Verdict.BLURRED, Verdict.CUT, Verdict.GLARE, Verdict.FINGER)
    assert list(without_table(dict.fromkeys(said, (WHOLE,)), wood)) == [Verdict.CUT]
    white = np.full_like(wood, 240)
    assert Verdict.BLURRED in without_table(dict.fromkeys(said, (WHOLE,)), white)
