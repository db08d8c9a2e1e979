import { h } from "./dom.js";

/** The stages of a turn, in their order: key on the wire, class for the colour, and what it is called. */
const stages = [
  { key: "silence", title: "sure you had ended" },
  { key: "decode", title: "understood your words" },
  { key: "first_token", title: "first word thought of" },
  { key: "first_clause", title: "first clause ready" },
  { key: "synthesis", title: "voice made" },
  { key: "writing", title: "rest written" },
];

/** A spoken turn from the stages of its "turn-metrics", in milliseconds. */
export function spokenTurn({ turn, stages: measured = {} }) {
  const parts = present(measured);
  return { number: turn, kind: "spoken", parts, total: measured.total ?? sum(parts) };
}

/** A typed turn from the timings of its "done", in milliseconds. */
export function typedTurn(timings = {}) {
  const { first_token: first, total } = timings;
  const parts = present({ first_token: first, writing: first !== undefined && total > first ? total - first : undefined });
  return {
    kind: "typed", parts, total: total ?? sum(parts), promptTokens: timings.prompt_tokens,
    cachedTokens: timings.cached_tokens, completionTokens: timings.completion_tokens,
  };
}

function present(measured) {
  return stages.filter(({ key }) => measured[key] > 0).map((stage) => ({ ...stage, value: measured[stage.key] }));
}

function sum(parts) {
  return parts.reduce((total, { value }) => total + value, 0);
}

/** "430 ms" or "1.24 s". */
export function duration(milliseconds) {
  return milliseconds < 1000 ? `${Math.round(milliseconds)} ms` : `${(milliseconds / 1000).toFixed(2)} s`;
}

/** The stages side by side, `scale` milliseconds to the full width, with a mark where the turn's total is. */
export function stackedBar({ parts, total }, scale) {
  const bar = h("span", { class: "bar", "aria-hidden": "true" });
  for (const { key, value } of parts) {
    const segment = h("span", { class: `segment stage-${key}` });
    segment.style.width = `${(100 * value) / scale}%`;
    bar.append(segment);
  }
  if (total < sum(parts) * 0.97) {
    const mark = h("span", { class: "mark" });
    mark.style.left = `${(100 * total) / scale}%`;
    bar.append(mark);
  }
  return bar;
}

/** What each colour is, with a turn's numbers. */
export function legend({ parts, total, kind, promptTokens, cachedTokens, completionTokens }) {
  const rows = parts.map(({ key, title, value }) => h("div", {},
    h("dt", {}, h("span", { class: `swatch stage-${key}`, "aria-hidden": "true" }), title),
    h("dd", { text: duration(value) })));
  const isOverlapping = total < sum(parts) * 0.97;
  rows.push(h("div", { class: "total" },
    h("dt", { text: `${kind === "spoken" ? "until you heard her" : "in all"}${isOverlapping ? " (stages overlap)" : ""}` }),
    h("dd", { text: duration(total) })));
  if (promptTokens !== undefined && promptTokens !== null) {
    const cached = cachedTokens ? `, ${cachedTokens} remembered` : "";
    rows.push(h("div", {}, h("dt", { text: "tokens read and written" }),
      h("dd", { text: `${promptTokens}${cached}; ${completionTokens ?? 0}` })));
  }
  return h("dl", { class: "legend" }, ...rows);
}

/** The bar below a reply, which opens to the legend. */
export function timingRow(turn) {
  const scale = Math.max(sum(turn.parts), turn.total, 1);
  const words = turn.kind === "spoken" ? "to her voice" : "in all";
  return h("details", { class: "timing" },
    h("summary", {}, stackedBar(turn, scale), h("span", { text: duration(turn.total) }),
      h("span", { class: "unseen", text: ` ${words}; stages` })),
    legend(turn));
}

/** All turns since the page was opened, as the panel shows them. */
export class TimingView {
  #turns = [];
  #place;

  constructor(place) {
    this.#place = place;
    this.show();
  }

  /** Adds a turn. */
  add(turn) {
    this.#turns.push(turn);
    this.show();
  }

  /** Draws the turns, the newest first. */
  show() {
    if (this.#turns.length === 0) {
      this.#place.replaceChildren(h("p", { class: "nothing",
        text: "How long each stage of a turn takes is shown here once you have talked." }));
      return;
    }
    const groups = ["spoken", "typed"].map((kind) => this.#group(kind)).filter(Boolean);
    this.#place.replaceChildren(...groups);
  }

  #group(kind) {
    const turns = this.#turns.filter((turn) => turn.kind === kind);
    if (turns.length === 0) return null;
    const scale = Math.max(...turns.map((turn) => Math.max(sum(turn.parts), turn.total)), 1);
    const title = kind === "spoken" ? "From your last sound to her first" : "Typed";
    return h("section", { class: "timing-group" },
      h("h2", { text: title }),
      h("p", { class: "median" }, h("strong", { text: duration(median(turns.map(({ total }) => total))) }),
        ` median of ${turns.length} turn${turns.length === 1 ? "" : "s"}`),
      h("ul", { class: "key" }, ...used(turns).map(({ key, title: name }) => h("li", {},
        h("span", { class: `swatch stage-${key}`, "aria-hidden": "true" }), name))),
      h("ol", { class: "turns" }, ...turns.map((turn, index) => this.#row(turn, index + 1, scale)).reverse()));
  }

  #row(turn, number, scale) {
    return h("li", {}, h("details", { class: "turn" },
      h("summary", {}, h("span", { class: "turn-number", text: String(number) }), stackedBar(turn, scale),
        h("span", { class: "turn-total", text: duration(turn.total) })),
      legend(turn)));
  }
}

function used(turns) {
  return stages.filter(({ key }) => turns.some(({ parts }) => parts.some((part) => part.key === key)));
}

function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}
