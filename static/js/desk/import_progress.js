// An import at work: its figures come by themselves, and the page turns when its state does.
const EVERY = 1500;

export const watchImport = (box) => {
  const bar = box.querySelector("progress");
  const count = box.querySelector("[data-import-count]");
  const words = new Intl.NumberFormat("vi");
  const ask = async () => {
    try {
      const answer = await fetch(box.dataset.importProgress, { credentials: "same-origin" });
      if (!answer.ok) return location.reload();
      const { state, done, total } = await answer.json();
      if (state !== box.dataset.state) return location.reload();
      if (total) {
        bar.max = total;
        bar.value = done;
      }
      const figure = total ? `${words.format(done)}/${words.format(total)}` : words.format(done);
      count.textContent = `Đã xong ${figure} dòng.`;
    } catch {
      // The network is away for a moment; the next turn asks again.
    }
    setTimeout(ask, EVERY);
  };
  setTimeout(ask, EVERY);
};
