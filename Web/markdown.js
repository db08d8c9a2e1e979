import { h } from "./dom.js";

/** Nodes for the little markdown a model writes: paragraphs, lists, code, emphasis and web links. */
export function markdown(text) {
  const nodes = [];
  text.split(/^```/m).forEach((part, index) => {
    if (index % 2 === 1) nodes.push(codeBlock(part));
    else nodes.push(...blocks(part));
  });
  return nodes;
}

function codeBlock(part) {
  const code = part.replace(/^[^\n]*\n?/, "").replace(/\n$/, "");
  return h("pre", { tabindex: "0" }, h("code", { text: code }));
}

function blocks(text) {
  return text.split(/\n{2,}/).map((block) => block.trim()).filter(Boolean).flatMap((block) => groups(block));
}

// Lines of one block, gathered into lists and paragraphs.
function groups(block) {
  const nodes = [];
  let kind = null;
  let lines = [];
  const flush = () => {
    if (lines.length === 0) return;
    if (kind === "p") nodes.push(h("p", {}, ...inline(lines.join("\n"))));
    else nodes.push(h(kind, {}, ...lines.map((line) => h("li", {}, ...inline(line)))));
    lines = [];
  };
  for (const line of block.split("\n")) {
    const item = /^\s*(?:([-*•])|(\d{1,3})[.)])\s+(.*)$/.exec(line);
    const next = item ? (item[1] ? "ul" : "ol") : "p";
    if (next !== kind) flush();
    kind = next;
    lines.push(item ? item[3] : line.replace(/^#{1,6}\s+/, ""));
  }
  flush();
  return nodes;
}

const inlinePattern = /(`[^`\n]+`|\*\*[^*\n]+\*\*|\*[^*\s][^*\n]*\*|\[[^\]\n]+\]\(https?:\/\/[^\s)]+\)|https?:\/\/[^\s<>)\]]+)/;

function inline(text) {
  return text.split(inlinePattern).filter(Boolean).map((piece) => {
    if (/^`.+`$/.test(piece)) return h("code", { text: piece.slice(1, -1) });
    if (/^\*\*.+\*\*$/.test(piece)) return h("strong", { text: piece.slice(2, -2) });
    if (/^\*[^*]+\*$/.test(piece)) return h("em", { text: piece.slice(1, -1) });
    const named = /^\[(.+)\]\((https?:.+)\)$/.exec(piece);
    if (named) return link(named[2], named[1]);
    if (/^https?:\/\//.test(piece)) return link(piece, piece);
    return piece;
  });
}

function link(address, text) {
  return h("a", { href: address, text, target: "_blank", rel: "noopener noreferrer" });
}
