// Runs in every frame, in a world of its own: a page neither sees it nor can change what it calls.
// Three wishes go to the kiosk by a prompt that carries a secret: a value for a field whose own picker is too small
// for a finger (or, for colours, a foreign window), an option of a list, a link that would open another program.
(() => {
  const SECRET = "%SECRET%";
  const PICKED = /^(date|time|month|week|datetime-local|color)$/;
  const KEYS = new Set([" ", "Enter", "F4"]);
  const OURS = /^(https?|about|blob|data|javascript|file|ftp):$/;
  const OPENS = (event) => KEYS.has(event.key) || (event.altKey && /^Arrow(Up|Down)$/.test(event.key));
  const setValue = Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, "value").set;
  const ask = (wish) => prompt(SECRET, JSON.stringify(wish));
  const among = (event, fits) => event.composedPath().find((node) => node instanceof Element && fits(node));
  const meant = (event) => event.isTrusted || navigator.userActivation.isActive;

  function pick(event) {
    const field = among(event, (node) => node instanceof HTMLInputElement && PICKED.test(node.type));
    if (!field || field.disabled) return false;
    event.preventDefault();
    if (field.readOnly || !meant(event)) return true;
    const { type, value, min, max } = field;
    const chosen = ask({ kind: "pick", type, value, min, max });
    if (chosen === null || chosen === value) return true;
    setValue.call(field, chosen);
    tell(field);
    return true;
  }

  function tell(field) {
    field.dispatchEvent(new Event("input", { bubbles: true, composed: true }));
    field.dispatchEvent(new Event("change", { bubbles: true }));
  }

  // A list of options. Chromium opens its own on the press, we ask on the click that follows.
  const listOf = (event) => among(event, (node) => node instanceof HTMLSelectElement && !node.matches(":disabled"));

  function press(event) {
    const list = listOf(event);
    if (!list || event.button) return;
    event.preventDefault();
    list.focus({ preventScroll: true });
  }

  function offersOf(list) {
    const offers = [];
    for (const [number, option] of [...list.options].entries()) {
      if (option.matches(":disabled") || getComputedStyle(option).display === "none") continue;
      const group = option.closest("optgroup")?.label ?? "";
      offers.push([number, option.label.trim().slice(0, 300), group.trim().slice(0, 300), option.selected]);
    }
    return offers;
  }

  function choose(event) {
    const list = listOf(event);
    if (!list) return false;
    event.preventDefault();
    if (!meant(event)) return true;
    const options = offersOf(list);
    const answer = ask({ kind: "list", multiple: list.multiple, options });
    if (answer === null) return true;
    const chosen = new Set(JSON.parse(answer));
    if (options.every(([number, , , was]) => was === chosen.has(number))) return true;
    if (list.multiple) for (const [number] of options) list.options[number].selected = chosen.has(number);
    else for (const number of chosen) list.selectedIndex = number;
    tell(list);
    return true;
  }

  function leave(event) {
    const link = among(event, (node) => node.matches("a[href],area[href]"));
    if (!link || !meant(event)) return;
    const address = link.href.baseVal === undefined ? link.href : link.href.baseVal;
    const scheme = /^[a-z][a-z0-9+.-]*:/i.exec(address.trim());
    if (!scheme || OURS.test(scheme[0].toLowerCase())) return;
    event.preventDefault();
    ask({ kind: "link", value: address.trim().slice(0, 200) });
  }

  // A finger that rests on a word would mark it and drag two handles along. In fields it may: there words are mended.
  // A touch in a page's first moments comes without pointerdown (Chromium knows no listener there yet); a mouse never.
  let finger = true;
  const field = (event) => among(event, (node) => node.matches("input,textarea") || node.isContentEditable);
  addEventListener("pointerdown", (event) => { finger = event.pointerType === "touch"; }, true);
  addEventListener("selectstart", (event) => finger && !field(event) && event.preventDefault(), true);

  // A paper set into the page would be a white area: nothing shows it there. A button hands it to the kiosk's viewer.
  const BUTTON = "all:initial!important;display:block!important;box-sizing:border-box!important;" +
    "width:100%!important;min-height:5.5rem!important;padding:1rem!important;border-radius:6px!important;" +
    "background:#0b5394!important;color:#fff!important;text-align:center!important;cursor:pointer!important;" +
    "font:bold 1.4rem sans-serif!important";
  const offered = new Map(); // place of a paper -> its button
  const sought = new WeakMap(); // frame that nobody sees -> the address last looked into
  const unseen = new Map(); // frame -> how often it was found empty
  const addressOf = (place) => place.src || place.data || "";

  function empty(frame) {
    const inside = frame.contentDocument; // null: of another site, or refused; then something is there
    return inside && inside.URL === "about:blank" && !inside.body?.childElementCount && !frame.srcdoc;
  }

  function isPaper(place, address) {
    const named = /\.pdf([?#]|$)/i.test(address);
    if (!(place instanceof HTMLIFrameElement)) return named || /^application\/pdf\b/i.test(place.type);
    const ours = named || address.startsWith("blob:") || address.startsWith(location.origin + "/");
    if (!ours || document.readyState !== "complete" || !empty(place)) return unseen.delete(place) && false;
    unseen.set(place, (unseen.get(place) || 0) + 1);
    return unseen.get(place) > 2; // till then it may be on its way
  }

  // Papers are printed by frames that nobody sees: such a one is opened at once, if the person has done something.
  async function openUnseen(place, address) {
    if (sought.get(place) === address || !(place instanceof HTMLIFrameElement)) return;
    if (!navigator.userActivation.hasBeenActive) return;
    sought.set(place, address);
    const stop = new AbortController();
    try {
      const answer = await fetch(address, { signal: stop.signal });
      if (/^application\/(x-)?pdf\b/i.test(answer.headers.get("content-type"))) handOut(address);
    } catch { /* no paper that could be had */ }
    stop.abort();
  }

  function handOut(address) {
    const link = document.createElement("a");
    link.href = address;
    link.download = "";
    link.click();
  }

  function offer(place, address) {
    const box = place.getBoundingClientRect();
    if (place.textContent.trim()) return; // it has words of its own
    if (box.width < 100 || box.height < 40) { openUnseen(place, address); return; }
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = "%OPEN%";
    button.style.cssText = BUTTON;
    button.addEventListener("click", (event) => {
      if (event.isTrusted) handOut(addressOf(place));
    });
    offered.set(place, button);
    place.before(button);
    place.style.setProperty("display", "none", "important");
  }

  setInterval(() => {
    for (const [place, button] of offered) {
      if (place.isConnected && isPaper(place, addressOf(place))) continue;
      offered.delete(place);
      button.remove();
      place.style.removeProperty("display");
    }
    for (const place of document.querySelectorAll("iframe,embed,object")) {
      const address = addressOf(place);
      if (address && !offered.has(place) && isPaper(place, address)) offer(place, address);
    }
  }, 700);

  addEventListener("mousedown", press, true);
  addEventListener("click", (event) => pick(event) || choose(event) || leave(event), true);
  addEventListener("keydown", (event) => (KEYS.has(event.key) && pick(event)) || (OPENS(event) && choose(event)), true);
})();
