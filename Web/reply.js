import { announce, h } from "./dom.js";
import { advance } from "./heard.js";
import { markdown } from "./markdown.js";
import { ToolRow } from "./tools.js";
import { timingRow } from "./timing.js";

/** One reply of hers in the transcript: text that grows, what of it was heard, tools used, and how long it took. */
export class ReplyRow {
  #text = "";
  #heard = 0;
  #isSpoken;
  #isFinished = false;
  #frame = null;
  #tools = new Map();
  #toolList = h("div", { class: "tools" });
  #body = h("div", { class: "words" });
  #foot = h("div", { class: "foot" });
  #onChange;

  /** `isSpoken`: the words are shown faintly until they have been said aloud. */
  constructor({ name, isSpoken = false, onChange }) {
    this.#isSpoken = isSpoken;
    this.#onChange = onChange;
    this.element = h("li", { class: "hers answering" },
      h("span", { class: "unseen", text: `${name}: ` }), this.#toolList, this.#body, this.#foot);
  }

  /** What is shown. */
  get text() {
    return this.#text;
  }

  /** More of her words, as they are thought of. */
  append(text) {
    this.#text += text;
    this.#render();
  }

  /** Words that are now said aloud; they count as hers even where they were not announced before. */
  say(words) {
    if (this.#text.slice(this.#heard).trim() === "") {
      const gap = this.#text && !/\s$/.test(this.#text) && !/^\s/.test(words) ? " " : "";
      this.#text += gap + words;
      this.#heard = this.#text.length;
    } else {
      this.#heard = advance(this.#text, this.#heard, words);
    }
    this.#render();
  }

  /** Of all that was said, these words were heard. */
  wasHeard(words) {
    this.#heard = words.trim() === "" ? 0 : advance(this.#text, 0, words);
    this.#render();
  }

  /** A spoiled reply is tried again: what was shown is void. */
  restart() {
    this.#text = "";
    this.#heard = 0;
    this.#render();
  }

  /** The end. `text`, where given, is the whole; `interrupted` keeps only what was heard. */
  finish({ text, interrupted = false, quiet = false } = {}) {
    if (text !== undefined) this.#text = text;
    if (interrupted) {
      if (this.#isSpoken) this.#text = this.#text.slice(0, this.#heard).trimEnd();
      this.element.classList.add("interrupted");
    }
    for (const tool of this.#tools.values()) if (tool.isRunning) tool.finish({ isCancelled: true });
    this.#heard = this.#text.length;
    this.#isFinished = true;
    this.element.classList.remove("answering");
    this.#render();
    if (this.#text && !quiet) announce(this.#text);
    this.#addCopy();
  }

  /** Shows that the reply broke off, and why. */
  fail(message) {
    this.finish({ quiet: true });
    this.#foot.append(h("p", { class: "broken", role: "alert", text: message }));
  }

  /** Begins a tool's row, or brings it up to date. */
  toolStarted({ id, name, args }) {
    const known = this.#tools.get(id);
    if (known) {
      known.ask(args);
      return;
    }
    const tool = new ToolRow(name, args);
    this.#tools.set(id, tool);
    this.#toolList.append(tool.element);
    this.#onChange();
  }

  /** Ends a tool's row. */
  toolFinished({ id, name, args, ...end }) {
    if (!this.#tools.has(id)) this.toolStarted({ id, name, args });
    this.#tools.get(id).finish(end);
    this.#onChange();
  }

  /** Shows how long the turn's stages took. */
  time(turn) {
    this.#foot.querySelector(".timing")?.remove();
    this.#foot.prepend(timingRow(turn));
    this.#onChange();
  }

  /** Whether there is nothing to see. */
  get isEmpty() {
    return this.#text.trim() === "" && this.#tools.size === 0;
  }

  // Many words can come between two pictures on the screen.
  #render() {
    this.#frame ??= requestAnimationFrame(() => {
      this.#frame = null;
      this.#draw();
      this.#onChange();
    });
  }

  #draw() {
    if (this.#isSpoken && !this.#isFinished) {
      this.#body.replaceChildren(h("p", {}, this.#text.slice(0, this.#heard),
        h("span", { class: "ahead", text: this.#text.slice(this.#heard) })));
    } else {
      this.#body.replaceChildren(...markdown(this.#text));
    }
  }

  #addCopy() {
    if (!this.#text || this.#foot.querySelector(".copy") || !navigator.clipboard) return;
    const button = h("button", { class: "copy", type: "button", text: "Copy", onclick: async () => {
      await navigator.clipboard.writeText(this.#text);
      button.textContent = "Copied";
      setTimeout(() => (button.textContent = "Copy"), 1500);
    } });
    this.#foot.append(button);
  }
}
