import { h } from "./dom.js";
import { whenAbout } from "./dates.js";
import { deletableRow, fillList } from "./deletable.js";

/** The conversations that can be taken up again. */
export class SessionsView {
  #server;
  #place;
  #current;
  #onOpen;
  #onDeleted;

  /** `current()` is the session on show; `onOpen(id)` and `onDeleted(id)` follow the user's wish. */
  constructor(server, place, { current, onOpen, onDeleted }) {
    this.#server = server;
    this.#place = place;
    this.#current = current;
    this.#onOpen = onOpen;
    this.#onDeleted = onDeleted;
  }

  /** Brings the list up to date. */
  show() {
    return fillList(this.#place, {
      empty: "Conversations are kept here, to be taken up again.",
      load: async () => {
        const { sessions = [] } = await this.#server.json("v1/sessions");
        return sessions.filter(({ turn_count: turns }) => turns !== 0).map((session) => this.#row(session));
      },
    });
  }

  #row({ id, title, updated_at: updated, turn_count: turns }) {
    const name = title || "Nothing said yet";
    const details = [whenAbout(updated), turns > 0 && `${turns} turn${turns === 1 ? "" : "s"}`].filter(Boolean);
    const body = h("button", {
      class: "open", type: "button", "aria-current": id === this.#current() ? "true" : null, onclick: () => this.#onOpen(id),
    }, h("span", { class: "entry-title", text: name }), h("span", { class: "entry-details", text: details.join(" · ") }));
    return deletableRow({
      body, label: `Delete the conversation “${name}”`, question: `Delete “${name}” for good?`,
      remove: () => this.#server.fetch(`v1/sessions/${encodeURIComponent(id)}`, { method: "DELETE" }),
      onRemoved: () => { this.#onDeleted(id); this.#showIfEmpty(); },
    });
  }

  #showIfEmpty() {
    if (!this.#place.querySelector("li")) this.show();
  }
}
