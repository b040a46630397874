// Signing out clears this machine, but for words that the server never got: they wait, for this
// person alone, until the next time.
import { list } from "./store.js";

export function keepAtSignOut(form, user) {
  let asked = false;
  form.addEventListener("submit", async (event) => {
    if (asked) return;
    event.preventDefault();
    asked = true;
    const copies = await Promise.race([list(user), new Promise((go) => { setTimeout(go, 1000, []); })]).catch(() => []);
    if (copies.length) {
      const keep = document.createElement("input");
      Object.assign(keep, { type: "hidden", name: "giu", value: "1" });
      form.append(keep);
    }
    form.requestSubmit();
  });
}
