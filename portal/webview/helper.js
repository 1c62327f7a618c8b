// Runs in every frame, in a world of its own: a page neither sees it nor can change what it calls.
// Two wishes go to the kiosk by a prompt that carries a secret: a value for a field whose own picker is too small
// for a finger (or, for colours, a foreign window), and a link that would open another program.
(() => {
  const SECRET = "%SECRET%";
  const PICKED = /^(date|time|month|week|datetime-local|color)$/;
  const KEYS = new Set([" ", "Enter", "F4"]);
  const OURS = /^(https?|about|blob|data|javascript|file|ftp):$/;
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
    field.dispatchEvent(new Event("input", { bubbles: true, composed: true }));
    field.dispatchEvent(new Event("change", { bubbles: true }));
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
  let finger = false;
  const field = (event) => among(event, (node) => node.matches("input,textarea") || node.isContentEditable);
  addEventListener("pointerdown", (event) => { finger = event.pointerType === "touch"; }, true);
  addEventListener("selectstart", (event) => finger && !field(event) && event.preventDefault(), true);

  addEventListener("click", (event) => pick(event) || leave(event), true);
  addEventListener("keydown", (event) => KEYS.has(event.key) && pick(event), true);
})();
