import { byId } from "./dom.js";

/** Her voice, and its silence the moment the user wants it. */
export class VoicePlayer {
  #audio = byId("voice");
  #timer = null;

  /** Plays a stream; `onBlocked` is called where the browser wants a press first. */
  play(stream, onBlocked) {
    this.#audio.srcObject = stream;
    this.#audio.play().catch((error) => {
      if (error.name === "NotAllowedError") onBlocked();
    });
  }

  /** Tries again, after a press. */
  resume() {
    return this.#audio.play();
  }

  /** Silence at once: what is still on its way is not heard. */
  hush() {
    this.#audio.muted = true;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.unhush(), 2000);
  }

  /** The next reply may be heard. */
  unhush() {
    clearTimeout(this.#timer);
    this.#audio.muted = false;
  }

  /** Ends. */
  stop() {
    this.unhush();
    this.#audio.srcObject = null;
  }
}
