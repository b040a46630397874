// Toolbars after the ARIA pattern: one stop for Tab, arrows inside, Escape back to the text.
import { el, icon } from "./dom.js";
import { MOD } from "./platform.js";
import { CONTEXTS, TOOLS } from "./tools.js";

const spoken = (keys) => keys.replace("Mod", MOD === "Ctrl" ? "Control" : "Meta");
const shown = (keys) => keys.replace("Mod", MOD);

function button(tool, editor) {
  const { label, keys } = tool;
  const node = el("button", {
    type: "button", class: "editor-tool", tabindex: "-1", "data-size": tool.size, "aria-label": label,
    "aria-keyshortcuts": keys && spoken(keys), title: keys ? `${label} (${shown(keys)})` : label,
    "aria-pressed": tool.active ? "false" : null,
    "aria-haspopup": tool.open && tool.icon ? "dialog" : null,
  });
  if (tool.icon) node.append(icon(editor.options.icons, tool.icon));
  if (tool.word) node.append(el("span", { class: "editor-word" }, tool.word));
  if (tool.text) node.append(tool.text);
  node.addEventListener("mousedown", (event) => event.preventDefault());
  node.addEventListener("click", () => run(tool, node, editor));
  return node;
}

function run(tool, node, editor) {
  if (node.getAttribute("aria-disabled") === "true") return;
  const { view } = editor;
  if (tool.open) {
    tool.open(editor);
    return;
  }
  tool.command(view.state, view.dispatch, view);
  view.focus();
}

/** One toolbar of groups of tools: `{ dom, focus(), update(state) }`. */
export function toolbar(editor, label, groups) {
  const entries = groups.flat().map((tool) => ({ tool, node: button(tool, editor) }));
  const nodes = entries.map(({ node }) => node);
  let start = 0;
  const parts = groups.map((group) => el("span", { class: "editor-group" }, ...nodes.slice(start, (start += group.length))));
  const dom = el("div", { role: "toolbar", class: "editor-toolbar", "aria-label": label, "aria-controls": editor.sheetId }, ...parts);
  let current = nodes[0];
  current.tabIndex = 0;

  function rove(node) {
    current.tabIndex = -1;
    current = node;
    current.tabIndex = 0;
    current.focus();
  }

  dom.addEventListener("focusin", ({ target }) => {
    if (nodes.includes(target) && target !== current) rove(target);
  });
  dom.addEventListener("keydown", (event) => {
    const index = nodes.indexOf(current);
    const goal = {
      ArrowRight: (index + 1) % nodes.length,
      ArrowLeft: (index + nodes.length - 1) % nodes.length,
      Home: 0,
      End: nodes.length - 1,
    }[event.key];
    if (goal !== undefined) rove(nodes[goal]);
    else if (event.key === "Escape") editor.view.focus();
    else return;
    event.preventDefault();
  });

  return {
    dom,
    focus: () => current.focus(),
    update(state) {
      for (const { tool, node } of entries) {
        if (tool.active) set(node, "aria-pressed", String(tool.active(state)));
        if (tool.command) set(node, "aria-disabled", tool.command(state) ? null : "true");
      }
    },
  };
}

function set(node, name, value) {
  if (node.getAttribute(name) === value) return;
  if (value === null) node.removeAttribute(name);
  else node.setAttribute(name, value);
}

/** The sticky block of the main toolbar and the one that fits the cursor's place. */
export function tools(editor) {
  const main = toolbar(editor, "Định dạng bài viết", TOOLS);
  const contexts = CONTEXTS.map((context) => ({ ...context, bar: toolbar(editor, context.label, [context.tools]) }));
  for (const { bar } of contexts) {
    bar.dom.classList.add("editor-context");
    bar.dom.hidden = true;
  }
  const extra = el("div", { class: "editor-contexts" }, ...contexts.map(({ bar }) => bar.dom));
  const dom = el("div", { class: "editor-tools" }, main.dom, extra);
  return {
    dom,
    focus: () => main.focus(),
    update(state) {
      main.update(state);
      for (const { bar, shows } of contexts) {
        const show = shows(state);
        if (bar.dom.hidden === show) bar.dom.hidden = !show;
        if (show) bar.update(state);
      }
    },
  };
}
