"""Pictures of every kind are read; everything else is a coded error, never a traceback."""

import io
from pathlib import Path

import cv2
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import ExifTags, Image, ImageDraw

from kioskcore.config import Scan
from kioskcore.errors import KioskError
from kioskcore.ports import ColourMode
from scanner.clean.judge.judge import Verdict
from scanner.intake import Intake
from scanner.pictures import read_pages, read_picture
from tests.bench.drawn.synth import font, make_paper
from tests.bench.drawn.tabletop import shoot
from tests.scanner.caller import HEIC

RED = (200, 30, 40)


def saved(path: Path, image: Image.Image, form: str = "PNG", **settings_: object) -> Path:
    image.save(path, form, **settings_)
    return path


@pytest.mark.parametrize(
    ("mode", "form"),
    [("RGB", "PNG"), ("RGB", "JPEG"), ("CMYK", "JPEG"), ("L", "PNG"), ("1", "PNG"), ("P", "PNG"),
     ("RGBA", "PNG"), ("LA", "PNG"), ("RGB", "WEBP"), ("RGB", "BMP"), ("CMYK", "TIFF"), ("YCbCr", "JPEG"),
     ("I;16", "PNG"), ("F", "TIFF"), ("RGB", "AVIF")],
)  # fmt: skip
def test_every_mode_comes_out_as_bgr(tmp_path: Path, mode: str, form: str) -> None:
    image = Image.new("L" if mode in ("I;16", "F") else "RGB", (30, 20))
    if mode == "I;16":
        image = image.convert("I")
    path = saved(tmp_path / "p", image.convert(mode), form)
    picture = read_picture(path, 10)
    assert picture.shape == (20, 30, 3)
    assert picture.dtype == np.uint8


def test_channels_come_in_blue_green_red_order(tmp_path: Path) -> None:
    path = saved(tmp_path / "p", Image.new("RGB", (8, 8), RED))
    assert tuple(read_picture(path, 1)[4, 4]) == RED[::-1]


def test_alpha_is_laid_on_white(tmp_path: Path) -> None:
    path = saved(tmp_path / "p", Image.new("RGBA", (8, 8), (0, 0, 0, 0)))
    assert read_picture(path, 1).min() == 255


def test_sixteen_bit_uses_its_whole_range(tmp_path: Path) -> None:
    path = saved(tmp_path / "p", Image.fromarray(np.full((8, 8), 65535, np.uint16)))
    assert read_picture(path, 1).min() == 255


def test_exif_turn_is_applied_and_a_broken_one_ignored(tmp_path: Path) -> None:
    image = Image.new("RGB", (30, 20), RED)
    exif = Image.Exif()
    exif[0x0112] = 6
    assert read_picture(saved(tmp_path / "a", image, "JPEG", exif=exif), 1).shape == (30, 20, 3)
    broken = saved(tmp_path / "b", image, "JPEG", exif=b"Exif\x00\x00II*\x00\xff\xff\xff\xff")
    assert read_picture(broken, 1).shape == (20, 30, 3)


def test_first_frame_of_an_animation(tmp_path: Path) -> None:
    frames = [Image.new("RGB", (9, 9), colour) for colour in (RED, "white", "black")]
    path = saved(tmp_path / "p", frames[0], "GIF", save_all=True, append_images=frames[1:])
    pages = list(read_pages(path, 1))
    assert len(pages) == 1
    assert abs(int(pages[0].image[4, 4, 2]) - RED[0]) < 8


def test_every_page_of_a_tiff_with_its_dpi(tmp_path: Path) -> None:
    frames = [Image.new("L", (9 + k, 9), 40 * k) for k in range(3)]
    path = saved(tmp_path / "p", frames[0], "TIFF", save_all=True, append_images=frames[1:], dpi=(200, 200))
    pages = list(read_pages(path, 1))
    assert [page.image.shape[1] for page in pages] == [9, 10, 11]
    assert [page.dpi for page in pages] == [200, 200, 200]


