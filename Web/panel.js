import { byId } from "./dom.js";
import { keep, kept } from "./storage.js";

/** The room beside the conversation, with one view at a time. */
export class Panel {
  #panel = byId("panel");
  #toggle = byId("panel-toggle");
  #tabs = [...byId("tabs").children];
  #onShow;
  #narrow = matchMedia("(max-width: 60rem)");

  /** `onShow(name)` is called when "sessions", "memory", "notes" or "timing" comes into view. */
  constructor(onShow) {
    this.#onShow = onShow;
    this.#toggle.addEventListener("click", () => (this.isOpen ? this.close() : this.open()));
    byId("panel-close").addEventListener("click", () => this.close());
    for (const tab of this.#tabs) tab.addEventListener("click", () => this.#select(tab));
    byId("tabs").addEventListener("keydown", (event) => this.#moveWithArrows(event));
    this.#narrow.addEventListener("change", () => this.#cover());
    this.#select(byId(`tab-${kept("view")}`) ?? this.#tabs[0], { isQuiet: true });
  }

  /** Whether it is shown. */
  get isOpen() {
    return !this.#panel.hidden;
  }

  /** Which view is shown; null while closed. */
  get view() {
    return this.isOpen ? name(this.#selected) : null;
  }

  /** Shows it. */
  open() {
    this.#panel.hidden = false;
    this.#toggle.setAttribute("aria-expanded", "true");
    document.documentElement.toggleAttribute("data-panel", true);
    this.#cover();
    this.#selected.focus();
    this.#onShow(this.view);
  }

  /** Hides it, and gives the focus back. */
  close() {
    const hadFocus = this.#panel.contains(document.activeElement);
    this.#panel.hidden = true;
    this.#toggle.setAttribute("aria-expanded", "false");
    document.documentElement.toggleAttribute("data-panel", false);
    this.#cover();
    if (hadFocus) this.#toggle.focus();
  }

  /** Hides it where it covers the conversation. */
  closeIfCovering() {
    if (this.isOpen && this.#narrow.matches) this.close();
  }

  get #selected() {
    return this.#tabs.find((tab) => tab.getAttribute("aria-selected") === "true");
  }

  // What lies beneath a covering panel is out of reach, for the keyboard too.
  #cover() {
    document.querySelector(".app").inert = this.isOpen && this.#narrow.matches;
  }

  #select(selected, { isQuiet = false } = {}) {
    for (const tab of this.#tabs) {
      const isSelected = tab === selected;
      tab.setAttribute("aria-selected", String(isSelected));
      tab.tabIndex = isSelected ? 0 : -1;
      byId(tab.getAttribute("aria-controls")).hidden = !isSelected;
    }
    if (isQuiet) return;
    keep("view", name(selected));
    this.#onShow(name(selected));
  }

  #moveWithArrows(event) {
    const index = this.#tabs.indexOf(document.activeElement);
    const last = this.#tabs.length - 1;
    const next = {
      ArrowRight: index === last ? 0 : index + 1, ArrowLeft: index === 0 ? last : index - 1, Home: 0, End: last,
    }[event.key];
    if (index < 0 || next === undefined) return;
    event.preventDefault();
    this.#select(this.#tabs[next]);
    this.#tabs[next].focus();
  }
}

function name(tab) {
  return tab.id.replace("tab-", "");
}
