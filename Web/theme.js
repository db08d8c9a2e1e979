// Loaded before the first paint, so that a chosen appearance does not flash.
{
  let chosen = null;
  try {
    chosen = localStorage.getItem("annie.theme");
  } catch {
    // Storage can be forbidden; the system's appearance then stands.
  }
  if (chosen === "light" || chosen === "dark") document.documentElement.dataset.theme = chosen;
}
