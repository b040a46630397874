// Opens the chapter about this screen beside it, so that nobody leaves a form half filled in.
// Without scripts, and for whoever opens a new tab, the link leads to the chapter's own page.
export function openBeside(link) {
  let panel = null;

  function close() {
    panel?.remove();
    panel = null;
    link.setAttribute("aria-expanded", "false");
    link.focus();
  }

  function show(chapter) {
    panel = document.createElement("aside");
    panel.className = "guide-panel";
    panel.setAttribute("aria-label", "Trợ giúp");
    const head = document.createElement("div");
    head.className = "guide-panel__head";
    const title = document.createElement("h2");
    title.tabIndex = -1;
    title.textContent = chapter.querySelector("h1")?.textContent ?? "Trợ giúp";
    const button = document.createElement("button");
    button.type = "button";
    button.className = "button button--quiet";
    button.textContent = "Đóng";
    button.addEventListener("click", close);
    head.append(title, button);
    const text = chapter.querySelector(".guide-text") ?? chapter.querySelector("main ul");
    const all = document.createElement("p");
    const home = document.createElement("a");
    home.href = link.dataset.guide;
    home.textContent = "Mục lục trợ giúp";
    all.append(home);
    panel.append(head, ...(text ? [document.adoptNode(text)] : []), all);
    panel.addEventListener("keydown", (event) => {
      if (event.key === "Escape") close();
    });
    document.body.append(panel);
    link.setAttribute("aria-expanded", "true");
    title.focus();
  }

  link.setAttribute("aria-expanded", "false");
  link.addEventListener("click", async (event) => {
    if (event.metaKey || event.ctrlKey || event.shiftKey) return;
    event.preventDefault();
    if (panel) {
      close();
      return;
    }
    try {
      const answer = await fetch(link.href);
      if (!answer.ok || answer.redirected) throw new Error(String(answer.status));
      show(new DOMParser().parseFromString(await answer.text(), "text/html"));
    } catch {
      window.location.assign(link.href);
    }
  });
}
