"""How everything looks, as tokens: colours, type, spacing and sizes in millimetres of the real screen.

`Theme` is immutable; a change of text size or contrast makes a new one, and one stylesheet comes from it.
"""

from dataclasses import dataclass
from enum import StrEnum
from functools import cache, cached_property

from PySide6.QtGui import QFont, QFontDatabase, QGuiApplication, QScreen

from kioskcore import paths
from kioskcore.errors import KioskError

FAMILY = "Noto Sans"
CAP_HEIGHT = 0.714
"""Height of a capital letter of Noto Sans in ems."""

ASSUMED_DPI = 96.0
_LOWEST_DPI, _HIGHEST_DPI = 70.0, 340.0
_SHORT_SIDE_MM = 190.0
"""Screens that claim to be smaller than this on their short side get smaller millimetres: all must fit."""

_NO_REAL_SCREEN = frozenset({"offscreen", "minimal", "vnc"})


class TextSize(StrEnum):
    NORMAL = "normal"
    LARGE = "large"
    HUGE = "huge"


CAPITALS_MM = {TextSize.NORMAL: 4.8, TextSize.LARGE: 7.3, TextSize.HUGE: 12.0}
"""Height of a capital letter of the running text."""

_SHARES = (1.0, 0.9, 0.8, 0.7, 0.6)
READ_MM = 7.3
"""What must be read in the frame has no smaller capitals where large text is chosen: 0.7 degrees at 60 cm."""

_TITLE_SCALE = {TextSize.NORMAL: 1.3, TextSize.LARGE: 1.2, TextSize.HUGE: 1.1}


@dataclass(frozen=True)
class Colours:
    """Every colour that is used. `*_soft` are backgrounds for `text`; the others carry white or text."""

    page: str
    soft: str
    text: str
    muted: str
    line: str
    accent: str
    accent_dark: str
    accent_soft: str
    on_accent: str
    danger: str
    danger_soft: str
    good: str
    good_soft: str
    warn: str
    warn_soft: str
    practice: str
    on_practice: str
    focus: str


CALM = Colours(
    page="#ffffff",
    soft="#f2f6fa",
    text="#16202a",
    muted="#46535f",
    line="#7c8a98",
    accent="#0b5394",
    accent_dark="#083d6d",
    accent_soft="#e3eef9",
    on_accent="#ffffff",
    danger="#a8201a",
    danger_soft="#fcebea",
    good="#14652f",
    good_soft="#e6f4ea",
    warn="#7a4a00",
    warn_soft="#fff3d6",
    practice="#ffd54d",
    on_practice="#2b1d00",
    focus="#e08a00",
)

STRONG = Colours(
    page="#ffffff",
    soft="#ffffff",
    text="#000000",
    muted="#000000",
    line="#000000",
    accent="#002b5c",
    accent_dark="#000000",
    accent_soft="#ffffff",
    on_accent="#ffffff",
    danger="#7a0000",
    danger_soft="#ffffff",
    good="#003d14",
    good_soft="#ffffff",
    warn="#4d2e00",
    warn_soft="#ffffff",
    practice="#ffe680",
    on_practice="#000000",
    focus="#b35c00",
)


def contrast(one: str, other: str) -> float:
    """WCAG contrast ratio of two #rrggbb colours, 1 to 21."""

    def luminance(colour: str) -> float:
        parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
        red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def sane_dpi(claimed: float, short_side_px: int, override: float = 0.0, scale: float = 1.0) -> float:
    """Dots per inch to lay out with. Screens lie about their size, so a claim is kept within bounds.

    `claimed` and `short_side_px` count the window's own dots, of which the system's scaling makes one out of
    `scale` x `scale` of the screen's. `override` (from the settings) counts the screen's and is believed.
    """
    if override > 0:
        return override / scale
    if not _LOWEST_DPI <= claimed * scale <= _HIGHEST_DPI:
        claimed = ASSUMED_DPI
    fits = short_side_px * 25.4 / _SHORT_SIDE_MM
    return min(claimed, fits)


def screen_dpi(screen: QScreen, override: float = 0.0) -> float:
    size = screen.size()
    real = QGuiApplication.platformName() not in _NO_REAL_SCREEN
    claimed = screen.physicalDotsPerInch() if real else ASSUMED_DPI
    return sane_dpi(claimed, min(size.width(), size.height()), override, screen.devicePixelRatio())


@cache
def load_fonts() -> None:
    """Make Noto Sans known to Qt, once. Raises KioskError BUG where the files are not in the program."""
    for file in sorted(paths.FONTS.glob("*.ttf")):
        if QFontDatabase.addApplicationFont(str(file)) < 0:
            raise KioskError("BUG", file=file.name)


def text_font(pixels: int, bold: bool = False) -> QFont:
    font = QFont(FAMILY)
    font.setPixelSize(pixels)
    font.setBold(bold)
    return font


