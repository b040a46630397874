// The module that pages load: every <textarea data-editor> becomes an editor.
// When anything fails the textarea stays as it is and the form still works.
import { mount } from "./mount.js";

export { mount };

function enhance(textarea) {
  try {
    textarea.editor = mount(textarea);
    textarea.dispatchEvent(new CustomEvent("editor:ready", { bubbles: true }));
  } catch (error) {
    textarea.hidden = false;
    console.error(error);
  }
}

for (const textarea of document.querySelectorAll("textarea[data-editor]")) enhance(textarea);
