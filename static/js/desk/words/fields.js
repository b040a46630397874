// What a form holds, as data, and the way back.
const MACHINERY = new Set(["csrf_token", "version", "tab", "sequence", "after", "base", "token", "then"]);

/** Every field as it is, fit to be stored or not, but for files. */
export function read(form) {
  const fields = {};
  for (const [name, value] of new FormData(form)) {
    if (MACHINERY.has(name) || typeof value !== "string") continue;
    if (name in fields) fields[name] = [].concat(fields[name], value);
    else fields[name] = value;
  }
  return fields;
}

/** Make the form hold `fields`. */
export function write(form, fields) {
  for (const element of form.elements) {
    const { name, type } = element;
    if (!name || MACHINERY.has(name) || ["file", "submit", "button", "fieldset"].includes(type)) continue;
    const values = [].concat(fields[name] ?? []);
    if (type === "checkbox" || type === "radio") element.checked = values.includes(element.value);
    else if (element.editor) element.editor.setHTML(values[0] ?? "");
    else element.value = values[0] ?? "";
  }
  form.dispatchEvent(new Event("input", { bubbles: true }));
}

/** Title, summary and text as plain words, for eyes. */
export function words({ title = "", summary = "", body = "" }) {
  const page = new DOMParser().parseFromString(body, "text/html");
  const text = [...page.body.children].map((one) => one.textContent.trim());
  return [title, summary, ...(text.length ? text : [page.body.textContent])].filter(Boolean).join("\n\n");
}
