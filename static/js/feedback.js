// Counts characters as the server does and warns before a file is sent that is too large.
const MAX_BYTES = 5_000_000;

for (const area of document.querySelectorAll("[data-count]")) {
  const limit = Number(area.dataset.count);
  const line = document.createElement("p");
  line.className = "count";
  line.setAttribute("aria-live", "polite");
  area.after(line);
  const show = () => {
    const length = [...area.value.normalize("NFC").trim()].length;
    const left = limit - length;
    line.classList.toggle("count--over", left < 0);
    line.textContent = left < 0
      ? `Dài quá ${-left} ký tự`
      : length > limit * 0.8 ? `Còn ${left} ký tự` : "";
  };
  area.addEventListener("input", show);
  show();
}

for (const input of document.querySelectorAll("input[type=file][data-max-files]")) {
  const line = document.createElement("p");
  line.className = "field__error";
  line.setAttribute("role", "alert");
  line.hidden = true;
  input.after(line);
  input.addEventListener("change", () => {
    const files = [...input.files];
    const large = files.filter((file) => file.size > MAX_BYTES).map((file) => file.name);
    const messages = [];
    if (files.length > Number(input.dataset.maxFiles)) messages.push(`Chỉ nhận ${input.dataset.maxFiles} tệp.`);
    if (large.length) messages.push(`Lớn hơn 5 MB: ${large.join(", ")}.`);
    line.textContent = messages.length ? `${messages.join(" ")} Bạn chọn lại.` : "";
    line.hidden = !messages.length;
    if (messages.length) input.value = "";
  });
}
