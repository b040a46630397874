// What an article can hold. Whatever the schema cannot express cannot be
// written, pasted or kept: it is the editor's whitelist.
import { Schema } from "prosemirror-model";
import { ownImage, safeHref, youtubeEmbed, youtubeId } from "./urls.js";

const ALIGNMENTS = ["center", "right"];
const alignOf = (dom) => ALIGNMENTS.find((name) => dom.classList.contains(`align-${name}`)) ?? null;
const withAlign = (node) => (node.attrs.align ? { class: `align-${node.attrs.align}` } : {});

const positive = (value, fallback) => {
  const number = Number.parseInt(value, 10);
  return number > 0 && number < 10000 ? number : fallback;
};
const given = (attributes) => Object.fromEntries(Object.entries(attributes).filter(([, value]) => value));

const paragraph = {
  group: "block",
  content: "inline*",
  attrs: { align: { default: null } },
  parseDOM: [{ tag: "p", getAttrs: (dom) => ({ align: alignOf(dom) }) }],
  toDOM: (node) => ["p", withAlign(node), 0],
};

const heading = {
  group: "block",
  content: "inline*",
  marks: "link em underline code sub sup",
  defining: true,
  attrs: { level: { default: 2 }, align: { default: null } },
  parseDOM: [2, 3, 4].map((level) => ({
    tag: `h${level}`,
    getAttrs: (dom) => ({ level, align: alignOf(dom) }),
  })),
  toDOM: (node) => [`h${node.attrs.level}`, withAlign(node), 0],
};

const lists = {
  bullet_list: {
    group: "block",
    content: "list_item+",
    parseDOM: [{ tag: "ul" }],
    toDOM: () => ["ul", 0],
  },
  ordered_list: {
    group: "block",
    content: "list_item+",
    attrs: { start: { default: 1 } },
    parseDOM: [{ tag: "ol", getAttrs: (dom) => ({ start: positive(dom.getAttribute("start"), 1) }) }],
    toDOM: (node) => ["ol", node.attrs.start === 1 ? {} : { start: node.attrs.start }, 0],
  },
  list_item: {
    content: "paragraph (paragraph | bullet_list | ordered_list | blockquote | figure | table)*",
    defining: true,
    parseDOM: [{ tag: "li" }],
    toDOM: () => ["li", 0],
  },
};

const blockquote = {
  group: "block",
  content: "(paragraph | bullet_list | ordered_list | figure | table)+",
  defining: true,
  parseDOM: [{ tag: "blockquote" }],
  toDOM: () => ["blockquote", 0],
};

const cellAttrs = { colspan: { default: 1 }, rowspan: { default: 1 }, colwidth: { default: null } };
const readSpans = (dom) => ({
  colspan: positive(dom.getAttribute("colspan"), 1),
  rowspan: positive(dom.getAttribute("rowspan"), 1),
});
const writeSpans = ({ attrs }) =>
  given({ colspan: attrs.colspan > 1 && attrs.colspan, rowspan: attrs.rowspan > 1 && attrs.rowspan });
const CELL_CONTENT = "(paragraph | bullet_list | ordered_list | figure)+";

const tables = {
  table: {
    group: "block",
    content: "table_row+",
    tableRole: "table",
    isolating: true,
    attrs: { caption: { default: "" } },
    parseDOM: [
      { tag: "table", getAttrs: (dom) => ({ caption: dom.caption?.textContent.trim() ?? "" }) },
      { tag: "caption", ignore: true },
    ],
    toDOM: ({ attrs }) =>
      attrs.caption
        ? ["table", ["caption", { contenteditable: "false" }, attrs.caption], ["tbody", 0]]
        : ["table", ["tbody", 0]],
  },
  table_row: {
    content: "(table_cell | table_header)*",
    tableRole: "row",
    parseDOM: [{ tag: "tr" }],
    toDOM: () => ["tr", 0],
  },
  table_cell: {
    content: CELL_CONTENT,
    attrs: cellAttrs,
    tableRole: "cell",
    isolating: true,
    parseDOM: [{ tag: "td", getAttrs: readSpans }],
    toDOM: (node) => ["td", writeSpans(node), 0],
  },
  table_header: {
    content: CELL_CONTENT,
    attrs: cellAttrs,
    tableRole: "header_cell",
    isolating: true,
    parseDOM: [{ tag: "th, thead td", priority: 60, getAttrs: readSpans }],
    toDOM: (node) => ["th", writeSpans(node), 0],
  },
};

