import "./page.js";
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { EditorState, NodeSelection, TextSelection } from "prosemirror-state";

const { toDoc, toHTML } = await import("../editor/html.js");
const { schema } = await import("../editor/schema.js");
const commands = await import("../editor/commands.js");
const { makeTable } = await import("../editor/dialogs/table.js");

const roundTrip = (html) => toHTML(toDoc(html));

// Shared with the server's tests: what the editor writes, the sanitiser keeps.
const KEPT = JSON.parse(readFileSync(new URL("kept.json", import.meta.url), "utf8"));

for (const [name, html] of Object.entries(KEPT)) {
  test(`keeps ${name}`, () => assert.equal(roundTrip(html), html));
}

const MENDED = [
  ["bare text", "chữ", "<p>chữ</p>"],
  ["first and last heading levels", "<h1>A</h1><h6>B</h6>", "<h2>A</h2>\n<h4>B</h4>"],
  ["b and i", "<p><b>x</b><i>y</i></p>", "<p><strong>x</strong><em>y</em></p>"],
  ["empty paragraphs", "<p></p><p>a</p><p> </p>", "<p>a</p>"],
  ["a picture among words", "<p>a <img src=\"/tu-lieu/x.png\" alt=\"m\"> b</p>", "<p>a</p>\n<figure><img src=\"/tu-lieu/x.png\" alt=\"m\"></figure>\n<p>b</p>"],
  ["a heading in a cell", "<table><tr><td><h2>A</h2></td><td>b</td></tr></table>", "<table><tbody><tr><td><strong>A</strong></td><td>b</td></tr></tbody></table>"],
  ["a table in a cell", "<table><tr><td>a<table><tr><td>x</td><td>y</td></tr></table></td><td>b</td></tr></table>", "<table><tbody><tr><td><p>a</p><p>x · y</p></td><td>b</td></tr></tbody></table>"],
  ["a list right in a list", "<ul><li>a</li><ul><li>b</li></ul></ul>", "<ul><li>a<ul><li>b</li></ul></li></ul>"],
  ["plain youtube", "<iframe src=\"https://www.youtube.com/embed/dQw4w9WgXcQ?start=3\" title=\"T\"></iframe>", "<iframe src=\"https://www.youtube-nocookie.com/embed/dQw4w9WgXcQ\" title=\"T\"></iframe>"],
  ["decomposed letters", "<p>Tiếng Việt</p>".normalize("NFD"), "<p>Tiếng Việt</p>"],
];

for (const [name, html, expected] of MENDED) {
  test(`mends ${name}`, () => {
    assert.equal(roundTrip(html), expected);
    assert.equal(roundTrip(expected), expected, "a second pass changes nothing");
  });
}

const REFUSED = [
  ["<p><a href=\"javascript:alert(1)\">x</a></p>", "<p>x</p>"],
  ["<p><a href=\" java\nscript:alert(1)\">x</a></p>", "<p>x</p>"],
  ["<p><a href=\"//evil.example\">x</a></p>", "<p>x</p>"],
  ["<p><a href=\"data:text/html,x\">x</a></p>", "<p>x</p>"],
  ["<p onclick=\"x()\" style=\"color:red\" id=\"a\">x</p>", "<p>x</p>"],
  ["<img src=\"https://evil.example/x.png\" alt=\"x\"><p>y</p>", "<p>y</p>"],
  ["<img src=\"/tu-lieu/../x\" alt=\"x\"><p>y</p>", "<p>y</p>"],
  ["<iframe src=\"https://evil.example/embed/dQw4w9WgXcQ\"></iframe><p>y</p>", "<p>y</p>"],
  ["<script>alert(1)</script><style>p{}</style><p>y</p>", "<p>y</p>"],
  ["<svg><script>1</script></svg><form><p>y</p></form>", "<p>y</p>"],
];

for (const [html, expected] of REFUSED) {
  test(`refuses ${html.replaceAll("\n", " ")}`, () => assert.equal(roundTrip(html), expected));
}

// ---- commands ----

function stateOf(html, from = 1, to = from) {
  const doc = toDoc(html);
  return EditorState.create({ doc, selection: TextSelection.create(doc, from, to) });
}

function after(state, command) {
  let next = state;
  assert.ok(command(state, (tr) => (next = state.apply(tr))), "the command applies");
  return next;
}

