import { h } from "./dom.js";

/**
 * A row of a list that can be deleted, after it was asked for a second time in its place. `remove()` does it and may
 * reject; its message then stands in the row.
 */
export function deletableRow({ body, question, label, remove, onRemoved }) {
  const row = h("li", { class: "entry" });
  const ask = h("button", { class: "quiet delete", type: "button", text: "Delete", "aria-label": label });
  const show = () => row.replaceChildren(body, ask);
  const say = (text) => row.append(h("p", { class: "broken", role: "alert", text }));
  const confirm = () => {
    const yes = h("button", { class: "danger", type: "button", text: "Delete", onclick: act });
    const no = h("button", { class: "quiet", type: "button", text: "Keep", onclick: () => { show(); ask.focus(); } });
    row.replaceChildren(h("p", { class: "question", text: question }), h("div", { class: "actions" }, yes, no));
    row.addEventListener("keydown", cancelOnEscape);
    no.focus();
  };
  const cancelOnEscape = (event) => {
    if (event.key !== "Escape") return;
    event.stopPropagation();
    row.removeEventListener("keydown", cancelOnEscape);
    show();
    ask.focus();
  };
  async function act() {
    try {
      await remove();
      const next = row.nextElementSibling ?? row.previousElementSibling;
      row.remove();
      next?.querySelector("button")?.focus();
      onRemoved?.();
    } catch (error) {
      show();
      say(error.message);
    }
  }
  ask.addEventListener("click", confirm);
  show();
  return row;
}

/** Shows the rows that `load()` brings, a word where there are none, or why they could not be had. */
export async function fillList(place, { load, empty }) {
  place.setAttribute("aria-busy", "true");
  try {
    const rows = await load();
    place.replaceChildren(...(rows.length > 0 ? [h("ul", { class: "entries" }, ...rows)]
      : [h("p", { class: "nothing", text: empty })]));
  } catch (error) {
    if (error.name !== "AbortError") place.replaceChildren(h("p", { class: "broken", role: "alert", text: error.message }));
  } finally {
    place.removeAttribute("aria-busy");
  }
}
