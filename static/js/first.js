// A classic script, run before the first paint: what changes the look of a page may not wait.
(function (root) {
  root.classList.add("js");
  try {
    if (localStorage["co-chu"]) root.dataset.size = localStorage["co-chu"];
    // The place of the listen button is kept free unless this machine is known to have no voice.
    if (window.speechSynthesis && localStorage["giong-doc"] !== "0") root.classList.add("speech");
    // A banner that this reader has closed is gone before it is drawn: no line moves.
    const closed = localStorage["bang-da-dong"];
    if (closed) new MutationObserver((_, watch) => {
      const banner = document.querySelector("[data-banner]");
      if (banner) banner.hidden = banner.dataset.banner === closed;
      if (banner || document.getElementById("noi-dung")) watch.disconnect();
    }).observe(root, { childList: true, subtree: true });
  } catch { /* storage is forbidden: the usual size */ }
})(document.documentElement);
