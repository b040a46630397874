// Asks before a form (or a button of one) with data-confirm="Question? What follows." is sent. The
// dialog is the browser's own: it keeps the focus inside and gives it back, Escape means no.
export function askFirst(dialog) {
  if (!dialog?.showModal) return;
  const [yes, no] = dialog.querySelectorAll("button");
  const [question, more] = dialog.querySelectorAll("p");
  let waiting = null, agreed = null;

  function ask(words, form, button) {
    const [, head, rest] = /^([^?]*\?)?(.*)$/s.exec(words);
    question.textContent = head || rest;
    more.textContent = head ? rest.trim() : "";
    more.hidden = !more.textContent;
    yes.textContent = button?.textContent.trim() || "Đồng ý";
    yes.className = button?.matches(".button--danger, .link-button") ? "button button--danger" : "button";
    waiting = { form, button };
    dialog.returnValue = "";
    dialog.showModal();
    no.focus();
  }

  document.addEventListener("submit", (event) => {
    const form = event.target, button = event.submitter;
    const words = button?.dataset.confirm ?? form.dataset.confirm;
    if (!words || agreed === form) {
      agreed = null;
      return;
    }
    event.preventDefault();
    event.stopImmediatePropagation();
    ask(words, form, button);
  }, true);

  dialog.addEventListener("close", () => {
    const { form, button } = waiting ?? {};
    waiting = null;
    if (!form || dialog.returnValue !== "co") return;
    agreed = form;
    form.requestSubmit(button);
  });
}