function readImage(img) {
  const src = ownImage(img?.getAttribute("src"));
  return (
    src && {
      src,
      alt: (img.getAttribute("alt") ?? "").trim(),
      width: positive(img.getAttribute("width"), null),
      height: positive(img.getAttribute("height"), null),
    }
  );
}

function readFigure(dom) {
  const image = readImage(dom.querySelector("img"));
  return image ? { ...image, wide: dom.classList.contains("wide") } : false;
}

const figure = {
  group: "block",
  content: "inline*",
  attrs: {
    src: {},
    alt: { default: "" },
    width: { default: null },
    height: { default: null },
    wide: { default: false },
  },
  isolating: true,
  defining: true,
  draggable: true,
  parseDOM: [
    {
      tag: "figure",
      getAttrs: readFigure,
      contentElement: (dom) => dom.querySelector("figcaption") ?? dom.ownerDocument.createElement("figcaption"),
    },
    { tag: "img[src]", getAttrs: (dom) => readImage(dom) || false },
  ],
  toDOM({ attrs }) {
    const { wide, alt, ...image } = attrs;
    return ["figure", wide ? { class: "wide" } : {}, ["img", { ...given(image), alt }], ["figcaption", 0]];
  },
};

const video = {
  group: "block",
  atom: true,
  draggable: true,
  attrs: { id: {}, title: { default: "Video" } },
  parseDOM: [
    {
      tag: "iframe[src]",
      getAttrs(dom) {
        const id = youtubeId(dom.getAttribute("src"));
        return id ? { id, title: dom.getAttribute("title") || "Video" } : false;
      },
    },
  ],
  toDOM: ({ attrs }) => ["iframe", { src: youtubeEmbed(attrs.id), title: attrs.title }],
};

// A note stands where it is called; the page numbers it and shows it at the end.
const footnote = {
  group: "inline",
  inline: true,
  atom: true,
  content: "text*",
  marks: "link strong em underline code sub sup",
  parseDOM: [{ tag: "small.note" }],
  toDOM: () => ["small", { class: "note" }, 0],
};

const REFERENCE = /^(?:article|procedure|page|topic|file):[a-z0-9.-]{1,90}$/;
const readRef = (dom) => (REFERENCE.test(dom.dataset.ref ?? "") ? dom.dataset.ref : null);

// `ref` names a thing of this portal: its address may change, the link stays true.
const link = {
  attrs: { href: {}, title: { default: null }, ref: { default: null } },
  inclusive: false,
  parseDOM: [
    {
      tag: "a[href]",
      getAttrs(dom) {
        const href = safeHref(dom.getAttribute("href"));
        return href ? { href, title: dom.getAttribute("title"), ref: readRef(dom) } : false;
      },
    },
  ],
  toDOM: ({ attrs: { ref, ...attrs } }) => ["a", given({ ...attrs, "data-ref": ref }), 0],
};

const simple = (...tags) => ({ parseDOM: tags.map((tag) => ({ tag })), toDOM: () => [tags[0], 0] });

export const schema = new Schema({
  nodes: {
    doc: { content: "block+" },
    paragraph,
    heading,
    ...lists,
    blockquote,
    ...tables,
    figure,
    video,
    rule: { group: "block", parseDOM: [{ tag: "hr" }], toDOM: () => ["hr"] },
    hard_break: {
      inline: true,
      group: "inline",
      selectable: false,
      linebreakReplacement: true,
      parseDOM: [{ tag: "br" }],
      toDOM: () => ["br"],
    },
    footnote,
    text: { group: "inline" },
  },
  marks: {
    link,
    strong: simple("strong", "b"),
    em: simple("em", "i"),
    underline: simple("u"),
    code: simple("code"),
    sub: { ...simple("sub"), excludes: "sub sup" },
    sup: { ...simple("sup"), excludes: "sub sup" },
  },
});
