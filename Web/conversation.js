import { chat } from "./chat.js";
import { spokenTurn, typedTurn } from "./timing.js";

// A turn's words are decoded in a fraction of this; after it, what was heard was no speech.
const wordsExpectedWithin = 4000;
const interruptionExpectedWithin = 200;

/** Turns what arrives, over a call or for typed words, into rows of the transcript and a state. */
export class Conversation {
  #transcript;
  #activity;
  #handlers;
  #reply = null;
  #lastReply = null;
  #userRow = null;
  #bySpokenOutput = false;
  #isModelWriting = false;
  #typing = null;
  #waiting = null;
  /** Whether her replies are heard as well as shown. */
  isVoiced = true;

  /** Handlers: `onTurn(turn)` for its timing, `onError(message)`, `onToolFinished(name)`, `onSession(id)`. */
  constructor({ transcript, activity, handlers }) {
    this.#transcript = transcript;
    this.#activity = activity;
    this.#handlers = handlers;
  }

  /** Another conversation is on show: nothing of the last one may arrive any more. */
  reset() {
    this.#typing?.abort();
    this.#typing = null;
    this.#reply = this.#lastReply = this.#userRow = null;
    this.#isModelWriting = false;
    clearTimeout(this.#waiting);
    this.#activity.rest();
  }

  // ---- Over a call

  /** An RTVI message. */
  receive(type, data) {
    const handle = this.#messages[type];
    if (handle) handle(data);
  }

  #messages = {
    "user-started-speaking": () => {
      clearTimeout(this.#waiting);
      this.#activity.set({ isUserSpeaking: true });
    },
    "user-stopped-speaking": () => this.#waitForWords(),
    "user-transcription": ({ text, final }) => this.#transcribed(text ?? "", final !== false),
    "bot-llm-started": () => {
      this.#isModelWriting = true;
      this.#currentReply();
      this.#activity.set({ isThinking: true });
    },
    "bot-llm-text": ({ text }) => this.#currentReply().append(text ?? ""),
    "bot-llm-stopped": () => this.#stoppedWriting(),
    "bot-output": (data) => this.#output(data),
    "bot-tts-text": ({ text }) => {
      if (!this.#bySpokenOutput) this.#currentReply().say(text ?? "");
    },
    "bot-started-speaking": () => this.#activity.set({ isSpeaking: true, isThinking: false, isUserSpeaking: false }),
    "bot-stopped-speaking": () => this.#stoppedSpeaking(),
    "bot-interrupted": () => this.#interrupted(),
    "llm-function-call-started": (data) => this.#toolStarted(data),
    "llm-function-call-in-progress": (data) => this.#toolStarted(data),
    "llm-function-call-stopped": (data) => this.#toolStopped(data),
    "server-message": (data) => this.#serverMessage(data),
    "error": ({ error }) => this.#failed(error ?? "Something went wrong on the server."),
    "error-response": ({ error }) => this.#failed(error ?? "The server refused a request."),
    "bot-ready": ({ about }) => this.#handlers.onSession(about?.session_id ?? null),
  };

  #waitForWords() {
    this.#activity.set({ isUserSpeaking: false, isThinking: true });
    clearTimeout(this.#waiting);
    this.#waiting = setTimeout(() => this.#nothingSaid(), wordsExpectedWithin);
  }

  // A cough, or words that turned out to be none.
  #nothingSaid() {
    this.#dropPartial();
    this.#activity.set({ isThinking: this.#isModelWriting });
  }

  #failed(message) {
    this.#activity.set({ isThinking: false });
    this.#handlers.onError(message);
  }

  #transcribed(text, isFinal) {
    if (isFinal) clearTimeout(this.#waiting);
    if (text.trim() === "") {
      if (isFinal) this.#nothingSaid();
      return;
    }
    this.#userRow ??= this.#newUserRow();
    this.#userRow.set(text, !isFinal);
    if (!isFinal) return;
    this.#closeReply();
    this.#userRow = null;
    this.#activity.set({ isThinking: true });
  }

