// A browser page for the tests: import this before anything that touches the DOM.
import { JSDOM } from "jsdom";

const { window } = new JSDOM("<!doctype html><html lang=vi><body></body></html>", {
  url: "https://cong.example.vn/ban-lam-viec/bai-viet/1",
});
for (const name of ["window", "document", "DOMParser", "Node"]) {
  Object.defineProperty(globalThis, name, { value: name === "window" ? window : window[name], configurable: true });
}
Object.defineProperty(globalThis, "location", { value: window.location, configurable: true });
