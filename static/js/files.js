// Chosen files as a list that can be mended before sending. Choosing again adds to it; what the
// server would refuse is refused here, by name, before it travels.
import { say } from "./site.js";

const EACH = 5_000_000;
const TOGETHER = 17_000_000; // what the server takes in one form
const number = new Intl.NumberFormat("vi", { maximumFractionDigits: 1 });
const size = (bytes) => (bytes < 1e6 ? `${Math.ceil(bytes / 1000)} kB` : `${number.format(bytes / 1e6)} MB`);
const sum = (files) => files.reduce((bytes, file) => bytes + file.size, 0);

export default function files(input) {
  const endings = input.accept.split(",").filter((one) => one.startsWith("."));
  const list = document.createElement("ul");
  list.className = "file-list list-plain";
  const problem = document.createElement("p");
  problem.className = "field__error";
  problem.setAttribute("role", "alert");
  input.after(problem, list);
  let kept = [];

  // Files that an earlier step received count too, unless their boxes say that they go.
  const room = () => input.dataset.maxFiles - document.querySelectorAll("[name=bo_tep]:not(:checked)").length;

  function fault(file) {
    if (/\.hei[cf]$/i.test(file.name)) return "ảnh HEIC, bạn gửi ảnh JPG hoặc ảnh chụp màn hình của nó";
    if (!endings.some((ending) => file.name.toLowerCase().endsWith(ending))) return "không thuộc loại tệp được nhận";
    if (file.size > EACH) return `${size(file.size)}, lớn hơn 5 MB`;
    if (kept.length >= room()) return `đã đủ ${input.dataset.maxFiles} tệp`;
    return sum([...kept, file]) > TOGETHER && "cả nhóm lớn hơn 17 MB";
  }

  function put() {
    const carrier = new DataTransfer();
    for (const file of kept) carrier.items.add(file);
    input.files = carrier.files;
    list.replaceChildren(...kept.map(line));
    say(kept.length ? `${kept.length} tệp, ${size(sum(kept))}` : "Chưa có tệp nào");
  }

  function line(file) {
    const name = document.createElement("bdi");
    name.textContent = file.name;
    const button = document.createElement("button");
    button.type = "button";
    button.className = "link-button";
    button.textContent = "Bỏ tệp";
    button.setAttribute("aria-label", `Bỏ tệp ${file.name}`);
    button.addEventListener("click", () => {
      kept = kept.filter((one) => one !== file);
      problem.textContent = "";
      put();
      (list.querySelector("button") ?? input).focus();
    });
    const item = document.createElement("li");
    item.append(name, ` (${size(file.size)}) `, button);
    return item;
  }

  input.addEventListener("change", () => {
    const faults = [];
    for (const file of input.files) {
      if (kept.some((one) => one.name === file.name && one.size === file.size)) continue;
      const why = fault(file);
      if (why) faults.push(`Không nhận “${file.name}”: ${why}.`);
      else kept.push(file);
    }
    problem.textContent = faults.join(" ");
    put();
  });
}
