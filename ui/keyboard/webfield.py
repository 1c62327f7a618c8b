"""Asks a web page which of its fields has the focus, through frames and open shadow roots, and reveals it.

The page is known by a protocol only: `QWebEngineFrame` fits it. The script runs in a world of its own.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Protocol

WORLD = 1
"""QWebEngineScript.ApplicationWorld: the page cannot see what runs there."""

SCRIPT = """
(() => {
  let field = document.activeElement;
  while (field && field.shadowRoot && field.shadowRoot.activeElement) field = field.shadowRoot.activeElement;
  if (!field || !document.hasFocus()) return "";
  if (!/^(INPUT|TEXTAREA)$/.test(field.tagName) && !field.isContentEditable) return "";
  const box = field.getBoundingClientRect();
  const words = [field.name, field.id, field.placeholder, field.getAttribute("aria-label"), field.title];
  for (const label of field.labels || []) words.push(label.innerText.slice(0, 200));
  return JSON.stringify({
    type: field.type || "", inputmode: field.inputMode || "", autocomplete: field.autocomplete || "",
    about: words.filter(Boolean).join(" "),
    key: [field.tagName, field.name, field.id, box.left + scrollX, box.top + scrollY].join("|"),
  });
})()
"""

REVEAL = """
(() => {
  let field = document.activeElement;
  while (field && field.shadowRoot && field.shadowRoot.activeElement) field = field.shadowRoot.activeElement;
  if (!field || !document.hasFocus() || /^(BODY|HTML|I?FRAME)$/.test(field.tagName)) return;
  const label = (field.labels || [])[0], box = field.getBoundingClientRect();
  const above = label ? box.top - label.getBoundingClientRect().top : 0;
  const {scrollMarginTop, scrollMarginBottom} = field.style;
  field.style.scrollMarginTop = (above > 0 && above < 160 ? above : 0) + 16 + "px";
  field.style.scrollMarginBottom = "16px";
  field.scrollIntoView({block: "nearest", behavior: "instant"});
  Object.assign(field.style, {scrollMarginTop, scrollMarginBottom});
})()
"""

Told = Mapping[str, str]


class PageFrame(Protocol):
    """A frame of the shown page."""

    def children(self) -> Sequence[Any]: ...
    def runJavaScript(self, script: str, world: int, then: Callable[[Any], None], /) -> None: ...


def unmoved(key: str) -> str:
    """A field's `key` without its height on the page, which changes where a part of the page scrolls."""
    return key.rpartition("|")[0]


def ask_page(frame: PageFrame, then: Callable[[Told], None]) -> None:
    """Ask the frame and all below; `then` gets the attributes of the field that has the focus."""

    def answered(value: Any) -> None:
        if isinstance(value, str) and value:
            then({str(name): str(words) for name, words in json.loads(value).items()})

    frame.runJavaScript(SCRIPT, WORLD, answered)
    for child in frame.children():
        ask_page(child, then)


def reveal_in_page(frame: PageFrame) -> None:
    """Scroll the focused field, its label and some air into what is left of the view.

    Chromium itself waits for the next key.
    """
    frame.runJavaScript(REVEAL, WORLD, _nothing)
    for child in frame.children():
        reveal_in_page(child)


def _nothing(_value: Any) -> None:
    pass
