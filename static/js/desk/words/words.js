// Never lose a word: what is being written goes to the server every few seconds, and stays on this
// machine until the server has it. Without this script the form works, and nothing saves by itself.
import { hour, indicator } from "../autosave_state.js";
import { read, words, write } from "./fields.js";
import { panel, showOthers } from "./panel.js";
import { send, who } from "./server.js";
import * as store from "./store.js";

const EVERY = 3000, FIRST = 1000, LOCAL = 400, SLOWEST = 30000;
const ALIVE_EVERY = 25000;
const IDLE = 5 * 60000; // the session of a person who went away ends as it should
const STOPPED = new Set(["elsewhere", "stranger", "refused"]);

export default function keepWords(form) {
  new Writer(form).begin();
}

class Writer {
  constructor(form) {
    const { user, item, tab, keep, who: door, login, base, after } = form.dataset;
    Object.assign(this, { form, user, item, tab, url: keep, door, after, base: Number(base) || 0 });
    this.state = indicator(form.querySelector(".autosave"), login);
    this.panel = panel(document.querySelector("[data-words-choice]"));
    this.others = document.querySelector("[data-presence]");
    this.sequence = 1;
    this.kept = this.text();
    this.stopped = this.leaving = this.ready = false;
    this.failures = 0;
    this.active = this.spoke = Date.now();
  }

  text() { return JSON.stringify(read(this.form)); }
  get dirty() { return this.text() !== this.kept; }
  get csrf() { return this.form.elements.csrf_token.value; }
  copy(fields = read(this.form)) {
    return { user: this.user, item: this.item, tab: this.tab, sequence: this.sequence + 1, base: this.base, fields };
  }

  begin() {
    // A lock tells other pages that this one lives: its copy is not a lost one.
    navigator.locks?.request(lockOf(this.tab), () => new Promise(() => {}));
    for (const event of ["input", "change"]) this.form.addEventListener(event, () => this.changed());
    this.form.addEventListener("submit", (event) => this.submit(event));
    for (const event of ["keydown", "pointerdown"]) document.addEventListener(event, () => { this.active = Date.now(); }, { passive: true });
    document.addEventListener("visibilitychange", () => (document.hidden ? this.flush() : this.wake()));
    for (const event of ["online", "focus"]) window.addEventListener(event, () => this.wake());
    window.addEventListener("pagehide", () => this.leave());
    window.addEventListener("pageshow", (event) => { if (event.persisted) this.leaving = this.ready = false; });
    setInterval(() => this.signOfLife(), ALIVE_EVERY / 5);
    this.offerCopies().catch(() => {});
  }

  changed() {
    this.active = Date.now();
    if (!this.dirty) return;
    if (!this.form.querySelector(".autosave").dataset.autosave) this.state.show("unsaved");
    this.localTimer ??= setTimeout(() => this.keepHere(), LOCAL);
    if (!STOPPED.has(this.stopped)) this.soon(Math.max(FIRST, EVERY - (Date.now() - this.spoke)));
  }

  soon(wait) { this.timer ??= setTimeout(() => { this.timer = null; this.send(); }, wait); }

  async keepHere() {
    clearTimeout(this.localTimer);
    this.localTimer = null;
    if (this.dirty) await store.put(this.copy()).catch(() => {});
  }

  /** Send what is new; answers the outcome. One at a time. */
  send(options = {}) {
    this.sending = (this.sending ?? Promise.resolve()).then(() => this.sendNow(options)).catch(() => "failed");
    return this.sending;
  }

  async sendNow({ last = false, takeOver = false, again = false } = {}) {
    const fields = read(this.form);
    const text = JSON.stringify(fields);
    if (text === this.kept && !takeOver) return "saved";
    this.spoke = Date.now();
    this.form.elements.sequence.value = (this.sequence += 1) + 1;
    const body = { tab: this.tab, sequence: this.sequence, after: this.after, version: this.base, fields, take_over: takeOver };
    const answer = await send(this.url, body, this.csrf, { last });
    if (answer.outcome === "saved") return this.acknowledged(text, answer);
    if (answer.outcome === "door") {
      const door = await this.knock();
      if (door !== "ok") return this.failed(door);
      return again ? this.failed("refused") : this.sendNow({ last, takeOver, again: true });
    }
    return this.failed(answer.outcome, answer);
  }

  async acknowledged(text, answer) {
    this.kept = text;
    this.setAfter(answer.mark);
    this.failures = 0;
    this.stopped = false;
    this.state.show("saved", { at: new Date(answer.saved_at) });
    this.hear(answer);
    if (!this.dirty) await store.remove(this.copy()).catch(() => {});
    else this.soon(EVERY);
    return "saved";
  }

  setAfter(mark) {
    this.after = this.form.elements.after.value = mark;
    for (const input of document.querySelectorAll("[data-words-mark]")) input.value = mark;
  }

  hear({ others = [], newer = "", closed = "" }) {
    showOthers(this.others, others);
    if (closed) this.panel.choose("text", `Bài đang ở trạng thái “${closed}” nên chưa lưu vào bài được. Chữ bạn viết được giữ làm bản soạn dở.`);
    else if (newer) this.panel.choose("text", `${newer}. Khi bạn lưu, hai bản hiện cạnh nhau để bạn chọn.`);
  }

