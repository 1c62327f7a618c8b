"""The machine works: a bar for a scanner, the live picture of a camera, the code for a person's phone."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QElapsedTimer, Qt
from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QVBoxLayout, QWidget

from kioskcore.ports import DeviceKind, Page, Preview
from ui.look import Look
from ui.scan_desk import Phase, ScanDesk
from ui.widgets.blocks import column, label, picture, row
from ui.widgets.buttons import ActionButton
from ui.widgets.icons import Pictogram
from ui.widgets.live import LivePicture

_HINT_MS = 900
"""So long a hint stays, that it can be read."""

_LAST_PICTURES = 4

_CODE_MM = 100
"""Side of the code beside the words: a phone reads it from an arm's length."""


class WorkView(QWidget):
    """While a scanner works or the PDF is made: a bar, and each page as it comes, raw and then clean.

    `wide`: the page stands beside the words, as high as the screen allows.
    """

    def __init__(self, look: Look, desk: ScanDesk, stop: Callable[[], None], wide: bool) -> None:
        super().__init__()
        theme = look.theme
        self._making = making = desk.phase is Phase.MAKING
        self._look = look
        self._bar = QProgressBar()
        self._bar.setRange(0, 0 if making else 100)
        self._bar.setTextVisible(False)  # half of it would stand on the dark part
        self._percent = label("", "strong")
        self._percent.setMinimumWidth(self._percent.fontMetrics().horizontalAdvance("100%") + theme.gap)
        self._percent.setVisible(not making)
        self._sign = Pictogram("scanner", theme.mm(30), theme.colours.accent)
        self._page = LivePicture(look, look.say("ui.scan.live.page"), theme.mm(40))
        self._page.hide()
        words = column(1, gap=theme.space)
        words.addWidget(self._sign, 0, Qt.AlignmentFlag.AlignHCenter)
        what = look.say("ui.scan.making" if making else "ui.scan.working")
        words.addWidget(label(what, "title", centre=True))
        under_cover = not making and desk.on_glass
        words.addWidget(label(look.say("ui.scan.wait" if under_cover else "ui.scan.wait_plain"), centre=True))
        self._far = QWidget()
        far = row(self._bar, self._percent, gap=theme.gap)
        far.setStretch(0, 1)
        self._far.setLayout(far)
        words.addWidget(self._far)
        if not making:
            words.addLayout(row(1, _stop(look, stop), 1))
        words.addStretch(1)
        body = row(gap=theme.space) if wide else column(gap=theme.space)
        body.addWidget(self._page, 1)
        body.addLayout(words, 1)
        self.setLayout(body)
        kept = self._far.sizePolicy()
        kept.setRetainSizeWhenHidden(True)  # nothing jumps when it comes and goes
        self._far.setSizePolicy(kept)
        self.progress(desk.fraction)

    def progress(self, fraction: float) -> None:
        self._bar.setValue(round(fraction * 100))
        self._percent.setText(self._look.say("ui.scan.percent", number=self._bar.value()))
        self._fit()

    def show_preview(self, preview: Preview) -> bool:
        """A page has come: somebody is there."""
        if preview.picture is not None:
            self._show(preview.picture)
        return True

    def carry_on(self, before: "WorkView") -> None:
        """Drawn anew in the midst of it: the page that has come is there at once."""
        if self._making == before._making:
            self._page.show_image(before._page.image)
            self._fit()

    def add(self, page: Page) -> None:
        """The page is clean."""
        self._show(page.clean_preview)

    def _show(self, picture: Path) -> None:
        self._page.show_file(picture)
        self._fit()

    def _fit(self) -> None:
        self._page.setVisible(self._page.shown > 0)
        self._sign.setVisible(self._page.shown == 0)
        tells = self._making or self._bar.value() > 0  # an empty bar beside a page says nothing
        self._far.setVisible(tells or self._page.shown == 0)


def _stop(look: Look, stop: Callable[[], None]) -> ActionButton:
    return ActionButton(look, look.say("ui.scan.stop"), stop, icon="stop")


def _told(look: Look, *keys: str) -> QWidget:
    """What the phone will ask because the kiosk made its own certificate, and what to answer."""
    told = QWidget()
    told.setLayout(column(*(label(look.say(f"ui.scan.phone.{key}")) for key in keys), gap=look.theme.mm(2)))
    return told


