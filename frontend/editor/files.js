// Pasting: HTML is cleaned, text is NFC, and a pasted or dropped picture asks for its description.
import { openImage } from "./dialogs/image.js";
import { cleanPasted } from "./paste/index.js";

const IMAGE = /^image\/(jpeg|png|webp|gif)$/;
const picture = (data) => [...(data?.files ?? [])].find((file) => IMAGE.test(file.type)) ?? null;

/** View props that handle the clipboard and dropped files of `editor`. */
export function clipboardProps(editor) {
  function take(file, event) {
    event.preventDefault();
    if (editor.options.uploadUrl) openImage(editor, file);
    else editor.say("Chưa dán được ảnh ở đây.");
    return true;
  }

  return {
    transformPastedHTML(html) {
      const { html: clean, lostImages } = cleanPasted(html);
      if (lostImages) {
        editor.say(`Có ${lostImages} ảnh không dán theo được. Bạn lưu ảnh ra máy rồi dùng nút “Ảnh” để đưa vào bài.`);
      }
      return clean;
    },
    transformPastedText: (text) => text.normalize("NFC"),
    handlePaste(view, event) {
      const data = event.clipboardData;
      // Word and Excel put a picture of the text beside the text itself.
      const hasText = data && (data.getData("text/html") || data.getData("text/plain")).trim();
      const file = picture(data);
      return file && (!hasText || isLonePicture(data)) ? take(file, event) : false;
    },
    handleDrop(view, event, slice, moved) {
      const file = moved ? null : picture(event.dataTransfer);
      return file ? take(file, event) : false;
    },
  };
}

// A picture copied on a web page comes with HTML that holds nothing but <img>.
function isLonePicture(data) {
  const page = new DOMParser().parseFromString(data.getData("text/html").replace(/\sstyle=/gi, " data-style="), "text/html");
  return !page.body.textContent.trim() && page.body.querySelectorAll("img").length === 1;
}
