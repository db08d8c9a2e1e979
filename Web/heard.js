/**
 * How far `text` has been said aloud, once `spoken` was said after position `from`. What is said differs from what is
 * shown (numbers in words, no symbols), so the end is looked for by its last words, and estimated where they are absent.
 */
export function advance(text, from, spoken) {
  const said = words(spoken);
  if (said.length === 0) return from;
  const rest = words(text.slice(from));
  const reach = Math.min(rest.length, said.length * 2 + 4);
  for (const count of [3, 2, 1]) {
    if (said.length < count) continue;
    const ending = said.slice(-count).map(({ word }) => word);
    const place = closest(rest, ending, reach, said.length - count);
    if (place !== null) return from + pastPunctuation(text.slice(from), rest[place + count - 1].end);
  }
  const estimate = rest[Math.min(rest.length, said.length) - 1];
  return estimate ? from + pastPunctuation(text.slice(from), estimate.end) : text.length;
}

function words(text) {
  return [...text.matchAll(/[\p{L}\p{N}]+(?:['’][\p{L}]+)*/gu)].map((match) => (
    { word: match[0].toLowerCase().replaceAll("’", "'"), end: match.index + match[0].length }));
}

// Of the places where `ending` stands, the one nearest to where it is expected.
function closest(rest, ending, reach, expected) {
  let best = null;
  for (let place = 0; place + ending.length <= reach; place += 1) {
    if (!ending.every((word, index) => rest[place + index].word === word)) continue;
    if (best === null || Math.abs(place - expected) < Math.abs(best - expected)) best = place;
  }
  return best;
}

function pastPunctuation(text, position) {
  return position + /^[^\p{L}\p{N}\s]*/u.exec(text.slice(position))[0].length;
}
