/** Finds an element of the page by its id. */
export const byId = (id) => document.getElementById(id);

/**
 * Makes an element. Properties are attributes, except `class`, `text` and listeners (`onclick`, …); strings among the
 * children become text, so nothing from outside can become markup.
 */
export function h(name, properties = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(properties)) {
    if (value === undefined || value === null || value === false) continue;
    if (key === "class") element.className = value;
    else if (key === "text") element.textContent = value;
    else if (key.startsWith("on")) element.addEventListener(key.slice(2), value);
    else element.setAttribute(key, value === true ? "" : value);
  }
  element.append(...children.filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

/** Makes an icon from the page's sprite. */
export function icon(name) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  const use = document.createElementNS("http://www.w3.org/2000/svg", "use");
  use.setAttribute("href", `#i-${name}`);
  svg.setAttribute("aria-hidden", "true");
  svg.append(use);
  return svg;
}

/** Changes which icon a button shows. */
export function setIcon(button, name) {
  button.querySelector("use").setAttribute("href", `#i-${name}`);
}

/** Says something to screen readers, after what they are saying. */
export function announce(text) {
  const place = byId("announcer");
  if (place.childElementCount > 20) place.firstElementChild.remove();
  place.append(h("p", { text }));
}

/** Whether `target` takes typed text. */
export function takesText(target) {
  return target instanceof Element && target.closest("input, textarea, select, [contenteditable]") !== null;
}

/** Whether `target` is pressed by the space bar. */
export function isPressable(target) {
  return target instanceof Element && target.closest("button, summary, a[href], [role=tab]") !== null;
}
