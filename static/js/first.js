// A classic script, run before the first paint: what changes the look of a page may not wait.
(function (root) {
  root.classList.add("js");
  try {
    if (localStorage["co-chu"]) root.dataset.size = localStorage["co-chu"];
    // The place of the listen button is kept free unless this machine is known to have no voice.
    if (window.speechSynthesis && localStorage["giong-doc"] !== "0") root.classList.add("speech");
  } catch { /* storage is forbidden: the usual size */ }
})(document.documentElement);
