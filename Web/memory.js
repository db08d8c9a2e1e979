import { h } from "./dom.js";
import { whenAbout } from "./dates.js";
import { deletableRow, fillList } from "./deletable.js";

const typingPause = 250;

/** What she remembers of the user: to be searched, read and forgotten. */
export class MemoryView {
  #server;
  #list = h("div");
  #field = h("input", { type: "search", id: "memory-query", placeholder: "Search", autocomplete: "off" });
  #timer = null;
  #asked = 0;

  constructor(server, place) {
    this.#server = server;
    place.append(h("label", { class: "unseen", for: "memory-query", text: "Search memory" }), this.#field, this.#list);
    this.#field.addEventListener("input", () => {
      clearTimeout(this.#timer);
      this.#timer = setTimeout(() => this.show(), typingPause);
    });
  }

  /** Brings the list up to date. */
  show() {
    const query = this.#field.value.trim();
    const asked = (this.#asked += 1);
    return fillList(this.#list, {
      empty: query ? `Nothing about “${query}” is remembered.` : "Nothing is remembered yet. Tell her something to keep.",
      load: async () => {
        const { facts = [] } = await this.#server.json(`v1/memory?query=${encodeURIComponent(query)}`);
        // An answer that comes after a later question is stale.
        if (asked !== this.#asked) throw new DOMException("", "AbortError");
        return facts.map((fact) => this.#row(fact));
      },
    });
  }

  #row({ id, text, date }) {
    const body = h("div", { class: "fact" }, h("p", { text }), h("span", { class: "entry-details", text: whenAbout(date) }));
    return deletableRow({
      body, label: `Forget: ${text}`, question: "Forget this for good?",
      remove: () => this.#server.fetch(`v1/memory/${encodeURIComponent(id)}`, { method: "DELETE" }),
      onRemoved: () => { if (!this.#list.querySelector("li")) this.show(); },
    });
  }
}

/** The notes the user had her write down. */
export class NotesView {
  #server;
  #place;

  constructor(server, place) {
    this.#server = server;
    this.#place = place;
  }

  /** Brings the list up to date. */
  show() {
    return fillList(this.#place, {
      empty: "No notes yet. Ask her to write one down.",
      load: async () => (await this.#server.json("v1/notes")).notes?.map((note) => this.#row(note)) ?? [],
    });
  }

  #row({ id, title, text, date }) {
    const body = h("article", { class: "note" }, h("h2", { text: title }), h("p", { text }),
      h("span", { class: "entry-details", text: whenAbout(date) }));
    return deletableRow({
      body, label: `Delete the note “${title}”`, question: `Delete the note “${title}” for good?`,
      remove: () => this.#server.fetch(`v1/notes/${encodeURIComponent(id)}`, { method: "DELETE" }),
      onRemoved: () => { if (!this.#place.querySelector("li")) this.show(); },
    });
  }
}
