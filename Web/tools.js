import { h, icon } from "./dom.js";

// While it runs, and afterwards.
const words = {
  web_search: ["Searching the web", "Searched the web"],
  search_memory: ["Looking in memory", "Looked in memory"],
  remember: ["Remembering", "Remembered"],
  save_note: ["Writing a note", "Wrote a note"],
  list_notes: ["Reading the notes", "Read the notes"],
  delete_note: ["Deleting a note", "Deleted a note"],
  current_time: ["Looking at the clock", "Looked at the clock"],
};

/** What she is doing while a tool runs, in words. */
export function whileRunning(name) {
  return words[name]?.[0] ?? (name ? `Using ${plain(name)}` : "Using a tool");
}

function afterwards(name) {
  return words[name]?.[1] ?? `Used ${plain(name)}`;
}

function plain(name) {
  return name.replaceAll(/[_.-]+/g, " ").trim();
}

/** A tool call as a row that opens to show what was asked and what came back. */
export class ToolRow {
  #name;
  #began = performance.now();
  #title = h("span", { class: "tool-title" });
  #gist = h("span", { class: "tool-gist" });
  #time = h("span", { class: "tool-time" });
  #sign = h("span", { class: "tool-sign" }, icon("turn"));
  #body = h("div", { class: "tool-body" });
  element = h("details", { class: "tool", "data-state": "running" },
    h("summary", {}, this.#sign, this.#title, this.#gist, this.#time), this.#body);

  constructor(name, args) {
    this.#name = name;
    this.#title.textContent = whileRunning(name);
    this.ask(args);
  }

  /** Shows what was asked of the tool. */
  ask(args) {
    const value = parsed(args);
    if (value === undefined) return;
    this.#gist.textContent = gist(value);
    this.#section("Asked", value);
  }

  /** Shows how it ended; `isTimed` says whether it ran just now, so that its time is known. */
  finish({ result, isError = false, isCancelled = false, isTimed = true }) {
    if (!this.isRunning) return;
    this.element.dataset.state = isError || isCancelled ? "failed" : "done";
    this.#title.textContent = isCancelled ? `${whileRunning(this.#name)}, stopped` : afterwards(this.#name);
    if (isError) this.#title.textContent += ", which failed";
    this.#sign.replaceChildren(icon(isError || isCancelled ? "alert" : "check"));
    if (isTimed) this.#time.textContent = `${((performance.now() - this.#began) / 1000).toFixed(1)} s`;
    const value = parsed(result);
    if (value !== undefined) this.#section(isError ? "What went wrong" : "Came back", value);
  }

  /** Whether it has not ended. */
  get isRunning() {
    return this.element.dataset.state === "running";
  }

  #section(title, value) {
    const text = typeof value === "string" ? value : JSON.stringify(value, null, 2);
    const old = [...this.#body.children].find((section) => section.dataset.title === title);
    const section = h("div", { "data-title": title }, h("h4", { text: title }), h("pre", { text, tabindex: "0" }));
    if (old) old.replaceWith(section);
    else this.#body.append(section);
  }
}

// Arguments and results come as text, as JSON in text, or as objects.
function parsed(value) {
  if (value === undefined || value === null || value === "") return undefined;
  if (typeof value !== "string") return Object.keys(value).length > 0 ? value : undefined;
  try {
    const object = JSON.parse(value);
    if (object === null || typeof object !== "object") return value;
    return Object.keys(object).length > 0 ? object : undefined;
  } catch {
    return value;
  }
}

function gist(value) {
  const text = typeof value === "string" ? value : Object.values(value).find((part) => typeof part === "string") ?? "";
  return text.length > 80 ? `${text.slice(0, 79)}…` : text;
}
