// One kind of dialog for all questions: a native <dialog> with a small form.
import { el, uniqueId } from "./dom.js";

/** Thrown by `onSubmit` to put a message beside a field (or on top, without one). */
export class FieldError extends Error {
  constructor(message, field = null) {
    super(message);
    this.field = field;
  }
}

/**
 * A labelled field: `{ control, row, showError }`.
 * `type` is an input type or "textarea"; `hint` is read with the label.
 */
export function field({ name, label, type = "text", value = "", hint = null, required = false, ...attributes }) {
  const id = uniqueId(`editor-${name}`);
  const hintId = hint ? `${id}-hint` : null;
  const errorId = `${id}-error`;
  const control = el(type === "textarea" ? "textarea" : "input", {
    id, name, "aria-describedby": [hintId, errorId].filter(Boolean).join(" "), "aria-required": required ? "true" : null,
    ...(type === "textarea" ? { rows: 3 } : { type }), ...attributes,
  });
  if (type === "checkbox") control.checked = Boolean(value);
  else if (type !== "file") control.value = value ?? "";
  const error = el("p", { id: errorId, class: "editor-error", hidden: true });
  const labelNode = el("label", { for: id }, label);
  const parts = type === "checkbox" ? [el("span", { class: "editor-check" }, control, labelNode)] : [labelNode];
  if (hint) parts.push(el("p", { id: hintId, class: "editor-hint" }, hint));
  parts.push(error);
  if (type !== "checkbox") parts.push(control);
  const showError = (message) => {
    error.textContent = message ?? "";
    error.hidden = !message;
    if (message) control.setAttribute("aria-invalid", "true");
    else control.removeAttribute("aria-invalid");
  };
  return { control, row: el("div", { class: "editor-field" }, ...parts), showError };
}

/**
 * Ask something. `fields` maps names to `field()`s, `content` is what stands
 * in the form (default: the rows of the fields). `onSubmit(values)` may be
 * async; the dialog closes when it returns and stays when it throws.
 * `extra` are further buttons: `{ label, action }`.
 */
export function ask({ title, fields = {}, content, submit = "Chèn", onSubmit, extra = [], onClose }) {
  const titleId = uniqueId("editor-dialog");
  const problem = el("p", { class: "editor-error", role: "alert", hidden: true });
  const submitButton = el("button", { type: "submit", class: "editor-primary" }, submit);
  const close = el("button", { type: "button", onclick: () => leave() }, onSubmit ? "Hủy" : "Đóng");
  const extras = extra.map(({ label, action }) =>
    el("button", { type: "button", class: "editor-extra", onclick: () => (action(), leave()) }, label),
  );
  const form = el(
    "form",
    { novalidate: true },
    el("h2", { id: titleId }, title),
    problem,
    ...(content ?? Object.values(fields).map(({ row }) => row)),
    el("div", { class: "editor-buttons" }, onSubmit ? submitButton : null, close, ...extras),
  );
  const dialog = el("dialog", { class: "editor-dialog", "aria-labelledby": titleId }, form);

  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    event.stopPropagation();
    if (submitButton.getAttribute("aria-busy") === "true") return;
    clearErrors();
    submitButton.setAttribute("aria-busy", "true");
    try {
      await onSubmit(read(fields));
      leave();
    } catch (error) {
      showError(error);
    } finally {
      submitButton.removeAttribute("aria-busy");
    }
  });
  dialog.addEventListener("close", finish); // Escape closes without asking

  // The close event comes a task later: keys typed until then would miss the place that onClose sets.
  function leave() {
    dialog.close();
    finish();
  }

  function finish() {
    if (!dialog.isConnected) return;
    dialog.remove();
    onClose?.();
  }

  function clearErrors() {
    problem.hidden = true;
    for (const { showError: show } of Object.values(fields)) show(null);
  }

  function showError(error) {
    const owner = error instanceof FieldError ? fields[error.field] : null;
    if (owner) {
      owner.showError(error.message);
      owner.control.focus();
      return;
    }
    problem.textContent = error instanceof FieldError ? error.message : "Có lỗi ngoài dự kiến. Bạn thử lại lần nữa.";
    problem.hidden = false;
    if (!(error instanceof FieldError)) console.error(error);
  }

  document.body.append(dialog);
  dialog.showModal();
  return dialog;
}

function read(fields) {
  return Object.fromEntries(
    Object.entries(fields).map(([name, { control }]) => {
      if (control.type === "checkbox") return [name, control.checked];
      if (control.type === "file") return [name, control.files[0] ?? null];
      return [name, control.value.normalize("NFC").trim()];
    }),
  );
}
