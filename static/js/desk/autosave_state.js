// Shows whether what is being written is kept: indicator(element).show("saved", new Date()).
const WORDS = {
  unsaved: () => "Chưa lưu",
  saving: () => "Đang lưu…",
  saved: (at) => `Đã lưu lúc ${at.toLocaleTimeString("vi-VN", { hour: "2-digit", minute: "2-digit" })}`,
  failed: () => "Không lưu được. Chữ bạn viết còn trong máy này.",
};

export function indicator(element) {
  return {
    show(state, at = new Date()) {
      if (element.dataset.autosave === state && state !== "saved") return; // said once is enough
      element.dataset.autosave = state;
      element.textContent = WORDS[state](at);
      element.hidden = false;
    },
  };
}

/** Tell of a form that is sent by hand that something in it is not kept yet. */
export function watchForm(element) {
  const form = element.closest("form");
  const state = indicator(element);
  form?.addEventListener("input", () => state.show("unsaved"));
  form?.addEventListener("submit", () => state.show("saving"));
}
