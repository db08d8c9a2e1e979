import { isPressable, takesText } from "./dom.js";

/** The page's keys: Space or M talks, Esc stops what is nearest, / writes. Text fields keep their own. */
export function setUpKeyboard({ talk, escape, write }) {
  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "Escape") {
      escape();
      return;
    }
    if (takesText(event.target) || event.repeat || (event.key === " " && isPressable(event.target))) return;
    const act = { " ": talk, m: talk, M: talk, "/": write }[event.key];
    if (!act) return;
    event.preventDefault();
    act();
  });
}