class LiveView(QWidget):
    """What a camera or a phone is about; kept while they work, so that nothing flickers."""

    def __init__(self, look: Look, kind: DeviceKind, stop: Callable[[], None], wide: bool) -> None:
        super().__init__()
        self._wide = wide
        self._look, self._kind = look, kind
        self._hint = ""
        self._pages: list[Page] = []
        self._since = QElapsedTimer()
        self._address = ""
        self._said = label("", "title")
        self._https = _told(look, "warns", "android", "iphone", "only")
        self._https.hide()
        self._hidden = label("", "muted")
        words = look.say(f"ui.scan.live.{kind}")
        self.live = LivePicture(look, words, look.theme.mm(60))
        self._came = row(gap=look.theme.gap)
        self.setLayout(self._of_phone(stop) if kind is DeviceKind.PHONE else self._of_camera(stop))
        self._say("phone_open" if kind is DeviceKind.PHONE else "open")

    def progress(self, fraction: float) -> None:
        """The hint tells how far it is."""

    def carry_on(self, before: "LiveView") -> None:
        """Drawn anew in the midst of it: what has come is there at once."""
        self.live.show_image(before.live.image)
        self._say_address(before._address)
        for page in before._pages:
            self.add(page)
        self._say(before._hint)

    def show_preview(self, preview: Preview) -> bool:
        """Whether anything but the picture is new: then somebody is there."""
        if preview.picture is not None and (not preview.address or preview.address != self._address):
            self.live.show_file(preview.picture)
            self._say_address(preview.address)
        if not preview.hint or preview.hint == self._hint:
            return False
        if self._since.isValid() and self._since.elapsed() < _HINT_MS and preview.hint != "taken":
            return False
        self._say(preview.hint)
        return True

    def add(self, page: Page) -> None:
        """A picture has come."""
        self._pages = [*self._pages, page][-_LAST_PICTURES:]
        while self._came.count() >= _LAST_PICTURES:
            gone = self._came.takeAt(0)
            widget = gone.widget() if gone is not None else None
            if widget is not None:
                widget.deleteLater()
        shown = picture(Path(page.clean_preview), self._look.theme.mm(24), self._look.say("ui.scan.came"))
        if shown is not None:
            self._came.addWidget(shown)

    def _say_address(self, address: str) -> None:
        """Whether others in the network could read along, and what the phone asks where they cannot."""
        self._address = address
        scheme = address.partition(":")[0]
        self._https.setVisible(scheme == "https")
        self._hidden.setText(self._look.say(f"phone.{scheme}") if address else "")

    def _say(self, hint: str) -> None:
        self._hint = hint
        self._since.start()
        self._said.setText(self._look.say(f"scan.hint.{hint}"))

    def _of_camera(self, stop: Callable[[], None]) -> QVBoxLayout:
        """Two lines are kept for the hint: the picture shall not jump with each."""
        look = self._look
        self._said.setMinimumHeight(2 * self._said.fontMetrics().height())
        body = column(self._said, self.live, gap=look.theme.mm(2))
        body.setStretch(1, 1)
        below = row(label(look.say("ui.scan.by_itself")), _stop(look, stop), gap=look.theme.gap)
        below.setStretch(0, 1)
        body.addLayout(below)
        return body

    def _of_phone(self, stop: Callable[[], None]) -> QHBoxLayout | QVBoxLayout:
        look, theme = self._look, self._look.theme
        words = column(self._said, gap=theme.mm(3))
        for key in ("wifi", "then"):
            words.addWidget(label(look.say(f"ui.scan.phone.{key}")))
        words.addWidget(self._https)
        words.addWidget(label(look.say("scan.phone.what"), "muted"))
        words.addWidget(self._hidden)
        words.addLayout(row(_stop(look, stop), self._came, 1, gap=theme.gap))
        words.addStretch(1)
        if not self._wide:
            return column(self.live, words, gap=theme.space)
        self.live.setFixedSize(theme.mm(_CODE_MM), theme.mm(_CODE_MM))
        body = row(gap=theme.space)
        body.addWidget(self.live, 0, Qt.AlignmentFlag.AlignTop)  # whole in view, however long the words are
        body.addLayout(words, 1)
        return body
