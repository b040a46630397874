// Keys and typing habits.
import { baseKeymap, chainCommands } from "prosemirror-commands";
import { redo, undo } from "prosemirror-history";
import { InputRule, inputRules, undoInputRule, wrappingInputRule } from "prosemirror-inputrules";
import { keymap } from "prosemirror-keymap";
import { splitListItem } from "prosemirror-schema-list";
import { Plugin } from "prosemirror-state";
import { goToNextCell } from "prosemirror-tables";
import {
  indentItem, leaveCaption, mark, outdentItem, outdentNested, selectCaptioned, setParagraph, toggleHeading, toggleList,
  toggleQuote,
} from "./commands.js";
import { schema } from "./schema.js";

const { nodes, marks } = schema;

const insertBreak = (state, dispatch) => {
  if (!state.selection.$from.parent.inlineContent) return false;
  dispatch?.(state.tr.replaceSelectionWith(nodes.hard_break.create()).scrollIntoView());
  return true;
};

/** Key bindings; `open` names the dialogs that keys can open. */
export function keys(open) {
  return [
    tabKey(),
    keymap({
      "Mod-z": undo,
      "Mod-y": redo,
      "Mod-Shift-z": redo,
      "Mod-b": mark(marks.strong),
      "Mod-i": mark(marks.em),
      "Mod-u": mark(marks.underline),
      "Mod-k": open.link,
      "Mod-Alt-f": open.note,
      "Mod-Alt-0": setParagraph,
      "Mod-Alt-2": toggleHeading(2),
      "Mod-Alt-3": toggleHeading(3),
      "Mod-Alt-4": toggleHeading(4),
      "Mod-Shift-7": toggleList(nodes.ordered_list),
      "Mod-Shift-8": toggleList(nodes.bullet_list),
      "Mod-Shift-9": toggleQuote,
      "Mod-]": indentItem,
      "Mod-[": outdentItem,
      "Shift-Enter": insertBreak,
      Enter: chainCommands(leaveCaption, splitListItem(nodes.list_item)),
      Backspace: chainCommands(undoInputRule, selectCaptioned),
    }),
    keymap(baseKeymap),
  ];
}

// Tab moves in tables and lists; after Escape, and everywhere else, it leaves
// the text, so that nobody is caught in it.
function tabKey() {
  let leaving = false;
  const inside = { Tab: chainCommands(goToNextCell(1), indentItem), "Shift-Tab": chainCommands(goToNextCell(-1), outdentNested) };
  return new Plugin({
    props: {
      handleKeyDown(view, event) {
        if (event.key === "Escape") leaving = true;
        else if (event.key !== "Tab" && event.key !== "Shift") leaving = false;
        if (event.key !== "Tab" || leaving || event.ctrlKey || event.altKey || event.metaKey) return false;
        return inside[event.shiftKey ? "Shift-Tab" : "Tab"](view.state, view.dispatch, view);
      },
      handleDOMEvents: {
        focus() {
          leaving = false;
          return false;
        },
      },
    },
  });
}

/** Lists begun by typing "- " or "1. ", curly quotation marks; Backspace takes it back. */
export const typing = () =>
  inputRules({
    rules: [
      wrappingInputRule(/^\s*[-*•]\s$/, nodes.bullet_list),
      wrappingInputRule(/^1[.)]\s$/, nodes.ordered_list),
      new InputRule(/(?:^|[\s{[(<“])(")$/, "“"),
      new InputRule(/"$/, "”"),
    ],
  });
