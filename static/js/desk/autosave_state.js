// Shows whether what is being written is kept: indicator(element).show("saved", { at: new Date() }).
const ZONE = { hour: "2-digit", minute: "2-digit", second: "2-digit", timeZone: "Asia/Ho_Chi_Minh" };

/** The hour as the agency's clock shows it, with seconds. */
export const hour = (at) => at.toLocaleTimeString("vi-VN", ZONE);

const WORDS = {
  unsaved: () => "Chưa lưu",
  saving: () => "Đang lưu…",
  saved: ({ at }) => `Đã lưu nháp lúc ${hour(at)}`,
  offline: () => "Mất mạng, đang giữ trên máy này",
  failed: () => "Máy chủ chưa lưu được, đang giữ trên máy này",
  toolong: () => "Bài quá dài, đang giữ trên máy này",
  refused: () => "Bạn không còn sửa được bài này; chữ còn trên máy này",
  elsewhere: () => "Bạn đang viết bài này ở thẻ khác; thẻ này chỉ giữ trên máy",
  signedout: () => "Phiên đã hết, bài còn trên máy này; ",
  stranger: () => "Người khác đã đăng nhập ở trình duyệt này; bài còn trên máy này",
};

export function indicator(element, login = "") {
  return {
    show(state, { at = new Date() } = {}) {
      const again = element.dataset.autosave === state;
      if (again && state !== "saved") return; // said once is enough
      element.setAttribute("aria-live", again ? "off" : "polite"); // the hour alone is no news
      element.dataset.autosave = state;
      element.textContent = WORDS[state]({ at });
      if (state === "signedout") element.append(link(login));
      element.hidden = false;
    },
  };
}

function link(login) {
  const made = document.createElement("a");
  made.href = login || "/dang-nhap";
  made.target = "_blank";
  made.textContent = "đăng nhập lại ở thẻ khác";
  return made;
}

/** Tell of a form that is sent by hand that something in it is not kept yet. */
export function watchForm(element) {
  const form = element.closest("form");
  const state = indicator(element);
  form?.addEventListener("input", () => state.show("unsaved"));
  form?.addEventListener("submit", () => state.show("saving"));
}
