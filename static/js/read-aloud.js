// Reads the parts of a page named in data-read-aloud with the machine's Vietnamese voice; without
// one the bar stays unseen. Sentence by sentence: browsers fall silent in long utterances, and a
// sentence can be begun again, since several phones cannot pause.
import { kept } from "./site.js";

const SPEECH = window.speechSynthesis;
const LONGEST = 160;
const BLOCKS = "h1, h2, h3, h4, p, li, dt, dd, td, th, caption, figcaption, blockquote";

export default function readAloud(bar) {
  if (!SPEECH) return;
  const [play, stop] = bar.querySelectorAll("button");
  const rate = bar.querySelector("select");
  const label = play.querySelector("span");
  const first = label.textContent;
  let voice, parts = [], at = 0, reading = false, turn = 0, block = null;
  let utterance; // Chromium forgets to say that one has ended when nobody holds it

  function findVoice() {
    const ours = SPEECH.getVoices().filter(({ lang }) => /^vi(?![a-z])/i.test(lang));
    // Voices of the machine itself send nothing anywhere.
    voice = ours.find((one) => one.localService) ?? ours[0];
    bar.classList.toggle("read-aloud--ready", Boolean(voice));
  }

  function show() {
    label.textContent = reading ? "Tạm dừng" : parts.length ? "Đọc tiếp" : first;
    stop.hidden = !parts.length;
    bar.classList.toggle("read-aloud--on", parts.length > 0);
  }

  function mark(next) {
    if (next === block) return;
    // Follow the voice, unless the reader has gone elsewhere on the page.
    const follow = !block || inView(block);
    block?.classList.remove("being-read");
    block = next;
    block?.classList.add("being-read");
    if (follow) block?.scrollIntoView({ block: "nearest" });
  }

  function speak() {
    const part = parts[at], mine = ++turn;
    if (!part) return end();
    mark(part.block);
    utterance = new SpeechSynthesisUtterance(part.words);
    Object.assign(utterance, { voice, lang: voice.lang, rate: Number(rate.value) });
    utterance.onend = () => {
      if (mine !== turn) return;
      at++;
      speak();
    };
    utterance.onerror = () => { if (mine === turn) pause(); };
    SPEECH.speak(utterance);
  }

  function pause() {
    turn++;
    reading = false;
    SPEECH.cancel();
    show();
  }

  function end() {
    parts = [];
    at = 0;
    pause();
    mark(null);
  }

  play.addEventListener("click", () => {
    if (reading) return pause();
    if (!parts.length) parts = collect(bar.dataset.readAloud);
    reading = true;
    show();
    speak();
  });
  stop.addEventListener("click", () => {
    end();
    play.focus();
  });
  rate.addEventListener("change", () => {
    kept("toc-do-doc", rate.value);
    if (!reading) return;
    pause();
    play.click();
  });
  // A voice must not go on over the next page. (No unload handler: the page may be kept.)
  addEventListener("pagehide", () => { if (reading) pause(); });

  rate.value = kept("toc-do-doc") || "1";
  findVoice();
  SPEECH.onvoiceschanged = findVoice;
}

// The text that can be seen under `selector`, in sentences, each with the block it stands in.
function collect(selector) {
  const parts = [];
  for (const root of document.querySelectorAll(selector)) {
    const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
    let block, words = "";
    const take = () => parts.push(...sentences(words).map((one) => ({ words: one, block })));
    while (walker.nextNode()) {
      const parent = walker.currentNode.parentElement;
      if (!parent.getClientRects().length || parent.closest("[aria-hidden=true], .visually-hidden, .no-print")) continue;
      const own = parent.closest(BLOCKS) ?? root;
      if (own !== block) {
        take();
        block = own;
        words = "";
      }
      words += walker.currentNode.data;
    }
    take();
  }
  return parts;
}

function sentences(text) {
  const whole = text.replace(/\s+/g, " ").trim().match(/\S.*?[.!?…]+(?=\s|$)|\S.*$/g) ?? [];
  // Long ones are cut behind a comma, else at a space.
  const cut = new RegExp(`\\S.{0,${LONGEST}}[,;:)](?=\\s|$)|\\S.{0,${LONGEST}}(?=\\s|$)|\\S+`, "g");
  return whole.flatMap((one) => (one.length > LONGEST ? one.match(cut) : [one]));
}

function inView(element) {
  const { top, bottom } = element.getBoundingClientRect();
  return bottom > 0 && top < innerHeight;
}
