// What axe does not look at: things lost at the edges, thumbs, and where the focus is.
// Each function answers with a list of sentences; an empty list is a sound page.
window.eyes = (() => {
  const ACTIONS = [
    ".button", "summary", "select", "textarea", "input:not([type=checkbox], [type=radio], [type=hidden])",
    ".site-header a", ".site-header button", ".pagination a", ".tabs a", ".tabs button", ".desk-rail a", ".choice",
  ].join();
  const TABBABLE = "a[href], button, input:not([type=hidden]), select, textarea, summary, audio[controls], video[controls], [tabindex], [contenteditable=true]";
  const LEAST = 44;
  const canvas = Object.assign(document.createElement("canvas"), { width: 1, height: 1 });
  const brush = canvas.getContext("2d", { willReadFrequently: true });

  const name = (e) => e.cloneNode(false).outerHTML.slice(0, 110) + (e.textContent || "").trim().replace(/\s+/g, " ").slice(0, 40);
  const seen = (e) => e.checkVisibility({ visibilityProperty: true, opacityProperty: true });
  /** Kept for ears alone, or parked outside the page until it is needed. */
  const unseen = (e) => {
    for (let at = e; at && at !== document.body; at = at.parentElement) {
      const box = at.getBoundingClientRect();
      if ((box.width <= 1 && box.height <= 1) || box.right <= 0 || box.bottom + scrollY <= 0) return true;
    }
    return false;
  };
  const scrolls = (e) => {
    for (let at = e; at && at !== document.body; at = at.parentElement) {
      if (["auto", "scroll"].includes(getComputedStyle(at).overflowX)) return true;
    }
    return false;
  };

  function sideways() {
    const wide = document.documentElement.scrollWidth - innerWidth;
    if (wide <= 0) return [];
    const last = [...document.body.querySelectorAll("*")].filter((e) =>
      e.getBoundingClientRect().right > innerWidth + .5 && !scrolls(e.parentElement));
    return [`${wide} px too wide: ${last.slice(-2).map(name).join(" and ")}`];
  }

  /** Cut short on purpose, with a mark that says so. */
  const excerpt = (e) => {
    for (let at = e; at; at = at.parentElement) if (getComputedStyle(at).webkitLineClamp !== "none") return true;
    return false;
  };

  /** Words with the boxes of their lines. */
  function words() {
    const found = [], walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    const range = document.createRange();
    while (walker.nextNode()) {
      const at = walker.currentNode, holder = at.parentElement;
      if (!at.data.trim() || holder.closest("option, noscript, script, style, template") || !seen(holder) || unseen(holder)) continue;
      if (excerpt(holder)) continue;
      range.selectNodeContents(at);
      for (const box of range.getClientRects()) if (box.width > 1 && box.height > 1) found.push({ holder, box });
    }
    return found;
  }

  /** Words that a box cuts off, without a way to scroll to them. */
  function cut() {
    const told = new Set();
    for (const { holder, box } of words()) {
      for (let at = holder; at && at !== document.body; at = at.parentElement) {
        const style = getComputedStyle(at), edge = at.getBoundingClientRect();
        if (["auto", "scroll"].includes(style.overflowX)) break;
        const x = /hidden|clip/.test(style.overflowX) && (box.right > edge.right + 2 || box.left < edge.left - 2);
        const y = /hidden|clip/.test(style.overflowY) && (box.bottom > edge.bottom + 6 || box.top < edge.top - 6);
        if (x || y) told.add(`cut off: ${name(holder)}`);
        if (style.position === "fixed") break;
      }
    }
    return [...told].slice(0, 4);
  }

  const floats = (e) => {
    for (let at = e; at; at = at.parentElement) if (["fixed", "sticky"].includes(getComputedStyle(at).position)) return true;
    return false;
  };
  /** Words printed over other words. */
  function heaped() {
    // The box of a letter has room above and below the ink; in large type close-set it is free.
    const ink = ({ top, bottom, left, right, height }) => ({ top: top + height * .2, bottom: bottom - height * .2, left, right });
    const told = new Set();
    const all = words().filter(({ holder }) => !floats(holder) && !scrolls(holder)).map(({ holder, box }) => ({ holder, box: ink(box) }));
    all.sort((a, b) => a.box.top - b.box.top);
    all.forEach((one, i) => {
      for (let k = i + 1; k < all.length && all[k].box.top < one.box.bottom; k++) {
        const other = all[k];
        if (one.holder === other.holder || one.holder.contains(other.holder) || other.holder.contains(one.holder)) continue;
        if (Math.min(one.box.right, other.box.right) - Math.max(one.box.left, other.box.left) > 3) {
          told.add(`one over the other: ${name(one.holder)} and ${name(other.holder)}`);
        }
      }
    });
    return [...told].slice(0, 4);
  }

  /** Main actions that a thumb misses. */
  function small() {
    return [...document.querySelectorAll(ACTIONS)].filter((e) => seen(e) && !unseen(e)).flatMap((e) => {
      const { width, height } = e.getBoundingClientRect();
      return width >= LEAST - .5 && height >= LEAST - .5 ? [] : [`${width.toFixed(1)} x ${height.toFixed(1)} px: ${name(e)}`];
    }).slice(0, 6);
  }

  /** [red, green, blue, alpha] of any CSS colour. */
  function rgba(colour) {
    brush.clearRect(0, 0, 1, 1);
    brush.fillStyle = colour;
    brush.fillRect(0, 0, 1, 1);
    return [...brush.getImageData(0, 0, 1, 1).data];
  }
  const light = (colour) => rgba(colour).slice(0, 3)
    .map((v) => (v / 255 <= .04045 ? v / 255 / 12.92 : ((v / 255 + .055) / 1.055) ** 2.4))
    .reduce((sum, v, i) => sum + v * [.2126, .7152, .0722][i], 0);
  const contrast = (a, b) => {
    const [dark, bright] = [light(a), light(b)].sort((x, y) => x - y);
    return (bright + .05) / (dark + .05);
  };
  function behind(e) {
    for (let at = e; at; at = at.parentElement) {
      const colour = getComputedStyle(at).backgroundColor;
      if (rgba(colour)[3] === 255) return colour;
    }
    return "Canvas";
  }

  /** How well the focus of an element shows against what lies around it, as a contrast. */
  function ring(e) {
    const style = getComputedStyle(e), around = behind(e.parentElement || e), colours = [];
    if (style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2) colours.push(style.outlineColor);
    if (style.boxShadow !== "none") colours.push(...style.boxShadow.match(/[a-z-]+\([^)]*\)/g));
    return Math.max(1, ...colours.map((colour) => contrast(colour, around)));
  }

  /** What is wrong with where the focus is now. */
  function focus(e = document.activeElement) {
    if (!e || e === document.body) return ["nothing has the focus"];
    const told = [], label = e.labels?.[0];
    const shown = unseen(e) && label ? label : e;
    const box = shown.getBoundingClientRect();
    const left = Math.max(box.left, 0), right = Math.min(box.right, innerWidth);
    const top = Math.max(box.top, 0), bottom = Math.min(box.bottom, innerHeight);
    if (right - left < 1 || bottom - top < 1) return [`focus out of view: ${name(e)}`];
    const spots = [[.5, .5], [.1, .2], [.9, .2], [.1, .8], [.9, .8]].map(([x, y]) =>
      document.elementFromPoint(left + (right - left) * x, top + (bottom - top) * y));
    if (!spots.some((at) => at && (shown.contains(at) || at.contains(shown)))) {
      told.push(`focus covered: ${name(e)} by ${spots[0] && name(spots[0])}`);
    }
    const strength = Math.max(ring(e), shown === e ? 1 : ring(shown));
    if (strength < 3) told.push(`focus hardly shows (${strength.toFixed(1)}:1): ${name(e)}`);
    return told;
  }

  /** Every place of the page that Tab reaches, one after the other. */
  function stops() {
    const told = [];
    for (const e of document.querySelectorAll("[tabindex]")) if (e.tabIndex > 0) told.push(`jumps the queue: ${name(e)}`);
    for (const e of document.querySelectorAll(TABBABLE)) {
      if (e.tabIndex < 0 || e.disabled || !seen(e) || e.closest("[inert]")) continue;
      e.focus();
      if (document.activeElement === e) told.push(...focus(e));
    }
    document.activeElement?.blur();
    scrollTo(0, 0);
    return told.slice(0, 6);
  }

  /** Where the focus is in the whole page; `still` is what does not scroll with it. */
  function place() {
    const e = document.activeElement;
    let shown = e;  // of what scrolls in a box of its own, the box
    for (let at = e.parentElement; at && at !== document.body; at = at.parentElement) {
      if (at.scrollHeight > at.clientHeight + 1 && /auto|scroll/.test(getComputedStyle(at).overflowY)) shown = at;
    }
    const box = shown.getBoundingClientRect();
    return {
      top: box.top + scrollY, bottom: box.bottom + scrollY, left: box.left + scrollX, right: box.right + scrollX,
      name: name(e), still: e.matches(".skip-link") || floats(e) || unseen(e),
    };
  }

  return { sideways, cut, heaped, small, stops, focus, place };
})();
