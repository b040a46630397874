// Counts what is ticked, ticks the whole page, and keeps the bar away until something is ticked.
export function countTicks(bar) {
  const boxes = [...document.querySelectorAll(`input[form="${bar.id}"][name="chon"]`)];
  const count = bar.querySelector(".bulk-bar__count");
  const link = document.querySelector("[data-bulk-all]");
  const noun = bar.dataset.bulk;
  const ticked = () => boxes.filter((box) => box.checked).length;

  const all = document.createElement("button");
  all.type = "button";
  all.className = "link-button";
  link?.replaceWith(all);

  function show() {
    const n = ticked();
    bar.classList.toggle("is-empty", n === 0);
    count.textContent = n ? `Đã chọn ${n} ${noun}` : "";
    all.textContent = n === boxes.length ? "Bỏ chọn tất cả" : `Chọn tất cả ${boxes.length} ${noun} trong trang`;
  }
  all.addEventListener("click", () => {
    const on = ticked() < boxes.length;
    for (const box of boxes) box.checked = on;
    show();
  });
  for (const box of boxes) box.addEventListener("change", show);
  window.addEventListener("pageshow", show); // browsers keep ticks when one goes back
  bar.classList.add("is-live");
  show();
}
