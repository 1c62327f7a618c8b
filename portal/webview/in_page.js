// Runs in every frame in the page's own world, before its scripts: what the page calls by itself, as there is but
// one window. A page may take the old functions from elsewhere; then it only loses what they are good for here.
(() => {
  // A picker may be opened without a click on its field; an old one opens a window that the kiosk shuts.
  HTMLInputElement.prototype.showPicker = function showPicker() { this.click(); };
  HTMLSelectElement.prototype.showPicker = HTMLInputElement.prototype.showPicker;

  // Collecting without end is no worse than a loop without end, but a page needs no help with it.
  globalThis.%COLLECT% = undefined;

  // Papers are shown in a new window and given up at once, while they are still on their way to the viewer.
  const revoke = URL.revokeObjectURL;
  URL.revokeObjectURL = function revokeObjectURL(url) { setTimeout(() => revoke.call(URL, url), 10000); };

  // A form sent to a new window would arrive without what was typed. So it is sent in the window there is.
  function frameIn(place, name) {
    try {
      if (place.name === name || place.document.querySelector(`iframe[name="${CSS.escape(name)}"]`)) return true;
    } catch { // of another site: only what its frames are called can be asked
      try { if (place[name]) return true; } catch { /* not one of them */ }
    }
    for (let number = 0; number < place.length; number++) if (frameIn(place[number], name)) return true;
    return false;
  }

  function stay(form, submitter) {
    const holder = submitter?.hasAttribute("formtarget") ? submitter : form;
    const attribute = holder === form ? "target" : "formtarget";
    const name = holder.getAttribute(attribute) || document.querySelector("base[target]")?.target || "";
    if (!name || /^_(self|parent|top)$/i.test(name) || frameIn(top, name)) return;
    holder.setAttribute(attribute, "_self");
  }

  const send = HTMLFormElement.prototype.submit;
  HTMLFormElement.prototype.submit = function submit() { stay(this); send.call(this); };
  for (const early of [true, false]) addEventListener("submit", (event) => stay(event.target, event.submitter), early);
})();
