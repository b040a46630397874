// A file that is chosen goes off at once: choosing is the whole question.

/** Send `form` as soon as its file is chosen, once. */
export function sendAtOnce(form) {
  const file = form.querySelector("input[type=file]");
  const button = form.querySelector("button[type=submit]");
  file.addEventListener("change", () => {
    if (file.files.length) form.requestSubmit();
  });
  form.addEventListener("submit", (event) => {
    if (form.dataset.sent) event.preventDefault();
    form.dataset.sent = "1";
    form.setAttribute("aria-busy", "true");
    const told = document.createElement("p");
    told.setAttribute("role", "status");
    told.textContent = "Đang đọc tệp Word, có thể mất nửa phút…";
    (button?.parentElement ?? form).append(told);
  });
}

/** Where a link leads to a form with one file, put that form in its place. */
export function sendFromLink(link) {
  const form = document.createElement("form");
  Object.assign(form, { method: "post", action: link.href, enctype: "multipart/form-data", className: "send-word" });
  form.dataset.sendFile = "";
  const token = Object.assign(document.createElement("input"), { type: "hidden", name: "csrf_token", value: link.dataset.sendWord });
  const file = Object.assign(document.createElement("input"), { type: "file", name: "file", accept: ".docx", id: "tep-word", hidden: true });
  const button = Object.assign(document.createElement("button"), { type: "button", className: link.className });
  button.append(...link.childNodes);
  button.addEventListener("click", () => file.click());
  form.append(token, file, button);
  link.replaceWith(form);
}
