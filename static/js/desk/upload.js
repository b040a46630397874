// Files go up one by one, each with its own progress and its own answer. Without this module the
// form sends them together and the page that comes back tells the same.
const SIGNS = { good: "đã thêm", bad: "chưa nhận", info: "đã có", wait: "đang tải" };

export const watchUpload = (form) => {
  const field = form.elements.file;
  const list = document.createElement("ul");
  list.className = "upload-list";
  const summary = document.createElement("p");
  summary.setAttribute("role", "status");
  summary.tabIndex = -1;
  const button = form.querySelector("button[type=submit]");
  form.after(summary, list);

  form.addEventListener("submit", async (event) => {
    const files = [...field.files];
    if (!files.length) return; // the page says what is missing
    event.preventDefault();
    button.disabled = true;
    list.replaceChildren();
    const rows = files.map((file) => new Row(list, file));
    let taken = 0;
    for (const [index, row] of rows.entries()) {
      summary.textContent = `Đang tải tệp ${index + 1} trong ${files.length}: ${files[index].name}`;
      if (await row.send(form, files.length === 1)) taken += 1;
    }
    summary.replaceChildren(`${taken} trong ${files.length} tệp đã vào thư viện. `, link(form.dataset.library, "Mở thư viện"));
    summary.focus();
    button.disabled = false;
    form.reset();
  });
};

const link = (address, words) => Object.assign(document.createElement("a"), { href: address, textContent: words });

class Row {
  constructor(list, file) {
    this.file = file;
    this.box = document.createElement("li");
    this.box.className = "upload-list__row";
    list.append(this.box);
    this.show("wait", `${file.name}, chờ đến lượt`);
  }

  show(kind, ...words) {
    const sign = Object.assign(document.createElement("span"), { className: `tag tag--${kind}`, textContent: SIGNS[kind] });
    this.box.replaceChildren(sign, " ", ...words);
  }

  /** Send this file; whether it came into the library. */
  async send(form, alone, again = form.elements.again.checked) {
    const bar = Object.assign(document.createElement("progress"), { max: 1, value: 0 });
    bar.setAttribute("aria-label", `Tải ${this.file.name}`);
    this.show("wait", `${this.file.name} `, bar);
    const data = new FormData();
    for (const name of ["csrf_token", "credit", "licence", "source", ...(alone ? ["title", "alt"] : [])]) {
      data.set(name, form.elements[name].value);
    }
    if (again) data.set("again", "1");
    data.set("file", this.file);
    const { status, answer } = await post(form.dataset.upload, data, (part) => { bar.value = part; });
    if (answer?.existing) return this.offer(form, answer);
    if (status === 201 && answer) {
      this.show("good", link(answer.page, answer.title), answer.lack ? `. Còn thiếu ${answer.lack}.` : "");
      return true;
    }
    this.show("bad", `${this.file.name}: ${answer?.error ?? reason(status)}`);
    return false;
  }

  offer(form, answer) {
    const button = Object.assign(document.createElement("button"), {
      type: "button", className: "button button--quiet", textContent: "Vẫn thêm tệp mới",
    });
    button.addEventListener("click", () => this.send(form, false, true));
    this.show("info", `${this.file.name}: thư viện đã có tệp này với tên `, link(answer.page, answer.title), ". ", button);
    return false;
  }
}

const reason = (status) => {
  if (status === 413) return "tệp lớn quá mức máy chủ nhận.";
  if (status === 401 || status === 403) return "phiên làm việc đã hết, bạn đăng nhập lại rồi tải tiếp.";
  if (status === 507 || status === 503) return "máy chủ hết chỗ lưu, bạn báo quản trị viên.";
  return "mất kết nối giữa chừng, máy chủ không giữ phần nào. Bạn tải lại tệp này.";
};

// fetch tells nothing of what was sent so far.
const post = (address, data, progress) =>
  new Promise((done) => {
    const request = new XMLHttpRequest();
    request.open("POST", address);
    request.responseType = "json";
    request.upload.addEventListener("progress", (event) => event.lengthComputable && progress(event.loaded / event.total));
    request.addEventListener("loadend", () => done({ status: request.status, answer: request.response }));
    request.send(data);
  });
