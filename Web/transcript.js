import { byId, h } from "./dom.js";
import { parseDate, whenExactly } from "./dates.js";
import { ReplyRow } from "./reply.js";

const longPause = 45 * 60_000;

/** The conversation as rows: the user's words, her replies, and a date where time has passed. */
export class Transcript {
  #list = byId("transcript");
  #room = byId("main");
  #latest = byId("latest");
  #isFollowing = true;
  #lastDate = null;
  #name;

  /** `name()` is what she is called. */
  constructor({ name }) {
    this.#name = name;
    this.#room.addEventListener("scroll", () => this.#noticeScroll(), { passive: true });
    this.#latest.addEventListener("click", () => this.#follow());
    new ResizeObserver(() => this.#settle()).observe(this.#room);
  }

  /** Removes all. */
  clear() {
    this.#list.replaceChildren();
    this.#lastDate = null;
    this.#isFollowing = true;
    this.#settle();
  }

  /** Shows a conversation that was held before. */
  load(messages) {
    this.clear();
    let reply = null;
    for (const message of messages) {
      if (message.role === "user") {
        reply = null;
        this.user(message.content, { date: message.date });
      } else if (message.role === "assistant") {
        reply ??= this.reply();
        showPast(reply, message);
      } else if (message.role === "tool" && reply) {
        reply.toolFinished({
          id: message.tool_call_id, name: message.name ?? "", result: message.content,
          isError: message.is_error ?? false, isTimed: false,
        });
      }
    }
    this.#follow();
  }

  /** A row of the user's words. */
  user(text, { date = new Date(), isPartial = false } = {}) {
    this.#dateIfLate(date);
    const words = h("p", { class: "words", text });
    const element = h("li", { class: "yours" }, h("span", { class: "unseen", text: "You: " }), words);
    element.classList.toggle("partial", isPartial);
    this.#list.append(element);
    this.#settle();
    return {
      element,
      text: () => words.textContent,
      set: (changed, stillPartial) => {
        words.textContent = changed;
        element.classList.toggle("partial", stillPartial);
        this.#settle();
      },
    };
  }

  /** A row for a reply that begins. */
  reply({ isSpoken = false } = {}) {
    const row = new ReplyRow({ name: this.#name(), isSpoken, onChange: () => this.#settle() });
    this.#list.append(row.element);
    this.#settle();
    return row;
  }

  /** Takes a row back. */
  remove(row) {
    row?.element.remove();
    this.#settle();
  }

  /** Brings the newest words into view, and keeps them there. */
  followLatest() {
    this.#follow();
  }

  /** Whether nothing was said. */
  get isEmpty() {
    return this.#list.childElementCount === 0;
  }

  #dateIfLate(value) {
    const date = parseDate(value);
    if (!date) return;
    const isLate = this.#lastDate ? date - this.#lastDate > longPause : Date.now() - date > longPause;
    if (isLate) this.#list.append(h("li", { class: "date" }, h("time", { text: whenExactly(date) })));
    this.#lastDate = date;
  }

  #noticeScroll() {
    const below = this.#room.scrollHeight - this.#room.scrollTop - this.#room.clientHeight;
    this.#isFollowing = below < 60;
    this.#latest.hidden = this.#isFollowing;
  }

  #settle() {
    document.documentElement.toggleAttribute("data-empty", this.isEmpty);
    if (this.#isFollowing) this.#room.scrollTop = this.#room.scrollHeight;
    else this.#noticeScroll();
  }

  #follow() {
    this.#isFollowing = true;
    this.#latest.hidden = true;
    this.#settle();
  }
}

function showPast(reply, message) {
  for (const call of message.tool_calls ?? []) {
    reply.toolStarted({
      id: call.id, name: call.name ?? call.function?.name ?? "", args: call.arguments ?? call.function?.arguments,
    });
    if (call.result !== undefined) {
      reply.toolFinished({ id: call.id, result: call.result, isError: call.is_error ?? false, isTimed: false });
    }
  }
  if (!message.content && !message.interrupted) return;
  const text = [reply.text, message.content].filter(Boolean).join("\n\n");
  reply.finish({ text, interrupted: message.interrupted ?? false, quiet: true });
}
