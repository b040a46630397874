// Commands of our own, in ProseMirror's shape: (state, dispatch) => possible.
import { lift, toggleMark, wrapIn } from "prosemirror-commands";
import { liftListItem, sinkListItem, wrapInList } from "prosemirror-schema-list";
import { NodeSelection, TextSelection } from "prosemirror-state";
import { schema } from "./schema.js";

const { nodes, marks } = schema;

/** Whether the selection stands in (or selects) a block of this type and attributes. */
export function inBlock(state, type, attrs = {}) {
  const { $from, to, node } = state.selection;
  const block = node?.isBlock ? node : $from.parent;
  if (!node && to > $from.end()) return false;
  return block.type === type && Object.entries(attrs).every(([key, value]) => block.attrs[key] === value);
}

/** The innermost ancestor of the selection that `test` accepts: `{ node, pos, depth }` or null. */
export function ancestor(state, test) {
  const { $from } = state.selection;
  for (let depth = $from.depth; depth > 0; depth--) {
    const node = $from.node(depth);
    if (test(node)) return { node, pos: $from.before(depth), depth };
  }
  return null;
}

const isList = (node) => node.type === nodes.bullet_list || node.type === nodes.ordered_list;
export const listAround = (state) => ancestor(state, isList);
export const quoteAround = (state) => ancestor(state, (node) => node.type === nodes.blockquote);
export const tableAround = (state) => ancestor(state, (node) => node.type === nodes.table);

/** The figure or video that is selected, or the figure whose caption holds the cursor. */
export function mediaAt(state) {
  const { selection } = state;
  const isMedia = (node) => node.type === nodes.figure || node.type === nodes.video;
  if (selection instanceof NodeSelection && isMedia(selection.node)) return { node: selection.node, pos: selection.from };
  return ancestor(state, isMedia);
}

// The paragraphs and headings that the selection touches. Captions are not
// among them: a picture must never turn into a heading.
function textBlocks(state) {
  const blocks = [];
  for (const { $from, $to } of state.selection.ranges) {
    state.doc.nodesBetween($from.pos, $to.pos, (node, pos) => {
      if (node.type === nodes.paragraph || node.type === nodes.heading) blocks.push({ node, pos });
    });
  }
  return blocks;
}

function fits(state, pos, type) {
  const $pos = state.doc.resolve(pos);
  return $pos.parent.canReplaceWith($pos.index(), $pos.index() + 1, type);
}

const setText = (type, attrs = {}) => (state, dispatch) => {
  const blocks = textBlocks(state).filter(({ node, pos }) => !node.hasMarkup(type, { ...node.attrs, ...attrs }) && fits(state, pos, type));
  if (!blocks.length) return false;
  if (dispatch) {
    const { tr } = state;
    for (const { node, pos } of blocks) tr.setBlockType(pos, pos + node.nodeSize, type, { align: node.attrs.align, ...attrs });
    dispatch(tr.scrollIntoView());
  }
  return true;
};

export const setParagraph = setText(nodes.paragraph);

/** Make the block a heading of `level`, or a paragraph when it is one already. */
export const toggleHeading = (level) => (state, dispatch) =>
  inBlock(state, nodes.heading, { level })
    ? setParagraph(state, dispatch)
    : setText(nodes.heading, { level })(state, dispatch);

/** Make, change or take away a list. */
export const toggleList = (type) => (state, dispatch) => {
  const around = listAround(state);
  if (!around) return wrapInList(type)(state, dispatch);
  if (around.node.type === type) return liftListItem(nodes.list_item)(state, dispatch);
  dispatch?.(state.tr.setNodeMarkup(around.pos, type));
  return true;
};

export const indentItem = sinkListItem(nodes.list_item);
export const outdentItem = liftListItem(nodes.list_item);

/** Leave a nested list level; unlike `outdentItem` never leaves the list itself. */
export const outdentNested = (state, dispatch) => {
  const item = ancestor(state, (node) => node.type === nodes.list_item);
  const outer = item && item.depth > 2 && state.selection.$from.node(item.depth - 2).type === nodes.list_item;
  return outer ? outdentItem(state, dispatch) : false;
};

export const toggleQuote = (state, dispatch) =>
  quoteAround(state) ? lift(state, dispatch) : wrapIn(nodes.blockquote)(state, dispatch);

/** Set or clear the alignment of all paragraphs and headings of the selection. */
export const toggleAlign = (align) => (state, dispatch) => {
  const blocks = textBlocks(state);
  if (!blocks.length) return false;
  const clear = blocks.every(({ node }) => node.attrs.align === align);
  if (dispatch) {
    const { tr } = state;
    for (const { pos } of blocks) tr.setNodeAttribute(pos, "align", clear ? null : align);
    dispatch(tr);
  }
  return true;
};

export const alignActive = (align) => (state) => {
  const { $from, node } = state.selection;
  return (node ?? $from.parent).attrs.align === align;
};

export const markActive = (type) => (state) => {
  const { from, $from, to, empty } = state.selection;
  return empty ? Boolean(type.isInSet(state.storedMarks ?? $from.marks())) : state.doc.rangeHasMark(from, to, type);
};

/** Take all marks but links from the selection, and alignment and heading from its blocks. */
export const clearFormatting = (state, dispatch) => {
  if (state.selection.empty) return false;
  if (dispatch) {
    const { from, to } = state.selection;
    const { tr } = state;
    for (const type of Object.values(marks)) if (type !== marks.link) tr.removeMark(from, to, type);
    for (const { node, pos } of textBlocks(state)) tr.setBlockType(pos, pos + node.nodeSize, nodes.paragraph);
    dispatch(tr.scrollIntoView());
  }
  return true;
};

/** Insert a block at the selection and put the cursor where writing goes on. */
export function insertBlock(view, node) {
  const { tr } = view.state;
  tr.replaceSelectionWith(node);
  const at = findInserted(tr.doc, node);
  if (at !== null && node.type === nodes.table) tr.setSelection(TextSelection.near(tr.doc.resolve(at + 1)));
  else if (at !== null) moveBelow(tr, at + node.nodeSize);
  view.dispatch(tr.scrollIntoView());
}

function findInserted(doc, wanted) {
  let found = null;
  doc.descendants((node, pos) => {
    if (node === wanted) found = pos;
    return found === null;
  });
  return found;
}

// Put the cursor into the text at `pos`, making a paragraph where there is none.
function moveBelow(tr, pos) {
  if (!tr.doc.resolve(pos).nodeAfter?.isTextblock) tr.insert(pos, nodes.paragraph.create());
  tr.setSelection(TextSelection.near(tr.doc.resolve(pos), 1));
}

/** In a caption, Enter goes on below the picture. */
export const leaveCaption = (state, dispatch) => {
  const { $from } = state.selection;
  if ($from.parent.type !== nodes.figure) return false;
  if (dispatch) {
    const { tr } = state;
    moveBelow(tr, $from.after());
    dispatch(tr.scrollIntoView());
  }
  return true;
};

/** Backspace in an empty caption selects the picture, so that a second one removes it. */
export const selectCaptioned = (state, dispatch) => {
  const { $from, empty } = state.selection;
  if (!empty || $from.parent.type !== nodes.figure || $from.parentOffset > 0) return false;
  dispatch?.(state.tr.setSelection(NodeSelection.create(state.doc, $from.before())));
  return true;
};

export const mark = (type) => toggleMark(type, null, { removeWhenPresent: false });