@pytest.mark.parametrize("form", ["JPEG", "TIFF", "PNG"])
@pytest.mark.parametrize(("dpi", "times"), [(590, 1), (600, 2), (1200, 4)])
def test_what_is_finer_than_a_page_is_read_small(tmp_path: Path, form: str, dpi: int, times: int) -> None:
    seen = np.full((603, 401, 3), 235, np.uint8)
    seen[200:400, 80:240] = (200, 30, 30)
    (page,) = read_pages(saved(tmp_path / "p", Image.fromarray(seen), form, dpi=(dpi, dpi)), 1)
    assert page.image.shape[:2] == (-(-603 // times), -(-401 // times))
    assert page.dpi == pytest.approx(dpi / times, abs=0.1)
    assert page.scale == (times, times)
    exact = cv2.resize(seen[:600, :400], (400 // times, 600 // times), interpolation=cv2.INTER_AREA)
    off = np.abs(page.image[: 600 // times, : 400 // times, ::-1].astype(int) - exact)
    assert off.mean() < 1


def test_a_photograph_is_no_scan_whatever_dots_it_claims(tmp_path: Path) -> None:
    rng = np.random.default_rng(4)
    seen = shoot(rng, [make_paper(rng, "text", 60)], "oak", (800, 600), hand=0, fill=0.8).image
    laid = Image.fromarray(seen[..., ::-1].copy())
    (page,) = read_pages(saved(tmp_path / "p", laid, "JPEG", dpi=(600, 600)), 1)
    assert (page.dpi, page.scale, page.image.shape) == (None, (1, 1), seen.shape)
    exif = Image.Exif()
    exif.get_ifd(ExifTags.IFD.Exif)[ExifTags.Base.ExposureTime] = 0.02
    bare = Image.new("RGB", (90, 60), "white")
    (exposed,) = read_pages(saved(tmp_path / "e", bare, "JPEG", dpi=(300, 300), exif=exif), 1)
    assert exposed.dpi is None


def test_a_fine_picture_of_sixteen_bits_is_read_small(tmp_path: Path) -> None:
    fine = Image.fromarray((np.arange(400 * 600).reshape(400, 600) % 65535).astype(np.uint16))
    (page,) = read_pages(saved(tmp_path / "p", fine, dpi=(600, 600)), 1)
    assert page.image.shape == (200, 300, 3)


def test_a_fax_with_half_the_rows_gets_its_true_shape_and_is_told(tmp_path: Path) -> None:
    image = Image.new("1", (1728, 1143), 1)
    draw = ImageDraw.Draw(image)
    for row in range(20):
        draw.text((200, 60 + 50 * row), "Số 118 ngày 05/09/1956, thửa 181", font=font(3, 34), fill=0)
    file = saved(tmp_path / "fax", image, "TIFF", dpi=(204, 98), compression="group4")
    (picture,) = read_pages(file, 10)
    assert picture.image.shape[:2] == (2379, 1728)
    assert (picture.dpi, picture.coarse) == (204, 98)
    assert picture.scale == (1, pytest.approx(98 / 204))
    (page,) = Intake(tmp_path, Scan()).take(file, ColourMode.AUTO)
    assert (page.width_mm, page.height_mm) == pytest.approx((215, 296), abs=0.5)  # a fax line is so wide
    assert Verdict.LOW_DPI in page.verdicts


def test_a_picture_that_uneven_dots_would_make_too_large_is_refused(tmp_path: Path) -> None:
    file = saved(tmp_path / "fax", Image.new("1", (1000, 900), 1), "TIFF", dpi=(204, 98))
    with pytest.raises(KioskError) as fault:
        next(read_pages(file, 1))
    assert fault.value.code == "IMAGE-TOO-LARGE"


def test_empty_truncated_and_foreign_files_are_coded(tmp_path: Path) -> None:
    whole = saved(tmp_path / "whole", Image.effect_noise((300, 300), 90), "JPEG").read_bytes()
    for content, code in (
        (b"", "IMAGE-EMPTY"),
        (whole[: len(whole) // 2], "IMAGE-UNREADABLE"),
        (whole[:20], "IMAGE-UNREADABLE"),
        (b"meow " * 100, "IMAGE-UNREADABLE"),
        (HEIC, "IMAGE-HEIC"),
        (HEIC.replace(b"heic", b"mif1", 1), "IMAGE-HEIC"),
        (HEIC.replace(b"heic", b"mp42"), "IMAGE-UNREADABLE"),
    ):
        (tmp_path / "bad").write_bytes(content)
        with pytest.raises(KioskError) as caught:
            read_picture(tmp_path / "bad", 10)
        assert caught.value.code == code


def test_a_bomb_is_refused_before_it_is_decoded(tmp_path: Path) -> None:
    path = saved(tmp_path / "p", Image.new("1", (20000, 20000)))
    with pytest.raises(KioskError) as caught:
        read_picture(path, 60)
    assert caught.value.code == "IMAGE-TOO-LARGE"


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_flipped_bytes_give_a_picture_or_a_code(tmp_path: Path, data: st.DataObject) -> None:
    form = data.draw(st.sampled_from(["JPEG", "PNG", "TIFF", "BMP", "GIF", "WEBP", "AVIF"]))
    stream = io.BytesIO()
    Image.radial_gradient("L").resize((64, 48)).convert("RGB").save(stream, form)
    content = bytearray(stream.getvalue())
    for place, value in data.draw(
        st.lists(st.tuples(st.integers(0, len(content) - 1), st.integers(0, 255)), min_size=1, max_size=12)
    ):
        content[place] = value
    (tmp_path / "flipped").write_bytes(bytes(content))
    try:
        pages = list(read_pages(tmp_path / "flipped", 1))
        assert all(page.image.ndim == 3 for page in pages)
    except KioskError as error:
        assert error.code in ("IMAGE-UNREADABLE", "IMAGE-TOO-LARGE", "IMAGE-EMPTY", "IMAGE-HEIC")


def test_the_raw_page_keeps_its_dots_per_inch_and_its_colours(tmp_path: Path) -> None:
    seen = np.full((300, 200, 3), 235, np.uint8)
    seen[80:180, 40:120] = (200, 30, 30)
    file = saved(tmp_path / "p", Image.fromarray(seen), "TIFF", dpi=(200, 200))
    (page,) = Intake(tmp_path, Scan()).take(file, ColourMode.COLOUR)
    (raw,) = read_pages(page.raw, 120)
    assert raw.dpi == 200
    assert np.abs(raw.image[..., ::-1].astype(int) - seen).max() < 12
