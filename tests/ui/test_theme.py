"""Sizes in millimetres, sane screens, and colours that can be read."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QSize
from PySide6.QtGui import QRawFont

from kioskcore import paths
from ui.gallery_stage import Shape
from ui.theme import CALM, CAP_HEIGHT, CAPITALS_MM, STRONG, TextSize, Theme, contrast, sane_dpi

PAIRS = [
    ("text", "page"),
    ("text", "soft"),
    ("text", "accent_soft"),
    ("text", "good_soft"),
    ("text", "warn_soft"),
    ("text", "danger_soft"),
    ("muted", "page"),
    ("muted", "soft"),
    ("accent", "page"),
    ("accent", "accent_soft"),
    ("on_accent", "accent"),
    ("on_accent", "accent_dark"),
    ("danger", "page"),
    ("danger", "danger_soft"),
    ("good", "page"),
    ("good", "good_soft"),
    ("warn", "warn_soft"),
    ("on_practice", "practice"),
]


@pytest.mark.parametrize("pair", PAIRS, ids=str)
def test_writing_can_be_read(pair: tuple[str, str]) -> None:
    ink, ground = pair
    assert contrast(getattr(CALM, ink), getattr(CALM, ground)) >= 4.5
    assert contrast(getattr(STRONG, ink), getattr(STRONG, ground)) >= 7


@pytest.mark.parametrize("colours", [CALM, STRONG])
def test_borders_and_focus_can_be_seen(colours) -> None:
    assert contrast(colours.line, colours.page) >= 3
    assert contrast(colours.line, colours.soft) >= 3
    assert contrast(colours.focus, colours.page) >= 2.4  # beside a second, dark frame


def test_contrast_is_that_of_wcag() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


def test_capitals_are_as_tall_as_promised(qapp) -> None:
    font = QRawFont(str(paths.FONTS / "NotoSans-Regular.ttf"), 1000)
    assert font.capHeight() / 1000 == pytest.approx(CAP_HEIGHT, abs=0.001)
    for size in TextSize:
        theme = Theme(dpi=96, text_size=size)
        assert theme.body * CAP_HEIGHT / (96 / 25.4) >= CAPITALS_MM[size]


def test_a_screen_that_lies_is_not_believed() -> None:
    assert sane_dpi(12, 768) == pytest.approx(96)
    assert sane_dpi(5000, 1080) == pytest.approx(96)
    assert sane_dpi(100, 768) == pytest.approx(100)
    assert sane_dpi(220, 768) < 110  # all must fit
    assert sane_dpi(220, 768, override=135) == 135


def test_scaling_makes_the_dots_larger_and_lies_none_of_them() -> None:
    """The system's 150 % on a screen of 163 dots an inch: a millimetre stays a millimetre."""
    assert sane_dpi(163 / 1.5, 1440, scale=1.5) == pytest.approx(163 / 1.5)
    assert sane_dpi(138 / 2, 1080, scale=2) == pytest.approx(69)  # 32 inches: few dots of the window's own
    assert sane_dpi(12, 1080, scale=2) == pytest.approx(96)
    assert sane_dpi(96, 1440, override=163, scale=1.5) == pytest.approx(163 / 1.5)
    assert Shape(3840, 2160, inches=27, scale=1.5).dpi == pytest.approx(163.2 / 1.5, abs=0.1)
    assert Shape(3840, 2160, inches=27, scale=1.5).size == QSize(2560, 1440)


@given(st.floats(0, 10_000), st.integers(480, 4320))
def test_the_screen_always_has_room(claimed: float, short_side: int) -> None:
    dpi = sane_dpi(claimed, short_side)
    assert short_side / dpi * 25.4 >= 189
    assert dpi > 0


@given(st.floats(60, 340), st.sampled_from(TextSize))
def test_targets_are_large_enough_at_any_density(dpi: float, size: TextSize) -> None:
    theme = Theme(dpi=dpi, text_size=size)
    assert theme.target * 25.4 / dpi >= 20
    assert theme.touch * 25.4 / dpi >= 16
    assert theme.gap * 25.4 / dpi >= 3
