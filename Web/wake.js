/** Keeps the screen of a phone awake while one talks. */
export class WakeLock {
  #isWanted = false;
  #lock = null;

  constructor() {
    // The browser lets go of it whenever the page is out of sight.
    document.addEventListener("visibilitychange", () => this.#take());
  }

  /** Holds it, or lets it go. */
  hold(isWanted) {
    this.#isWanted = isWanted;
    if (isWanted) this.#take();
    else this.#lock?.release().catch(() => {});
  }

  async #take() {
    if (!this.#isWanted || document.hidden || !navigator.wakeLock || this.#lock?.released === false) return;
    try {
      this.#lock = await navigator.wakeLock.request("screen");
      if (!this.#isWanted) await this.#lock.release();
    } catch {
      // A low battery forbids it; the call does not depend on it.
    }
  }
}
