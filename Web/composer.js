import { byId, setIcon } from "./dom.js";

/** The field to write in: grows with its text, Enter sends, and the button stops a reply that is being written. */
export class Composer {
  #form = byId("composer");
  #draft = byId("draft");
  #button = byId("send");
  #isAnswering = false;

  /** `onSend(text)` and `onStop()` are the user's wishes. */
  constructor({ onSend, onStop }) {
    const submit = () => {
      const text = this.#draft.value.trim();
      if (text === "") {
        if (this.#isAnswering) onStop();
        return;
      }
      this.put("");
      onSend(text);
    };
    this.#form.addEventListener("submit", (event) => {
      event.preventDefault();
      submit();
    });
    this.#draft.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
      event.preventDefault();
      submit();
    });
    this.#draft.addEventListener("input", () => this.#update());
  }

  /** Puts text into the field. */
  put(text) {
    this.#draft.value = text;
    this.#update();
  }

  /** Puts text back that could not be sent, unless the user has begun something new. */
  giveBack(text) {
    if (this.#draft.value === "") this.put(text);
  }

  /** Turns the button into one that stops the reply, and back. */
  setAnswering(isAnswering) {
    this.#isAnswering = isAnswering;
    this.#update();
  }

  /** Moves the focus there. */
  focus() {
    this.#draft.focus();
  }

  #update() {
    this.#draft.style.height = "auto";
    this.#draft.style.height = `${this.#draft.scrollHeight + 2}px`;
    const isStop = this.#isAnswering && this.#draft.value.trim() === "";
    setIcon(this.#button, isStop ? "stop" : "send");
    this.#button.setAttribute("aria-label", isStop ? "Stop" : "Send");
    this.#button.disabled = !isStop && this.#draft.value.trim() === "";
  }
}