  #newUserRow() {
    this.#transcript.followLatest();
    return this.#transcript.user("", { isPartial: true });
  }

  #dropPartial() {
    if (this.#userRow) this.#transcript.remove(this.#userRow);
    this.#userRow = null;
  }

  #currentReply() {
    if (!this.#reply) {
      this.#reply = this.#lastReply = this.#transcript.reply({ isSpoken: this.isVoiced });
      this.#bySpokenOutput = false;
    }
    return this.#reply;
  }

  #closeReply({ interrupted = false } = {}) {
    const reply = this.#reply;
    this.#reply = null;
    if (!reply) return;
    reply.finish({ interrupted });
    if (reply.isEmpty) this.#transcript.remove(reply);
  }

  // The two forms of RTVI: `spoken` (1.x) or `spoken_status` with how far it got (2.x).
  #output({ text = "", spoken, spoken_status: status, will_be_spoken: willBeSpoken }) {
    const reply = this.#currentReply();
    // Who tells when words have been said need not be guessed at from when their sound was made.
    if (spoken !== undefined || status !== undefined) this.#bySpokenOutput = true;
    if (spoken === true || status === "completed") {
      reply.say(text);
    } else if (!reply.text.includes(text.trim()) && (willBeSpoken !== false || status !== undefined)) {
      reply.append(reply.text && !/\s$/.test(reply.text) ? ` ${text}` : text);
    }
  }

  #stoppedWriting() {
    this.#isModelWriting = false;
    this.#activity.set({ isThinking: false });
    if (!this.#reply) return;
    if (this.#reply.isEmpty) this.#closeReply();
    else if (!this.isVoiced) this.#reply.finish();
  }

  #stoppedSpeaking() {
    this.#activity.set({ isSpeaking: false, isThinking: this.#isModelWriting });
    this.#dropPartial();
    const reply = this.#reply;
    if (!reply || this.#isModelWriting) return;
    // Whether she had ended or was interrupted is told only after she has fallen silent.
    setTimeout(() => {
      if (this.#reply === reply && !this.#isModelWriting) reply.finish();
    }, interruptionExpectedWithin);
  }

  #interrupted() {
    this.#isModelWriting = false;
    this.#activity.rest();
    this.#closeReply({ interrupted: true });
  }

  #toolStarted({ tool_call_id: id, function_name: name = "", arguments: args }) {
    const key = id ?? name;
    this.#activity.toolStarted(key, name);
    // Without an id the row would have to be guessed when the call goes on; "in-progress" brings it.
    if (id !== undefined) this.#currentReply().toolStarted({ id, name, args });
    else this.#anonymousTools.add(name);
  }

  #anonymousTools = new Set();

  #toolStopped({ tool_call_id: id, function_name: name = "", result, cancelled, is_error: isError }) {
    this.#activity.toolFinished(id);
    for (const anonymous of this.#anonymousTools) this.#activity.toolFinished(anonymous);
    this.#anonymousTools.clear();
    this.#lastReply?.toolFinished({
      id, name, result, isError: isError ?? result?.error !== undefined, isCancelled: cancelled === true,
    });
    this.#handlers.onToolFinished(name);
  }

  #serverMessage(data) {
    if (data.type === "turn-metrics") {
      const turn = spokenTurn(data);
      this.#lastReply?.time(turn);
      this.#handlers.onTurn(turn);
    } else if (data.type === "session") {
      this.#handlers.onSession(data.session_id);
    } else if (data.type === "restarted") {
      this.#reply?.restart();
    } else if (data.type === "reply-interrupted") {
      this.#reply?.wasHeard(data.heard ?? "");
    }
  }

  /** Words typed during a call, which she will answer aloud. */
  typed(text) {
    this.#dropPartial();
    // Typing while she speaks interrupts her: what was not heard will not be.
    this.#closeReply({ interrupted: this.#activity.isAnswering });
    this.#transcript.user(text);
    this.#transcript.followLatest();
    this.#activity.set({ isThinking: true });
  }

  /** The call is over. */
  hungUp() {
    clearTimeout(this.#waiting);
    this.#dropPartial();
    this.#closeReply();
    this.#activity.rest();
    this.#activity.set({ isUserSpeaking: false });
  }

  // ---- Typed, without a call

  /** Whether a typed turn is being answered. */
  get isTyping() {
    return this.#typing !== null;
  }

  /** Stops the reply to a typed turn. */
  stopTyping() {
    this.#typing?.abort();
  }

  /** Holds one typed turn; rejects where it could not be sent, after its row was taken back. */
  async write(server, { text, session, onSessionGone }) {
    const controller = (this.#typing = new AbortController());
    const userRow = this.#transcript.user(text);
    const reply = (this.#lastReply = this.#transcript.reply());
    this.#transcript.followLatest();
    this.#activity.set({ isThinking: true });
    let hasBegun = false;
    const handle = (event, data) => {
      if (this.#typing !== controller) return;
      hasBegun = true;
      this.#typedEvent(reply, event, data);
    };
    try {
      await chat(server, { session, message: text, signal: controller.signal, handle, onSessionGone });
    } catch (error) {
      if (this.#typing !== controller) return; // another conversation is on show
      if (error.name === "AbortError") {
        reply.finish({ interrupted: true });
      } else if (hasBegun) {
        reply.fail(error.message);
      } else {
        this.#transcript.remove(userRow);
        this.#transcript.remove(reply);
        throw error;
      }
      if (reply.isEmpty && error.name === "AbortError") this.#transcript.remove(reply);
    } finally {
      if (this.#typing === controller) {
        this.#typing = null;
        this.#activity.rest();
      }
    }
  }

  #typedEvent(reply, event, data) {
    switch (event) {
      case "session":
        this.#handlers.onSession(data.session_id);
        break;
      case "text":
        this.#activity.set({ isWriting: true, isThinking: false });
        reply.append(data.delta ?? "");
        break;
      case "tool":
        this.#typedTool(reply, data);
        break;
      case "restarted":
        reply.restart();
        break;
      case "done":
        this.#typedDone(reply, data);
        break;
      default: // An event of a later server.
    }
  }

  #typedTool(reply, { phase, id, name, arguments: args, result, is_error: isError = false }) {
    if (phase === "started") {
      this.#activity.toolStarted(id, name);
      reply.toolStarted({ id, name, args });
      return;
    }
    this.#activity.toolFinished(id);
    reply.toolFinished({ id, name, args, result, isError });
    this.#handlers.onToolFinished(name);
  }

  #typedDone(reply, { text, timings }) {
    reply.finish({ text });
    if (!timings) return;
    const turn = typedTurn(timings);
    reply.time(turn);
    this.#handlers.onTurn(turn);
  }
}