@dataclass(frozen=True)
class Theme:
    """The tokens in use. Lengths are given in pixels, rounded from millimetres."""

    colours: Colours = CALM
    dpi: float = ASSUMED_DPI
    text_size: TextSize = TextSize.NORMAL

    def mm(self, millimetres: float) -> int:
        return round(millimetres * self.dpi / 25.4)

    @cached_property
    def target(self) -> int:
        """Smallest side of main buttons and tiles: 20 mm."""
        return self.mm(20) + 1

    @cached_property
    def touch(self) -> int:
        """Smallest side of anything that may be touched: 16 mm."""
        return self.mm(16) + 1

    @cached_property
    def gap(self) -> int:
        """Between touchable things: 3 mm at least."""
        return self.mm(3) + 1

    @cached_property
    def space(self) -> int:
        """Air round blocks."""
        return self.mm(5)

    @cached_property
    def body(self) -> int:
        """Font size of running text, pixels."""
        return self._font_px(CAPITALS_MM[self.text_size])

    @cached_property
    def icon(self) -> int:
        """A pictogram beside running text."""
        return max(self.mm(9), round(self.body * 1.1))

    @cached_property
    def title(self) -> int:
        return round(self.body * _TITLE_SCALE[self.text_size])

    @cached_property
    def chrome(self) -> int:
        """Header and footer: they grow with the text, but must leave room for it."""
        return self._font_px(min(CAPITALS_MM[self.text_size], CAPITALS_MM[TextSize.LARGE] * 0.85))

    @cached_property
    def reading(self) -> list[int]:
        """Font sizes to try for what must be read in the frame, the largest first; the last is `chrome`."""
        return [*(round(self.body * s) for s in _SHARES if self.body * s > self.chrome), self.chrome]

    @cached_property
    def steps(self) -> list[int]:
        """As `reading`, for what may be split into pages: the last is as small as it may become."""
        least = self._font_px(min(CAPITALS_MM[self.text_size], READ_MM))
        return [*(pixels for pixels in self.reading if pixels > least), least]

    @cached_property
    def heading(self) -> int:
        """The question of the screen, in the header."""
        return round(self.chrome * 1.22)

    def font(self, pixels: int, bold: bool = False) -> QFont:
        return text_font(pixels, bold)

    def _font_px(self, capitals_mm: float) -> int:
        return -int(-(capitals_mm / CAP_HEIGHT * self.dpi / 25.4) // 1)


def stylesheet(theme: Theme) -> str:
    """The one stylesheet. Labels and frames say what they are by the property `role`."""
    c, radius, least = theme.colours, theme.mm(2), theme.steps[-1]
    return f"""
    QWidget {{ font-family: "{FAMILY}"; font-size: {theme.body}px; color: {c.text}; }}
    QWidget#shell, QWidget#sheet {{ background: {c.page}; }}
    QScrollArea, QScrollArea > QWidget > QWidget#sheet {{ background: {c.page}; border: none; }}
    QLabel {{ background: transparent; }}
    QLabel[role="title"] {{ font-size: {theme.title}px; font-weight: bold; }}
    QLabel[role="strong"] {{ font-weight: bold; }}
    QLabel[role="muted"] {{ color: {c.muted}; }}
    QLabel[role="chrome-strong"] {{ font-size: {least}px; font-weight: bold; }}
    QLabel[role="chrome-good"] {{ font-size: {least}px; font-weight: bold; color: {c.good}; }}
    QLabel[role="heading"] {{ font-size: {theme.heading}px; font-weight: bold; }}
    QLabel[role="place"] {{ font-size: {theme.chrome}px; color: {c.muted}; }}
    QLabel[role="chrome"] {{ font-size: {least}px; }}
    QLabel[role="slim"] {{ font-size: {theme.chrome}px; font-weight: bold; }}
    QLabel[role="slim-good"] {{ font-size: {theme.chrome}px; font-weight: bold; color: {c.good}; }}
    QLabel[role="site"] {{ font-size: {theme.chrome}px; }}
    QLabel[role="practice"] {{
        background: {c.practice}; color: {c.on_practice}; font-weight: bold; font-size: {theme.chrome}px;
        border-radius: {radius}px; padding: {theme.mm(1)}px {theme.mm(3)}px; }}
    QLabel[role="unverified"] {{
        background: {c.warn_soft}; color: {c.warn}; border: 2px solid {c.warn};
        border-radius: {radius}px; padding: {theme.mm(0.5)}px {theme.mm(2)}px; }}
    QFrame[role="header"] {{ background: {c.page}; border: none; border-bottom: 2px solid {c.line}; }}
    QFrame[role="footer"] {{ background: {c.soft}; border: none; border-top: 2px solid {c.line}; }}
    QFrame[role="card"] {{ background: {c.soft}; border: 2px solid {c.soft}; border-radius: {radius}px; }}
    QFrame[role="good"] {{
        background: {c.good_soft}; border: none; border-left: {theme.mm(2)}px solid {c.good}; }}
    QFrame[role="warn"] {{
        background: {c.warn_soft}; border: none; border-left: {theme.mm(2)}px solid {c.warn}; }}
    QFrame[role="danger"] {{
        background: {c.danger_soft}; border: none; border-left: {theme.mm(2)}px solid {c.danger}; }}
    QFrame[role="now"] {{
        background: {c.accent_soft}; border: none; border-left: {theme.mm(2)}px solid {c.accent}; }}
    QFrame[role="plain"] {{ background: transparent; border: none; }}
    QFrame[role="picture"] {{ background: {c.page}; border: 2px solid {c.line}; border-radius: {radius}px; }}
    QFrame[role="dialog"] {{ background: {c.page}; border: 3px solid {c.accent}; border-radius: {radius}px; }}
    QLineEdit {{
        background: {c.page}; border: 3px solid {c.text}; border-radius: {radius}px;
        padding: 0 {theme.mm(3)}px; min-height: {theme.target}px;
        placeholder-text-color: {c.muted};
        selection-background-color: {c.accent}; selection-color: {c.on_accent}; }}
    QLineEdit[role="chrome"] {{ font-size: {theme.chrome}px; min-height: {theme.touch}px; }}
    QLineEdit:focus {{ border-color: {c.focus}; }}
    QProgressBar {{
        background: {c.soft}; border: 2px solid {c.line}; border-radius: {radius}px;
        min-height: {theme.mm(9)}px; }}
    QProgressBar::chunk {{ background: {c.accent}; border-radius: {radius}px; }}
    """
