"""What each verb of a scenario does, as steps that pause, ask the page, or move the hand.

A verb is a generator. It yields `Pause`, `Ask` (and is sent the answer) or `Act`, and raises
`StepFailedError` with a code when its time is over.
"""

import re
from collections.abc import Callable, Generator
from typing import Any

from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QAbstractButton, QApplication, QComboBox, QWidget

from portal.webview.browser import Browser
from portal.webview.finder import Found, Kind, Query
from ui.rehearsal import eyes, hands
from ui.rehearsal.acts import AFTER_TAP_MS, POLL_MS, Act, Ask, Patience, Pause, StepFailedError, Work
from ui.rehearsal.eyes import Spot
from ui.rehearsal.pictures import Camera
from ui.rehearsal.scenario import Step, fill
from ui.rehearsal.typist import Typist

RETRY_LOOKS = 6
"""A box that did not change in so many looks is tapped again."""
OPENS_LOOKS = 20
"""A list that has not opened after so many is tapped again."""
_TICKABLE = "[type=checkbox],[type=radio],[role=checkbox],[role=radio],[role=switch]"

_IN_PARTS = {"date", "time", "month", "datetime-local"}

Looked = Generator[Pause | Ask | Act, Any, "Spot | Found | None"]


class Verbs:
    """`values` fills the ${names}; what `read` finds goes there and into `found`."""

    def __init__(
        self,
        values: dict[str, str],
        found: dict[str, str],
        browser: Callable[[], Browser | None],
        camera: Camera,
        typist: Typist,
    ) -> None:
        self._values = values
        self._found = found
        self._browser = browser
        self._camera = camera
        self._typist = typist

    def work(self, step: Step) -> Work:
        name = "_wait_seconds" if step.verb == "wait" else f"_{step.verb}"
        work: Work = getattr(self, name)(step)
        return work

    def _text(self, step: Step) -> str:
        return fill(step.target, self._values)

    # -- looking --------------------------------------------------------------------------------------

    def _page(self, step: Step) -> Browser | None:
        """The browser, if the step may look there: a dialog of the kiosk covers and silences the page."""
        browser = self._browser()
        modal = QApplication.activeModalWidget()
        if step.where == "kiosk" or browser is None or not browser.isVisible():
            return None
        return None if modal is not None and modal is not browser.window() else browser

    def _look(self, step: Step, spot: Callable[[], Spot | None], query: Query | None) -> Looked:
        """One look: the same words on the kiosk, then the page, then the kiosk's nearly same words."""
        here = spot() if step.where != "page" else None
        if here is not None and here.fit == 0:
            return here
        page = self._page(step)
        if page is not None and query is not None:
            found = yield Ask(lambda then: page.find(query, then))
            if found is not None:
                return found  # type: ignore[no-any-return]
        return here

    def _wait(self, step: Step, spot: Callable[[], Spot | None], query: Query | None) -> Looked:
        """Look until there is something that a hand can reach, and on a page until it stands still.

        A frame from another process takes taps where it was drawn last, a moment behind what it tells.
        """
        patience = Patience(step.within)
        before: tuple[float, ...] | None = None
        while True:
            seen = yield from self._look(step, spot, query)
            if seen is not None:
                problem = eyes.reachable(seen) if isinstance(seen, Spot) else _problem(seen)
                rect = seen.rect if isinstance(seen, Found) else None
                if not problem and rect in (None, before):
                    return seen
                before = rect
                patience.why = problem or "MOVING"
                if problem == "OUTSIDE" and isinstance(seen, Spot):
                    yield from self._scroll(seen)
            patience.check()
            yield Pause(POLL_MS)

    def _scroll(self, spot: Spot) -> Work:
        area = eyes.scroll_area_of(spot.widget)
        if area is None:
            return
        port = area.viewport()
        down = spot.widget.mapTo(area.window(), spot.point()).y() > port.mapTo(
            area.window(), port.rect().center()
        ).y()
        yield Act(lambda: hands.wheel(port, port.rect().center(), 1 if down else -1), 30)

    def _touch(self, seen: Spot | Found) -> Work:
        if isinstance(seen, Spot):
            yield Act(lambda: hands.tap(seen.widget, seen.point()))
            return
        view = self._view()
        first_part = seen.type in _IN_PARTS  # of a date field, which a tap in its middle would skip
        point = QPoint(int(seen.rect[0]) + 14 if first_part else int(seen.point[0]), int(seen.point[1]))
        yield Act(lambda: hands.tap(view, point))

    def _view(self) -> QWidget:
        browser = self._browser()
        if browser is None:
            raise StepFailedError("NO-PAGE")
        return browser.view()

    def _query(self, kind: Kind, step: Step, value: str, **more: str) -> Query:
        return Query(kind, fill(value, self._values), nth=step.nth - 1, **more)

    # -- verbs ----------------------------------------------------------------------------------------

    def _tap(self, step: Step) -> Work:
        text = self._text(step)
        seen = yield from self._wait(
            step, lambda: eyes.find(text, step.nth - 1), self._query("text", step, text)
        )
        assert seen is not None
        yield from self._touch(seen)

    def _type(self, step: Step) -> Work:
        label = fill(step.into or "", self._values)
        query = self._query("label", step, label)
        seen = yield from self._wait(step, lambda: eyes.find_field(label, step.nth - 1), query)
        assert seen is not None
        yield from self._touch(seen)
        window = hands.window_of(seen.widget if isinstance(seen, Spot) else self._view())
        if window is None:
            raise StepFailedError("NOT-FOUND")
        text, in_parts = self._text(step), isinstance(seen, Found) and seen.type in _IN_PARTS
        if in_parts:
            text = "".join(character for character in text if character.isdigit())
        yield from self._typist.take_up(window)
        if (yield from self._filled(seen, query)):
            yield from self._typist.clear(lambda: self._filled(seen, query))
        yield from self._typist.type(text)
        yield Pause(AFTER_TAP_MS)
        tells = isinstance(seen, Found) and (seen.tag in ("input", "textarea") or seen.editable)
        if text and tells and not (yield from self._filled(seen, query)):
            raise StepFailedError("NOT-TYPED")

    def _filled(self, seen: Spot | Found, query: Query) -> Generator[Pause | Ask | Act, Any, bool]:
        """Whether something stands in the field now; what the page does not tell counts as filled."""
        if isinstance(seen, Spot):
            return bool(eyes.typed_in(seen.widget))
        again = yield Ask(lambda then: self._find(query, then))
        return again is None or bool(again.has_value)

    def _find(self, query: Query, then: Callable[[Found | None], None]) -> None:
        browser = self._browser()
        if browser is None:
            then(None)
        else:
            browser.find(query, then)

    def _choose(self, step: Step) -> Work:
        """A drop-down list of the kiosk, a <select>, radio buttons, or a list the page draws itself."""
        option, label = self._text(step), fill(step.from_ or "", self._values)
        radio = Query("radio", option, group=label, nth=step.nth - 1)
        patience = Patience(step.within)
        while True:
            spot = eyes.find_field(label, step.nth - 1) if step.where != "page" else None
            if spot is not None and isinstance(spot.widget, QComboBox):
                yield from self._choose_in_combo(step, spot, option)
                return
            if self._page(step) is not None:
                found = yield Ask(
                    lambda then: self._find(self._query("label", step, label, only="select"), then)
                )
                if found is not None and not _problem(found):
                    yield from self._choose_in_select(step, found, option)
                    return
                found = yield Ask(lambda then: self._find(radio, then))
                if found is not None and not _problem(found):
                    yield from self._touch(found)
                    return
                found = yield Ask(lambda then: self._find(self._query("label", step, label), then))
                if found is not None and not _problem(found):
                    yield from self._touch(found)
                    yield from self._tap(step.model_copy(update={"where": "page"}))
                    return
            patience.check()
            yield Pause(POLL_MS)

    def _choose_in_combo(self, step: Step, spot: Spot, option: str) -> Work:
        yield from self._touch(spot)
        seen = yield from self._wait(step, lambda: eyes.find(option), None)
        assert seen is not None
        yield from self._touch(seen)

    def _choose_in_select(self, step: Step, found: Found, option: str) -> Work:
        wanted = eyes.fold(option)
        texts = [eyes.fold(text) for text, _ in found.options]
        index = next((number for number, text in enumerate(texts) if text == wanted), -1)
        if index < 0:
            index = next((number for number, text in enumerate(texts) if wanted in text), -1)
        if index < 0:
            raise StepFailedError("NO-OPTION")
        if not found.options[index][1]:
            raise StepFailedError("DISABLED")
        if found.selected == index:
            return
        yield from self._take_option(step, found, index)
        patience = Patience(step.within)
        patience.why = "NOT-CHOSEN"
        query = self._query("label", step, step.from_ or "", only="select")
        while True:
            yield Pause(AFTER_TAP_MS)
            again = yield Ask(lambda then: self._find(query, then))
            if again is None or again.selected == index:  # None: the page put something else in its place
                return
            patience.check()

    def _take_option(self, step: Step, select: Found, index: int) -> Work:
        """In the kiosk's own list, which makes a part of its lines at a time."""
        name, kiosk = f"option-{index}", step.model_copy(update={"where": "kiosk"})

        def shown() -> Spot | None:
            return eyes.find_id(name) or eyes.find_id("more-options")

        yield from self._touch(select)
        for _ in range(OPENS_LOOKS):
            if shown() is not None:
                break
            yield Pause(POLL_MS)
        else:  # a page that is still being drawn takes no tap
            yield from self._touch(select)
        while True:
            seen = yield from self._wait(kiosk, shown, None)
            assert isinstance(seen, Spot)
            last = seen.widget.objectName() == name
            yield from self._touch(seen)  # after which the card may be gone
            if last:
                break
            yield Pause(AFTER_TAP_MS)
        yield Pause(AFTER_TAP_MS)
        confirm = eyes.find_id("confirm")
        if confirm is not None:
            yield from self._touch(confirm)

    def _tick(self, step: Step) -> Work:
        yield from self._set(step, wanted=True)

    def _untick(self, step: Step) -> Work:
        yield from self._set(step, wanted=False)

    def _set(self, step: Step, *, wanted: bool) -> Work:
        text = self._text(step)
        query = self._query("label", step, text, only=_TICKABLE)
        patience = Patience(step.within)
        looks = 0
        while True:
            seen = yield from self._wait(step, lambda: _box(text, step.nth - 1), query)
            assert seen is not None
            if _checked(seen) == wanted:
                return
            if looks and patience.over():
                raise StepFailedError("NOT-TICKED")
            if looks % RETRY_LOOKS == 0:  # a list that closes, or a keyboard that goes, may eat a tap
                yield from self._touch(seen)
            looks += 1
            yield Pause(POLL_MS)

    def _upload(self, step: Step) -> Work:
        """Tap the page's file control, then the paper in the kiosk's own chooser."""
        query = self._query("file", step, step.into or "")
        seen = yield from self._wait(step.model_copy(update={"where": "page"}), lambda: None, query)
        assert seen is not None
        yield from self._touch(seen)
        paper = self._text(step)
        kiosk = step.model_copy(update={"where": "kiosk"})
        picture = yield from self._wait(kiosk, lambda: eyes.find_id(paper) or eyes.find(paper), None)
        assert isinstance(picture, Spot)
        yield from self._touch(picture)
        yield Pause(POLL_MS * 2)
        confirm = eyes.find_id("confirm")  # of a chooser that stays open for more papers
        if confirm is not None:
            yield from self._touch(confirm)
        yield Pause(POLL_MS * 2)
        patience = Patience(step.within)
        patience.why = "NOT-UPLOADED"
        while True:  # a picture is made only now, which takes a while
            again = yield Ask(lambda then: self._find(query, then))
            if again is None or again.type != "file" or again.has_value:
                return
            patience.check()
            yield Pause(POLL_MS)

    def _press(self, step: Step) -> Work:
        code = hands.key_of(self._text(step))
        window = hands.front_window()
        if code is None or window is None:
            raise StepFailedError("NO-KEY")
        yield Act(lambda: hands.key(window, *code))

    def _expect(self, step: Step) -> Work:
        wanted = eyes.fold(self._text(step))
        patience = Patience(step.within)
        patience.why = "STILL-THERE" if step.absent else "NOT-FOUND"
        while True:
            text = yield from self._words(step)
            if (wanted in eyes.fold(text)) != step.absent:
                return
            patience.check()
            yield Pause(POLL_MS)

    def _words(self, step: Step) -> Generator[Pause | Ask | Act, Any, str]:
        kiosk = "" if step.where == "page" else eyes.texts()
        page = self._page(step)
        seen = (yield Ask(page.read_text)) if page is not None else ""
        return f"{kiosk}\n{seen}"

    def _wait_seconds(self, step: Step) -> Work:
        yield Pause(int((step.wait or 0) * 1000))

    def _picture(self, step: Step) -> Work:
        yield Pause(POLL_MS)
        self._camera.take(self._text(step))

    def _read(self, step: Step) -> Work:
        pattern = re.compile(step.read or "", re.MULTILINE)
        patience = Patience(step.within)
        while True:
            text = yield from self._words(step)
            found = pattern.search(text)
            if found is not None:
                value = found[1] if pattern.groups else found[0]
                self._values[step.as_ or ""] = self._found[step.as_ or ""] = value
                return
            patience.check()
            yield Pause(POLL_MS)


def _problem(found: Found) -> str:
    if found.disabled:
        return "DISABLED"
    if not found.inside:
        return "OUTSIDE"
    return "COVERED" if found.covered else ""


def _box(text: str, nth: int) -> Spot | None:
    spot = eyes.find(text, nth)
    return spot if spot and isinstance(spot.widget, QAbstractButton) and spot.widget.isCheckable() else None


def _checked(seen: Spot | Found) -> bool:
    if isinstance(seen, Found):
        return seen.checked
    return isinstance(seen.widget, QAbstractButton) and seen.widget.isChecked()
