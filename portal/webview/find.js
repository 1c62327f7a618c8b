// Looks at one frame and its open shadow roots, in a world the page cannot see. Changes nothing in the page.
// Answers are plain JSON; coordinates are CSS pixels of this frame.
const kioskLook = (() => {
  const CLICKABLE = 'a[href],button,input,select,textarea,label,summary,option,[onclick],[role=button],' +
    '[role=link],[role=tab],[role=menuitem],[role=option],[role=checkbox],[role=radio],[role=switch],[tabindex="0"]';
  const FIELD = 'input:not([type=hidden]):not([type=submit]):not([type=button]):not([type=reset]):not([type=image]),' +
    'textarea,select,[contenteditable=""],[contenteditable=true],[role=combobox],[role=textbox],[role=listbox],' +
    '[role=checkbox],[role=radio],[role=switch]';
  const LONG = 4000;
  const fold = (text) => (text || '').normalize('NFC').toLowerCase().replace(/\s+/g, ' ').trim();
  const bare = (text) => fold(text).replace(/[\s*:()]+$/, '').replace(/^[\s*]+/, '');
  const up = (node) => node.parentElement || (node.getRootNode() instanceof ShadowRoot ? node.getRootNode().host : null);

  function* everything(root) {
    for (const element of root.querySelectorAll('*')) {
      yield element;
      if (element.shadowRoot) yield* everything(element.shadowRoot);
    }
  }

  function visible(element) {
    const box = element.getBoundingClientRect();
    return box.width > 2 && box.height > 2 && element.checkVisibility({ visibilityProperty: true });
  }

  function ownText(element) {
    if (element.tagName === 'INPUT' && ['submit', 'button', 'reset'].includes(element.type)) return element.value;
    return element.innerText || element.getAttribute('aria-label') || element.alt || element.title || '';
  }

  function clickableOf(element) {
    for (let node = element, steps = 0; node && steps < 8; node = up(node), steps++) {
      if (node.matches(CLICKABLE)) return node;
      if (node === element && getComputedStyle(node).cursor === 'pointer') return node;
    }
    return null;
  }

  function grade(text, wanted) {
    const seen = fold(text);
    if (!seen || !wanted) return null;
    if (seen === wanted || bare(text) === wanted) return 0;
    return seen.includes(wanted) ? 100 : null;
  }

  function byText(wanted) {
    const hits = [];
    for (const element of everything(document)) {
      if (['SCRIPT', 'STYLE', 'NOSCRIPT', 'OPTION', 'HEAD', 'TITLE', 'HTML', 'BODY'].includes(element.tagName)) continue;
      const length = (element.textContent || '').length;
      if (length > LONG) continue;
      const quick = fold(element.textContent).includes(wanted);
      if (!quick && !['INPUT', 'IMG', 'AREA', 'A', 'BUTTON', 'svg'].includes(element.tagName) &&
        !element.hasAttribute('aria-label')) continue;
      const names = [ownText(element), element.getAttribute('aria-label')];
      const grades = names.map((name) => grade(name, wanted)).filter((value) => value !== null);
      if (grades.length && visible(element)) hits.push({ element, score: Math.min(...grades) });
    }
    const inner = hits.filter((hit) => !hits.some((other) => other !== hit && other.score <= hit.score &&
      other.element !== hit.element && hit.element.contains(other.element)));
    const found = new Map();
    for (const hit of inner) {
      const clickable = clickableOf(hit.element);
      const target = clickable && visible(clickable) ? clickable : hit.element;
      const score = hit.score + (clickable ? 0 : 50);
      if (!found.has(target) || found.get(target) > score) found.set(target, score);
    }
    return [...found].map(([element, score]) => ({ element, score }));
  }

  const plain = (node) => node.nodeType === 3 ? node.textContent :
    (node.nodeType === 1 && !['SCRIPT', 'STYLE', 'OPTION', 'SELECT'].includes(node.tagName) &&
      !node.querySelector(FIELD) && !node.matches(FIELD) ? node.innerText : '');

  function textBefore(field) {
    for (let node = field, steps = 0; node && steps < 5; node = up(node), steps++) {
      for (let near = node.previousSibling; near; near = near.previousSibling) {
        if (near.nodeType === 1 && (near.matches(FIELD) || near.querySelector(FIELD))) return '';
        const text = plain(near);
        if (fold(text)) return text.length <= 200 ? text : '';
      }
    }
    return '';
  }

  function textAfter(field) {
    for (let node = field, steps = 0; node && steps < 2; node = up(node), steps++) {
      for (let near = node.nextSibling; near; near = near.nextSibling) {
        const text = plain(near);
        if (fold(text)) return text.length <= 200 ? text : '';
        if (near.nodeType === 1 && near.querySelector(FIELD)) return '';
      }
    }
    return '';
  }

  function columnHead(field) {
    const cell = field.closest('td');
    const table = cell && cell.closest('table');
    const head = table && table.rows[0] && table.rows[0].cells[cell.cellIndex];
    return head && head !== cell ? head.innerText : '';
  }

  const isTick = (field) => ['checkbox', 'radio'].includes(field.type) ||
    ['checkbox', 'radio', 'switch'].includes(field.getAttribute('role'));

  function namesOf(field) {
    const root = field.getRootNode();
    const by = (field.getAttribute('aria-labelledby') || '').split(/\s+/).filter(Boolean)
      .map((id) => root.getElementById && root.getElementById(id)).filter(Boolean).map((node) => node.innerText);
    const labels = [...(field.labels || [])].map(labelText);
    const near = isTick(field) ? [textAfter(field), textBefore(field)] : [textBefore(field), columnHead(field)];
    return [
      ...labels.map((text) => [text, 0]), [by.join(' '), 0], [field.getAttribute('aria-label'), 0],
      [field.getAttribute('placeholder'), 2], [field.getAttribute('title'), 3],
      [near[0], 4], [near[1], 5], [field.getAttribute('name'), 8],
    ];
  }

  function labelText(label) {
    const copy = label.cloneNode(true);  // a wrapping label's own words, without those of a select inside
    for (const part of copy.querySelectorAll('select,option,textarea,script,style')) part.remove();
    return copy.textContent;
  }

  function byLabel(wanted, only) {
    const found = [];
    for (const field of everything(document)) {
      if (!field.matches(FIELD) || (only && !field.matches(only))) continue;
      let best = null;
      for (const [text, cost] of namesOf(field)) {
        const value = grade(text, wanted);
        if (value !== null && (best === null || value + cost < best)) best = value + cost;
      }
      if (best === null) continue;
      const face = visible(field) ? field : [...(field.labels || [])].find(visible);
      if (face) found.push({ element: field, face, score: best });
    }
    return found;
  }

  function byFile(wanted) {
    const direct = byLabel(wanted, 'input[type=file]');
    if (direct.length) return direct;
    const found = [];
    for (const { element, score } of byText(wanted)) {
      if (element.matches('button,a[href],label,[role=button]')) { found.push({ element, score }); continue; }
      for (let node = element, steps = 0; node && steps < 5; node = up(node), steps++) {
        const near = [...node.querySelectorAll('input[type=file],button,label,[role=button],a[href]')].find(
          (one) => visible(one) && element.compareDocumentPosition(one) & 4);
        if (near) { found.push({ element: near, score: score + 10 }); break; }
      }
    }
    return found;
  }

  function stepsTo(group, element) {
    for (let node = element, steps = 0; node && steps < 7; node = up(node), steps++) {
      const text = node.getAttribute('aria-label') || node.innerText || '';
      if (text.length < LONG && fold(text).includes(group)) return steps;
      if (fold(textBefore(node)).includes(group)) return steps;
    }
    return Infinity;
  }

  function byRadio(wanted, group) {
    const found = byLabel(wanted, 'input[type=radio],[role=radio]');
    if (!group) return found;
    for (const one of found) one.steps = stepsTo(group, one.element);
    const nearest = Math.min(...found.map((one) => one.steps));  // further up, every group is inside
    return found.filter((one) => one.steps === nearest && nearest !== Infinity);
  }

  function search(ask) {
    const wanted = ask.kind === 'css' ? ask.value : bare(ask.value) || fold(ask.value);
    if (ask.kind === 'css') {
      const list = [];
      for (const root of [document, ...[...everything(document)].map((e) => e.shadowRoot).filter(Boolean)]) {
        for (const element of root.querySelectorAll(wanted)) if (visible(element)) list.push({ element, score: 0 });
      }
      return list;
    }
    if (ask.kind === 'label') return byLabel(wanted, ask.only || '');
    if (ask.kind === 'file') return byFile(wanted);
    if (ask.kind === 'radio') return byRadio(wanted, fold(ask.group));
    return byText(wanted);
  }

  function find(ask) {
    const list = search(ask);
    window.kioskFound = list.map((one) => [one.element, one.face || one.element]);
    return list.map((one, index) => ({ score: one.score, index }));
  }

  function hit(x, y) {
    let element = document.elementFromPoint(x, y);
    while (element && element.shadowRoot) {
      const inner = element.shadowRoot.elementFromPoint(x, y);
      if (!inner || inner === element) break;
      element = inner;
    }
    return element;
  }

  function belongs(element, target, face) {
    for (let node = element; node; node = up(node)) {
      if (node === target || node === face) return true;
      if (node.tagName === 'LABEL' && node.control === target) return true;
    }
    return false;
  }

  function pointOf(element, face) {
    const box = face.getClientRects()[0] || face.getBoundingClientRect();
    for (const [across, down] of [[0.5, 0.5], [0.2, 0.5], [0.8, 0.5], [0.5, 0.2], [0.5, 0.8]]) {
      const x = box.left + box.width * across;
      const y = box.top + box.height * down;
      if (belongs(hit(x, y), element, face)) return { x, y, covered: false };
    }
    return { x: box.left + box.width / 2, y: box.top + box.height / 2, covered: true };
  }

  function measure(ask) {
    const pair = (window.kioskFound || [])[ask.index];
    if (!pair || !pair[0].isConnected) return null;
    const [element, face] = pair;
    if (ask.scroll) face.scrollIntoView({ block: 'center', inline: 'nearest', behavior: 'instant' });
    const box = face.getBoundingClientRect();
    const point = pointOf(element, face);
    const editable = element.isContentEditable;
    return {
      rect: [box.left, box.top, box.width, box.height], x: point.x, y: point.y, covered: point.covered,
      tag: element.tagName.toLowerCase(), type: element.type || '', role: element.getAttribute('role') || '',
      disabled: element.matches(':disabled') || element.getAttribute('aria-disabled') === 'true',
      read_only: !!element.readOnly,
      checked: !!element.checked || element.getAttribute('aria-checked') === 'true',
      has_value: editable ? !!fold(element.innerText) : !!element.value,
      editable,
      options: element.tagName === 'SELECT' ? [...element.options].map((one) => [one.text, !one.disabled &&
        !(one.parentElement.tagName === 'OPTGROUP' && one.parentElement.disabled)]) : [],
      selected: element.tagName === 'SELECT' ? element.selectedIndex : -1,
    };
  }

  function frame(ask) {
    const inside = [...everything(document)].filter((one) => ['IFRAME', 'FRAME', 'OBJECT', 'EMBED'].includes(one.tagName) && one.contentWindow);
    const order = Array.from({ length: window.length }, (_, index) => window[index]);
    const element = (order.length === ask.count && inside.find((one) => one.contentWindow === order[ask.index])) ||
      inside[ask.index];
    if (!element) return null;
    const box = element.getBoundingClientRect();
    const style = getComputedStyle(element);
    return { left: box.left + element.clientLeft + parseFloat(style.paddingLeft || '0'),
      top: box.top + element.clientTop + parseFloat(style.paddingTop || '0') };
  }

  // What moves when the page is moved: what the middle of the opening lies in, then the whole document.
  function movers() {
    const found = [];
    const root = document.scrollingElement;
    for (let node = hit(innerWidth / 2, innerHeight / 2); node; node = up(node)) {
      const rolls = /auto|scroll|overlay/.test(getComputedStyle(node).overflowY) && node.tagName !== 'TEXTAREA';
      if (rolls && node !== root && node !== document.body && node.clientHeight > innerHeight / 2) found.push(node);
    }
    const held = [root, document.body].some((one) => one && getComputedStyle(one).overflowY === 'hidden');
    if (root && !held) found.push(root);
    return found;
  }

  const can = (node, way) => way < 0 ? node.scrollTop > 2 : node.scrollTop + node.clientHeight < node.scrollHeight - 2;
  const moves = () => [-1, 1].map((way) => movers().some((node) => can(node, way)));

  function move(ask) {
    const node = movers().find((one) => can(one, ask.way));
    if (node) node.scrollBy({ top: ask.way * 0.8 * Math.min(node.clientHeight, innerHeight), behavior: 'instant' });
    return moves();
  }

  function text(ask) {
    return { text: words(ask), moves: window === top ? moves() : [] };
  }

  function words(ask) {
    if (!document.body) return '';
    const parts = [document.body.innerText];
    for (const element of everything(document)) {
      if (element.shadowRoot) parts.push([...element.shadowRoot.children].map((one) => one.innerText || '').join('\n'));
      else if (element.matches('input[readonly],input:disabled,output') && visible(element)) parts.push(element.value);
    }
    return parts.join('\n').normalize('NFC').slice(0, ask.limit);
  }

  return { find, measure, frame, text, move };
})();
