import { byId, h, icon } from "./dom.js";

/** Messages in place, one of each kind, above the microphone: what happened, and what to do about it. */
export class Notices {
  #place = byId("notices");
  #shown = new Map();

  /**
   * Shows a message of a kind, in place of an older one of it. `commands` are lines to run on the server, `actions`
   * buttons {label, act}; an `isProblem` is read out at once, anything else when there is a pause.
   */
  show(kind, { title, text, commands = [], actions = [], content = null, isProblem = true, canClose = true }) {
    const close = canClose && h("button", {
      class: "plain icon", type: "button", "aria-label": "Dismiss", onclick: () => this.hide(kind),
    }, icon("close"));
    const element = h("div", { class: "notice", "data-kind": kind, role: isProblem ? "alert" : "status" },
      icon("alert"),
      h("div", { class: "notice-words" },
        h("h2", { text: title }), text && h("p", { text }), ...commands.map(commandLine), content,
        actions.length > 0 && h("div", { class: "actions" }, ...actions.map(({ label, act }) => (
          h("button", { type: "button", text: label, onclick: act }))))),
      close);
    const old = this.#shown.get(kind);
    if (old) old.replaceWith(element);
    else this.#place.append(element);
    this.#shown.set(kind, element);
  }

  /** Takes a message away. */
  hide(...kinds) {
    for (const kind of kinds) {
      this.#shown.get(kind)?.remove();
      this.#shown.delete(kind);
    }
  }

  /** Asks for the server's token; resolves once one was given. */
  askForToken(wasWrong) {
    return new Promise((resolve) => {
      const field = h("input", { type: "password", id: "token", autocomplete: "off", required: true });
      const form = h("form", { class: "token" }, h("label", { class: "unseen", for: "token", text: "Token" }), field,
        h("button", { class: "primary", type: "submit", text: "Continue" }));
      form.addEventListener("submit", (event) => {
        event.preventDefault();
        if (!field.value.trim()) return;
        this.hide("token");
        resolve(field.value.trim());
      });
      this.show("token", {
        title: wasWrong ? "That token is not the server's" : "This server asks for its token",
        text: "It is printed where the server was started, at the end of the address (#token=…).",
        content: form, canClose: false,
      });
      field.focus();
    });
  }
}

function commandLine(command) {
  const button = h("button", { class: "copy", type: "button", text: "Copy", onclick: async () => {
    await navigator.clipboard.writeText(command);
    button.textContent = "Copied";
    setTimeout(() => (button.textContent = "Copy"), 1500);
  } });
  return h("div", { class: "command" }, h("code", { text: command }), navigator.clipboard ? button : null);
}
