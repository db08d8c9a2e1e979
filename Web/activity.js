import { whileRunning } from "./tools.js";

/** What she and the line are doing, from what has been reported; tells `onChange` when the answer changes. */
export class Activity {
  #facts = { call: "off", isMuted: false, isUserSpeaking: false, isThinking: false, isWriting: false, isSpeaking: false };
  #tools = new Map();
  #onChange;

  constructor(onChange) {
    this.#onChange = onChange;
  }

  /** Notes what has changed. */
  set(facts) {
    Object.assign(this.#facts, facts);
    this.#onChange(this);
  }

  /** A tool has begun. */
  toolStarted(id, name) {
    this.#tools.set(id, name);
    this.#onChange(this);
  }

  /** A tool has ended. */
  toolFinished(id) {
    this.#tools.delete(id);
    this.#onChange(this);
  }

  /** The turn is over, however it ended. */
  rest() {
    this.#tools.clear();
    this.set({ isThinking: false, isWriting: false, isSpeaking: false });
  }

  /** Whether there is something to interrupt. */
  get isAnswering() {
    const { isThinking, isWriting, isSpeaking } = this.#facts;
    return isThinking || isWriting || isSpeaking || this.#tools.size > 0;
  }

  /** The state's name: idle, connecting, reconnecting, listening, hearing, thinking, tool, writing, speaking or muted. */
  get state() {
    const { call, isMuted, isUserSpeaking, isThinking, isWriting, isSpeaking } = this.#facts;
    if (call === "connecting" || call === "reconnecting") return call;
    if (call === "on" && isUserSpeaking && !isMuted) return "hearing";
    if (isSpeaking) return "speaking";
    if (this.#tools.size > 0) return "tool";
    if (isWriting && call === "off") return "writing";
    if (isThinking || isWriting) return "thinking";
    if (call === "off") return "idle";
    return isMuted ? "muted" : "listening";
  }

  /** The state for people. */
  get words() {
    switch (this.state) {
      case "connecting": return "Connecting";
      case "reconnecting": return "Reconnecting";
      case "hearing": return "Hearing you";
      case "speaking": return "Speaking";
      case "tool": return whileRunning([...this.#tools.values()].at(-1));
      case "writing": return "Writing";
      case "thinking": return "Thinking";
      case "muted": return "Your microphone is off";
      case "listening": return "Listening";
      default: return "";
    }
  }
}