test("a heading is set and taken back", () => {
  const heading = after(stateOf("<p>Tên</p>"), commands.toggleHeading(2));
  assert.equal(toHTML(heading.doc), "<h2>Tên</h2>");
  assert.equal(toHTML(after(heading, commands.toggleHeading(2)).doc), "<p>Tên</p>");
});

test("a list changes its kind and goes away", () => {
  const bullets = after(stateOf("<p>một</p>"), commands.toggleList(schema.nodes.bullet_list));
  assert.equal(toHTML(bullets.doc), "<ul><li>một</li></ul>");
  const numbers = after(bullets, commands.toggleList(schema.nodes.ordered_list));
  assert.equal(toHTML(numbers.doc), "<ol><li>một</li></ol>");
  assert.equal(toHTML(after(numbers, commands.toggleList(schema.nodes.ordered_list)).doc), "<p>một</p>");
});

test("outdenting with Tab's partner never leaves the outer list", () => {
  const state = stateOf("<ul><li>a<ul><li>b</li></ul></li></ul>", 7);
  assert.equal(toHTML(after(state, commands.outdentNested).doc), "<ul><li>a</li><li>b</li></ul>");
  assert.equal(commands.outdentNested(stateOf("<ul><li>a</li></ul>", 3)), false);
});

test("alignment is set on all blocks of a selection and cleared", () => {
  const state = stateOf("<p>một</p><h2>hai</h2>", 1, 8);
  const centred = after(state, commands.toggleAlign("center"));
  assert.equal(toHTML(centred.doc), "<p class=\"align-center\">một</p>\n<h2 class=\"align-center\">hai</h2>");
  assert.equal(toHTML(after(centred, commands.toggleAlign("center")).doc), "<p>một</p>\n<h2>hai</h2>");
});

test("clearing the format keeps links and words", () => {
  const state = stateOf("<h2><em>một</em> <a href=\"/x\">hai</a></h2>", 1, 8);
  assert.equal(toHTML(after(state, commands.clearFormatting).doc), "<p>một <a href=\"/x\">hai</a></p>");
});

test("a picture never becomes a heading or a paragraph", () => {
  const html = "<p>trên</p>\n<figure><img src=\"/tu-lieu/a.png\" alt=\"m\"><figcaption>chú</figcaption></figure>\n<p>dưới</p>";
  const all = stateOf(html, 1, 15);
  assert.match(toHTML(after(all, commands.toggleHeading(3)).doc), /^<h3>trên<\/h3>\n<figure>.*<\/figure>\n<h3>dưới<\/h3>$/);
  assert.match(toHTML(after(all, commands.clearFormatting).doc), /<figure>/);
  const inCaption = stateOf(html, 8);
  assert.equal(inCaption.selection.$from.parent.type.name, "figure");
  assert.equal(commands.toggleHeading(2)(inCaption), false);
  assert.equal(commands.setParagraph(inCaption), false);
});

test("a heading keeps its alignment and is refused in a list", () => {
  const centred = stateOf("<p class=\"align-center\">một</p>");
  assert.equal(toHTML(after(centred, commands.toggleHeading(2)).doc), "<h2 class=\"align-center\">một</h2>");
  assert.equal(commands.toggleHeading(2)(stateOf("<ul><li>a</li></ul>", 3)), false);
});

test("Enter in a caption goes on below the picture", () => {
  const state = stateOf("<figure><img src=\"/tu-lieu/a.png\" alt=\"m\"><figcaption>chú</figcaption></figure>", 4);
  const next = after(state, commands.leaveCaption);
  assert.equal(next.selection.$from.parent.type.name, "paragraph");
});

test("Backspace at the start of a caption selects the picture", () => {
  const state = stateOf("<figure><img src=\"/tu-lieu/a.png\" alt=\"m\"></figure>", 1);
  const next = after(state, commands.selectCaptioned);
  assert.ok(next.selection instanceof NodeSelection);
});

test("a new table has header cells in its first row", () => {
  const doc = schema.node("doc", null, [makeTable(2, 2, { caption: "Phí" })]);
  assert.equal(
    toHTML(doc),
    "<table><caption>Phí</caption><thead><tr><td></td><td></td></tr></thead><tbody><tr><td></td><td></td></tr></tbody></table>",
  );
  assert.equal(toDoc(toHTML(doc)).firstChild.firstChild.firstChild.type.name, "table_header");
});