  failed(outcome, answer = {}) {
    this.keepHere();
    this.stopped = outcome;
    this.state.show(outcome);
    if (outcome === "elsewhere") {
      this.panel.choose("elsewhere", `Bạn viết bài này ở một thẻ khác, lần cuối lúc ${answer.elsewhere}. Thẻ này không ghi đè lên bản đó.`, [
        ["Mở bản kia ở đây", () => location.assign(this.form.action)],
        ["Dùng bản ở thẻ này", () => this.send({ takeOver: true })],
      ]);
    } else if (!STOPPED.has(outcome)) {
      this.failures += 1;
      const wait = (answer.wait ?? 0) * 1000 || EVERY * 2 ** Math.min(this.failures, 4);
      if (outcome !== "toolong") this.soon(Math.min(wait, SLOWEST * 2));
    }
    return outcome;
  }

  /** Is it still us at this door? A new token is taken over, for the form too. */
  async knock() {
    const found = await who(this.door);
    if (found.outcome !== "ok") return found.outcome;
    if (String(found.user) !== this.user) return "stranger";
    for (const input of document.querySelectorAll("input[name=csrf_token]")) input.value = found.csrf;
    for (const field of this.form.querySelectorAll("[data-csrf]")) field.dataset.csrf = found.csrf;
    return "ok";
  }

  wake() {
    this.active = Date.now();
    if (this.stopped === "stranger") this.stopped = "signedout"; // they may have gone again
    if (!STOPPED.has(this.stopped) && this.dirty) {
      clearTimeout(this.timer);
      this.timer = null;
      this.send();
    }
  }

  flush() {
    this.keepHere();
    // Not after what is under way: the page may be gone before that is answered.
    if (!STOPPED.has(this.stopped) && this.dirty) this.sendNow({ last: true });
  }

  leave() {
    if (this.ready) return;
    this.flush();
    if (/^\d/.test(this.item)) send(this.url, { tab: this.tab, leaving: true }, this.csrf, { last: true });
  }

  async signOfLife() {
    const due = Date.now() - this.spoke >= ALIVE_EVERY && Date.now() - this.active < IDLE;
    if (!due || document.hidden || this.stopped || this.dirty || !/^\d/.test(this.item)) return;
    this.spoke = Date.now();
    const answer = await send(this.url, { tab: this.tab }, this.csrf);
    if (answer.outcome === "saved") showOthers(this.others, answer.others ?? []);
  }

  /** First the server has the words, then the form goes: a dead session or network keeps the page. */
  async submit(event) {
    if (this.ready) return;
    event.preventDefault();
    const { submitter } = event;
    this.state.show("saving");
    await this.keepHere();
    const outcome = this.dirty && !STOPPED.has(this.stopped) ? await this.send() : await this.knock();
    if (["offline", "signedout", "stranger"].includes(outcome)) {
      this.failed(outcome);
      this.panel.choose("submit", "Chưa lưu được vào bài. Chữ bạn viết còn trên trang này và trên máy này; bạn bấm lưu lại khi có mạng và đã đăng nhập.");
      return;
    }
    this.panel.close("submit");
    clearTimeout(this.timer);
    this.form.elements.sequence.value = this.sequence += 1;
    this.ready = true;
    this.form.requestSubmit(submitter ?? undefined);
    setTimeout(() => { this.ready = false; }, 10000); // the answer did not come: the page lives on
  }

  /** Copies of pages that are gone and that the server never got. */
  async offerCopies() {
    const held = (await navigator.locks?.query())?.held?.map(({ name }) => name) ?? [];
    const lost = (await store.list(this.user)).filter(({ tab }) => tab !== this.tab && !held.includes(lockOf(tab)));
    const [tab, sequence] = this.after.split(":");
    const arrived = (copy) => copy.tab === tab && copy.sequence <= Number(sequence);
    const had = (copy) => arrived(copy) || JSON.stringify(copy.fields) === this.kept;
    for (const copy of lost.filter((one) => one.item === this.item && had(one))) store.remove(copy);
    const here = lost.find((one) => one.item === this.item && !had(one));
    if (here) return this.offer(here);
    const begun = this.item.startsWith("new:") && lost.find(({ item }) => item.startsWith("new:") && item !== this.item);
    if (begun) this.panel.choose("copy", `Trên máy này còn một bài viết dở lúc ${moment(begun.at)}: “${begun.fields.title || "chưa có tiêu đề"}”.`, [
      ["Mở bài đó", `${this.form.action}?tiep=${encodeURIComponent(begun.item.slice(4))}`],
      ["Bỏ bài đó", () => store.remove(begun)],
    ], words(begun.fields));
  }

  offer(copy) {
    this.panel.choose("copy", `Trên máy này còn bản viết lúc ${moment(copy.at)} chưa gửi được lên máy chủ. Bạn chọn dùng bản đó hay giữ bản đang mở.`, [
      ["Dùng bản trên máy này", () => this.use(copy)],
      ["Bỏ bản trên máy này", () => store.remove(copy)],
    ], words(copy.fields));
  }

  use(copy) {
    const before = this.copy();
    this.take(copy);
    store.remove(copy).catch(() => {});
    this.panel.choose("copy", "Đang dùng bản trên máy này.", [["Hoàn tác", () => this.take(before)]]);
  }

  take({ base, fields }) {
    // Words that began from an older text meet the newer one when they are saved, not before.
    this.base = base;
    this.form.elements.base.value = this.form.elements.version.value = base;
    write(this.form, fields);
    this.changed();
  }
}

const lockOf = (tab) => `bai-dang-viet|${tab}`;
const moment = (at) => `${hour(new Date(at))} ngày ${new Date(at).toLocaleDateString("vi-VN", { timeZone: "Asia/Ho_Chi_Minh" })}`;
