import { byId, setIcon } from "./dom.js";
import { keep, kept } from "./storage.js";

const order = ["auto", "light", "dark"];
const words = { auto: "as the system", light: "light", dark: "dark" };

/** The button that goes round the appearances; `onChange` follows each change of colours. */
export function setUpAppearance(onChange) {
  const button = byId("theme");
  let chosen = order.includes(kept("theme")) ? kept("theme") : "auto";
  const show = () => {
    if (chosen === "auto") delete document.documentElement.dataset.theme;
    else document.documentElement.dataset.theme = chosen;
    const next = order[(order.indexOf(chosen) + 1) % order.length];
    setIcon(button, chosen);
    button.setAttribute("aria-label", `Appearance: ${words[chosen]}. Change to ${words[next]}.`);
    button.title = `Appearance: ${words[chosen]}`;
    onChange();
  };
  button.addEventListener("click", () => {
    chosen = order[(order.indexOf(chosen) + 1) % order.length];
    keep("theme", chosen, { lasting: true });
    show();
  });
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", onChange);
  show();
}
