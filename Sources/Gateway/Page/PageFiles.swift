// Made from Web/ by Scripts/embed-page; do not edit.
// swift-format-ignore-file

/// A file of the page, as it is served.
package struct PageFile: Sendable {
    /// Its place on the server, beginning with a slash; the page itself is `/`.
    package let path: String
    /// What to answer as Content-Type.
    package let contentType: String
    /// What to answer as ETag, with its quotes.
    package let tag: String
    /// The file.
    package let content: String
}

/// Every file of the page.
package let pageFiles: [PageFile] = [
    PageFile(path: "/activity.js", contentType: "text/javascript; charset=utf-8", tag: "\"2837641604-2314\"", content: ##"""
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
"""## + "\n"),
    PageFile(path: "/appearance.js", contentType: "text/javascript; charset=utf-8", tag: "\"1327492971-1128\"", content: ##"""
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
"""## + "\n"),
    PageFile(path: "/base.css", contentType: "text/css; charset=utf-8", tag: "\"2065991634-4034\"", content: ##"""
:root {
  color-scheme: light dark;
  --paper: light-dark(#faf7f5, #171315);
  --raised: light-dark(#fffdfc, #211b1e);
  --ink: light-dark(#2a2025, #f2e9e7);
  --quiet: light-dark(#72636a, #ab9b9f);
  --soft: light-dark(#817279, #938388);
  --faint: light-dark(#a3949a, #7d6e73);
  --line: light-dark(#e8dedc, #362c30);
  --tint: light-dark(#f3e9e8, #2a2125);
  --accent: light-dark(#a92d55, #ff92ab);
  --accent-deep: light-dark(#8d1f44, #ffabbe);
  --on-accent: light-dark(#fff8f6, #3a0f1f);
  --ember: light-dark(#a92d55, #c03f68);
  --ember-deep: light-dark(#8d1f44, #98264c);
  --glow: light-dark(#c9446d, #d9527b);
  --sans: ui-sans-serif, system-ui, -apple-system, "Segoe UI", Roboto, Inter, "Noto Sans", sans-serif;
  --serif: "Iowan Old Style", "Palatino Linotype", Palatino, "URW Palladio L", P052, "Book Antiqua", Georgia, serif;
  --mono: ui-monospace, "SF Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace;
  --measure: 42rem;
  --gutter: clamp(1.1rem, 4vw, 2rem);
}
:root[data-theme="light"] { color-scheme: light; }
:root[data-theme="dark"] { color-scheme: dark; }

* { box-sizing: border-box; }
html { height: 100%; -webkit-text-size-adjust: 100%; text-size-adjust: 100%; }
body {
  margin: 0; height: 100dvh; display: grid; grid-template-columns: minmax(0, 1fr) auto; overflow: hidden;
  background: var(--paper); color: var(--ink); font: 1rem/1.55 var(--sans); -webkit-tap-highlight-color: transparent;
}
h1, h2, h3, h4, p, ol, ul, dl, dd, dt, pre { margin: 0; padding: 0; font: inherit; }
ol, ul { list-style: none; }
[hidden] { display: none !important; }
button, input, textarea { font: inherit; color: inherit; }
button { cursor: pointer; border: 0; background: none; padding: 0; }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 3px; }
main:focus { outline: none; }
::selection { background: color-mix(in oklab, var(--accent) 24%, transparent); }
svg { width: 1.35rem; height: 1.35rem; fill: none; stroke: currentColor; stroke-width: 1.75; stroke-linecap: round; stroke-linejoin: round; flex: none; }
.solid { fill: currentColor; stroke: none; }
.sprite { position: absolute; width: 0; height: 0; }
.unseen, .skip:not(:focus) {
  position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap;
}
.skip:focus {
  position: fixed; top: .75rem; left: .75rem; z-index: 9; background: var(--raised); color: var(--ink);
  padding: .6rem 1rem; border-radius: .6rem; box-shadow: 0 .3rem 1.2rem #0003;
}
.noscript { position: fixed; inset: auto 0 0; padding: 1rem; background: var(--tint); text-align: center; }

.app { display: flex; flex-direction: column; min-width: 0; height: 100dvh; }
.top {
  display: flex; align-items: center; gap: .35rem; padding: .9rem var(--gutter) .5rem;
  padding-top: max(.9rem, env(safe-area-inset-top));
}
.top h1 { flex: 1; min-width: 0; font: italic 1.45rem/1.2 var(--serif); letter-spacing: -.01em; }
.plain {
  display: inline-flex; align-items: center; gap: .4rem; min-height: 2.5rem; padding: 0 .8rem; border-radius: 99rem;
  color: var(--quiet); font-size: .9rem; transition: background .15s, color .15s;
}
.plain:hover, .plain[aria-expanded="true"] { background: var(--tint); color: var(--ink); }
.plain.icon { padding: 0; width: 2.5rem; justify-content: center; }
.plain svg { width: 1.2rem; height: 1.2rem; }
.quiet { color: var(--quiet); font-size: .85rem; padding: .35rem .6rem; border-radius: .5rem; }
.quiet:hover { color: var(--ink); background: var(--tint); }
.primary {
  background: var(--accent); color: var(--on-accent); font-weight: 600; font-size: .9rem; padding: .55rem 1.1rem;
  border-radius: 99rem;
}
.primary:hover { background: var(--accent-deep); }
.broken { color: var(--accent-deep); font-size: .9rem; }

@media (max-width: 34rem) { #new span { display: none; } #new { padding: 0; width: 2.5rem; justify-content: center; } }
@media (prefers-reduced-motion: reduce) {
  *, *::before, *::after { animation: none !important; transition: none !important; scroll-behavior: auto !important; }
}
"""## + "\n"),
    PageFile(path: "/call.js", contentType: "text/javascript; charset=utf-8", tag: "\"695463851-7411\"", content: ##"""
import { openMicrophone } from "./microphone.js";
import { Peer } from "./peer.js";

const connectLimit = 10_000;
const restartLimit = 3_500;
const pauses = [0, 0, 500, 1000, 2000, 4000, 8000, 8000, 8000, 8000];

/**
 * A call: the microphone, one connection at a time, and its return when it is lost. Handlers: `onState(state)` with
 * "off", "connecting", "on" or "reconnecting"; `onMessage(type, data)`; `onSession(id)`; `onMicrophone(stream)`;
 * `onVoice(stream)`; `onSessionGone()` when the server forgot it; `onEnded(error)` when it cannot go on.
 */
export class Call {
  #server;
  #handlers;
  #peer = null;
  #microphone = null;
  #recovering = false;
  #iceServers = [];
  #wake = () => {};
  #abort = null;
  state = "off";
  session = null;
  isMuted = false;

  constructor(server, handlers) {
    this.#server = server;
    this.#handlers = handlers;
    addEventListener("online", () => this.#wake());
    document.addEventListener("visibilitychange", () => this.#wake());
    addEventListener("pagehide", () => this.end());
  }

  /** Calls, in the session named, or in a new one. Rejects where there is no microphone or no connection. */
  async start(session) {
    if (this.state !== "off") return;
    this.session = session;
    this.isMuted = false;
    this.#recovering = false;
    this.#abort = new AbortController();
    const { signal } = this.#abort;
    this.#change("connecting");
    try {
      await this.#takeMicrophone(signal);
      if (!this.session) await this.#openSession(signal);
      await this.#connect({ signal });
      if (!signal.aborted) this.#change("on");
    } catch (error) {
      if (signal.aborted) return;
      this.end();
      throw error;
    }
  }

  /** Hangs up. */
  end() {
    if (this.state === "off") return;
    this.#abort.abort();
    this.#peer?.rtvi.send("disconnect-bot", {});
    this.#dropPeer();
    for (const track of this.#microphone?.getTracks() ?? []) track.stop();
    this.#microphone = null;
    this.#wake();
    this.#change("off");
  }

  /** Stops or starts sending what the microphone hears. */
  mute(isMuted) {
    this.isMuted = isMuted;
    for (const track of this.#microphone?.getAudioTracks() ?? []) track.enabled = !isMuted;
    this.#peer?.rtvi.sendTrackStatus(!isMuted);
    this.#change(this.state);
  }

  /** Sends typed words as a turn of the call; false where the call is not connected. */
  say(text) {
    const options = { run_immediately: true, audio_response: true };
    return this.#peer?.rtvi.send("send-text", { content: text, options }) ?? false;
  }

  /** Asks her to stop speaking; false where the call is not connected. */
  interrupt() {
    return this.#peer?.rtvi.send("client-message", { t: "interrupt" }) ?? false;
  }

  async #takeMicrophone(signal) {
    const stream = await openMicrophone();
    if (signal.aborted) {
      for (const track of stream.getTracks()) track.stop();
      return;
    }
    this.#microphone = stream;
    const [track] = stream.getAudioTracks();
    track.enabled = !this.isMuted;
    track.addEventListener("ended", () => this.#replaceMicrophone(signal));
    this.#handlers.onMicrophone(stream);
  }

  // A headset was pulled out: the browser's next choice takes its place.
  async #replaceMicrophone(signal) {
    if (signal.aborted) return;
    try {
      await this.#takeMicrophone(signal);
      await this.#peer?.sender.replaceTrack(this.#microphone.getAudioTracks()[0]);
    } catch (error) {
      this.end();
      this.#handlers.onEnded(error);
    }
  }

  async #openSession(signal) {
    const body = { createDailyRoom: false, enableDefaultIceServers: true, transport: "webrtc" };
    const { sessionId, iceConfig } = await this.#server.json("start", { method: "POST", body, signal });
    this.#iceServers = iceConfig?.iceServers ?? [];
    this.#named(sessionId);
  }

  #named(session) {
    if (!session || session === this.session) return;
    this.session = session;
    this.#handlers.onSession(session);
  }

  async #connect({ id = null, restart = false, limit = connectLimit, signal }) {
    if (signal.aborted) return;
    this.#dropPeer();
    const peer = (this.#peer = this.#newPeer());
    try {
      await peer.negotiate({ session: this.session, id, restart, signal });
    } catch (error) {
      if (error.status !== 404 || id !== null || !this.session || signal.aborted) throw error;
      // The session was deleted meanwhile: a new one, rather than no call.
      this.session = null;
      this.#handlers.onSessionGone();
      await this.#openSession(signal);
      await peer.negotiate({ session: this.session, id: null, signal });
    }
    await peer.connected(limit);
    if (this.isMuted) peer.rtvi.sendTrackStatus(false);
  }

  #newPeer() {
    const current = (act) => (...values) => {
      if (this.#peer === peer) act(...values);
    };
    const peer = new Peer(this.#server, {
      track: this.#microphone.getAudioTracks()[0],
      iceServers: this.#iceServers,
      handlers: {
        onOpen: () => {},
        onLost: current(() => this.#lost()),
        onMessage: current((type, data) => this.#handlers.onMessage(type, data)),
        onSignalling: current((message) => this.#signalled(message)),
      },
    });
    this.#handlers.onVoice(peer.stream);
    return peer;
  }

  #signalled({ type }) {
    if (type === "renegotiate") {
      this.#peer.negotiate({ session: this.session, signal: this.#abort.signal }).catch(() => this.#lost());
    } else if (type === "peerLeft") {
      this.end();
      this.#handlers.onEnded(new Error("The server ended the call."));
    }
  }

  #lost() {
    if (this.state === "on" && !this.#recovering) this.#recover(this.#abort.signal);
  }

  // The same connection first, which keeps what she is saying; then a new one in its place; then a fresh one.
  async #recover(signal) {
    this.#recovering = true;
    this.#change("reconnecting");
    const lostPeer = this.#peer;
    let failure = null;
    for (const [attempt, pause] of pauses.entries()) {
      await this.#pause(pause);
      if (signal.aborted) break;
      try {
        if (attempt === 0) await this.#revive(lostPeer, signal);
        else await this.#connect({ id: attempt === 1 ? lostPeer.id : null, restart: attempt === 1, signal });
        failure = null;
        break;
      } catch (error) {
        failure = error;
        if (attempt >= 2 && isRefusal(error)) break;
      }
    }
    // The call was ended meanwhile; what is being recovered now is another's.
    if (signal.aborted) return;
    this.#recovering = false;
    if (failure) {
      this.end();
      this.#handlers.onEnded(failure);
    } else {
      this.#change("on");
    }
  }

  async #revive(peer, signal) {
    await peer.negotiate({ session: this.session, signal });
    await peer.connected(restartLimit);
  }

  #pause(milliseconds) {
    if (milliseconds === 0) return Promise.resolve();
    return new Promise((resolve) => {
      this.#wake = resolve;
      setTimeout(resolve, milliseconds);
    });
  }

  #dropPeer() {
    const peer = this.#peer;
    this.#peer = null;
    peer?.close();
  }

  #change(state) {
    this.state = state;
    this.#handlers.onState(state);
  }
}

// What a server would say again: neither out of reach, nor busy, nor in trouble of its own.
function isRefusal({ status }) {
  return status >= 400 && status < 500 && status !== 408 && status !== 429;
}
"""## + "\n"),
    PageFile(path: "/chat.js", contentType: "text/javascript; charset=utf-8", tag: "\"1449742226-1336\"", content: ##"""
import { ServerError } from "./server.js";
import { serverSentEvents } from "./events.js";

/**
 * One typed turn over `POST /v1/chat`. `handle(event, data)` is called for each event in order; resolves when the reply
 * has ended, and rejects when it broke off. A session the server does not know is replaced by a new one.
 */
export async function chat(server, { session, message, signal, handle, onSessionGone }) {
  const body = session ? { session_id: session, message } : { message };
  let response;
  try {
    response = await server.fetch("v1/chat", { method: "POST", body, signal });
  } catch (error) {
    if (error.status !== 404 || !session) throw error;
    onSessionGone();
    response = await server.fetch("v1/chat", { method: "POST", body: { message }, signal });
  }
  let ended = false;
  try {
    for await (const { event, data } of serverSentEvents(response)) {
      if (event === "error") throw new ServerError(response.status, data.message ?? "The reply failed.");
      handle(event, data);
      ended ||= event === "done";
    }
  } catch (error) {
    if (error instanceof ServerError || error.name === "AbortError") throw error;
    throw new ServerError(0, "The connection broke off in the middle of the reply.");
  }
  if (!ended) throw new ServerError(0, "The reply ended before it was complete.");
}
"""## + "\n"),
    PageFile(path: "/composer.js", contentType: "text/javascript; charset=utf-8", tag: "\"209758922-1861\"", content: ##"""
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
"""## + "\n"),
    PageFile(path: "/conversation.js", contentType: "text/javascript; charset=utf-8", tag: "\"3929337030-10433\"", content: ##"""
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
"""## + "\n"),
    PageFile(path: "/dates.js", contentType: "text/javascript; charset=utf-8", tag: "\"3371157449-1712\"", content: ##"""
/** A date from ISO 8601 text or seconds since 1970; null where there is none. */
export function parseDate(value) {
  if (value === undefined || value === null || value === "") return null;
  const date = new Date(typeof value === "number" ? value * 1000 : value);
  return Number.isNaN(date.getTime()) ? null : date;
}

// The page is in English; an English reader's own region says how a date is written.
const locale = navigator.language?.startsWith("en") ? navigator.language : "en-GB";

/** How long ago, in the fewest words: "14:02", "yesterday", "Monday", "3 May". */
export function whenAbout(value, now = new Date()) {
  const date = parseDate(value);
  if (!date) return "";
  const days = Math.round((startOfDay(now) - startOfDay(date)) / 86_400_000);
  if (days === 0) return date.toLocaleTimeString(locale, { hour: "2-digit", minute: "2-digit" });
  if (days === 1) return "yesterday";
  if (days > 1 && days < 7) return date.toLocaleDateString(locale, { weekday: "long" });
  const sameYear = date.getFullYear() === now.getFullYear();
  return date.toLocaleDateString(locale, { day: "numeric", month: "long", year: sameYear ? undefined : "numeric" });
}

/** Day and time, for a heading between messages: "Yesterday, 18:20". */
export function whenExactly(value, now = new Date()) {
  const date = parseDate(value);
  if (!date) return "";
  const time = date.toLocaleTimeString(locale, { hour: "2-digit", minute: "2-digit" });
  const day = whenAbout(date, now);
  return startOfDay(date) === startOfDay(now) ? `Today, ${time}` : `${day[0].toUpperCase()}${day.slice(1)}, ${time}`;
}

function startOfDay(date) {
  return new Date(date.getFullYear(), date.getMonth(), date.getDate()).getTime();
}
"""## + "\n"),
    PageFile(path: "/deletable.js", contentType: "text/javascript; charset=utf-8", tag: "\"3914499145-2144\"", content: ##"""
import { h } from "./dom.js";

/**
 * A row of a list that can be deleted, after it was asked for a second time in its place. `remove()` does it and may
 * reject; its message then stands in the row.
 */
export function deletableRow({ body, question, label, remove, onRemoved }) {
  const row = h("li", { class: "entry" });
  const ask = h("button", { class: "quiet delete", type: "button", text: "Delete", "aria-label": label });
  const show = () => row.replaceChildren(body, ask);
  const say = (text) => row.append(h("p", { class: "broken", role: "alert", text }));
  const confirm = () => {
    const yes = h("button", { class: "danger", type: "button", text: "Delete", onclick: act });
    const no = h("button", { class: "quiet", type: "button", text: "Keep", onclick: () => { show(); ask.focus(); } });
    row.replaceChildren(h("p", { class: "question", text: question }), h("div", { class: "actions" }, yes, no));
    row.addEventListener("keydown", cancelOnEscape);
    no.focus();
  };
  const cancelOnEscape = (event) => {
    if (event.key !== "Escape") return;
    event.stopPropagation();
    row.removeEventListener("keydown", cancelOnEscape);
    show();
    ask.focus();
  };
  async function act() {
    try {
      await remove();
      const next = row.nextElementSibling ?? row.previousElementSibling;
      row.remove();
      next?.querySelector("button")?.focus();
      onRemoved?.();
    } catch (error) {
      show();
      say(error.message);
    }
  }
  ask.addEventListener("click", confirm);
  show();
  return row;
}

/** Shows the rows that `load()` brings, a word where there are none, or why they could not be had. */
export async function fillList(place, { load, empty }) {
  place.setAttribute("aria-busy", "true");
  try {
    const rows = await load();
    place.replaceChildren(...(rows.length > 0 ? [h("ul", { class: "entries" }, ...rows)]
      : [h("p", { class: "nothing", text: empty })]));
  } catch (error) {
    if (error.name !== "AbortError") place.replaceChildren(h("p", { class: "broken", role: "alert", text: error.message }));
  } finally {
    place.removeAttribute("aria-busy");
  }
}
"""## + "\n"),
    PageFile(path: "/dom.js", contentType: "text/javascript; charset=utf-8", tag: "\"4015574049-2060\"", content: ##"""
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
"""## + "\n"),
    PageFile(path: "/events.js", contentType: "text/javascript; charset=utf-8", tag: "\"3809446598-1301\"", content: ##"""
/** The events of a server-sent event stream, as {event, data} with `data` parsed. */
export async function* serverSentEvents(response) {
  let rest = "";
  for await (const piece of pieces(response.body.pipeThrough(new TextDecoderStream()))) {
    const blocks = (rest + piece).replaceAll("\r\n", "\n").split("\n\n");
    rest = blocks.pop();
    for (const block of blocks) {
      const event = parse(block);
      if (event) yield event;
    }
  }
  const last = parse(rest);
  if (last) yield last;
}

function parse(block) {
  let event = "message";
  const data = [];
  for (const line of block.split("\n")) {
    if (line.startsWith("event:")) event = line.slice(6).trim();
    else if (line.startsWith("data:")) data.push(line.slice(5).replace(/^ /, ""));
  }
  const text = data.join("\n");
  if (text === "" || text === "[DONE]") return null;
  try {
    return { event, data: JSON.parse(text) };
  } catch {
    return null; // cut off in the middle; the end of the stream tells
  }
}

// Not every browser can iterate a stream by itself.
async function* pieces(stream) {
  const reader = stream.getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      yield value;
    }
  } finally {
    reader.cancel().catch(() => {});
  }
}
"""## + "\n"),
    PageFile(path: "/heard.js", contentType: "text/javascript; charset=utf-8", tag: "\"3010189775-1685\"", content: ##"""
/**
 * How far `text` has been said aloud, once `spoken` was said after position `from`. What is said differs from what is
 * shown (numbers in words, no symbols), so the end is looked for by its last words, and estimated where they are absent.
 */
export function advance(text, from, spoken) {
  const said = words(spoken);
  if (said.length === 0) return from;
  const rest = words(text.slice(from));
  const reach = Math.min(rest.length, said.length * 2 + 4);
  for (const count of [3, 2, 1]) {
    if (said.length < count) continue;
    const ending = said.slice(-count).map(({ word }) => word);
    const place = closest(rest, ending, reach, said.length - count);
    if (place !== null) return from + pastPunctuation(text.slice(from), rest[place + count - 1].end);
  }
  const estimate = rest[Math.min(rest.length, said.length) - 1];
  return estimate ? from + pastPunctuation(text.slice(from), estimate.end) : text.length;
}

function words(text) {
  return [...text.matchAll(/[\p{L}\p{N}]+(?:['’][\p{L}]+)*/gu)].map((match) => (
    { word: match[0].toLowerCase().replaceAll("’", "'"), end: match.index + match[0].length }));
}

// Of the places where `ending` stands, the one nearest to where it is expected.
function closest(rest, ending, reach, expected) {
  let best = null;
  for (let place = 0; place + ending.length <= reach; place += 1) {
    if (!ending.every((word, index) => rest[place + index].word === word)) continue;
    if (best === null || Math.abs(place - expected) < Math.abs(best - expected)) best = place;
  }
  return best;
}

function pastPunctuation(text, position) {
  return position + /^[^\p{L}\p{N}\s]*/u.exec(text.slice(position))[0].length;
}
"""## + "\n"),
    PageFile(path: "/icon.svg", contentType: "image/svg+xml", tag: "\"2718693956-293\"", content: ##"""
<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><circle cx="16" cy="16" r="15" fill="#a92d55" opacity=".22"/><circle cx="16" cy="16" r="10.5" fill="#a92d55"/><path d="M11 16v0M14.3 13v6M17.7 11.5v9M21 15v2" fill="none" stroke="#fff" stroke-width="2" stroke-linecap="round"/></svg>
"""## + "\n"),
    PageFile(path: "/", contentType: "text/html; charset=utf-8", tag: "\"2193755516-6163\"", content: ##"""
<!doctype html>
<html lang="en" data-call="off" data-empty>
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover, interactive-widget=resizes-content">
<meta name="color-scheme" content="light dark">
<meta name="description" content="Talk with a companion who lives on your own machine.">
<!-- The page talks to the server it came from, and to nobody else. -->
<meta http-equiv="Content-Security-Policy" content="default-src 'self'; base-uri 'none'; form-action 'none'; object-src 'none'">
<title>Annie</title>
<link rel="icon" href="icon.svg" type="image/svg+xml">
<link rel="stylesheet" href="base.css">
<link rel="stylesheet" href="stage.css">
<link rel="stylesheet" href="transcript.css">
<link rel="stylesheet" href="panel.css">
<script src="theme.js"></script>
<script type="module" src="main.js"></script>
</head>
<body>
<svg class="sprite" aria-hidden="true" focusable="false">
  <symbol id="i-mic" viewBox="0 0 24 24"><rect x="9" y="3" width="6" height="11" rx="3"/><path d="M5.5 11.5a6.5 6.5 0 0 0 13 0M12 18v3"/></symbol>
  <symbol id="i-mic-off" viewBox="0 0 24 24"><path d="M15 8.5V6a3 3 0 0 0-5.9-.8M9 10v1a3 3 0 0 0 4.6 2.5M5.5 11.5a6.5 6.5 0 0 0 10.2 5.3M18.5 11.5a6.4 6.4 0 0 1-.6 2.7M12 18v3M4 3.5l16 17"/></symbol>
  <symbol id="i-end" viewBox="0 0 24 24"><path d="M6 6l12 12M18 6L6 18"/></symbol>
  <symbol id="i-stop" viewBox="0 0 24 24"><rect class="solid" x="7" y="7" width="10" height="10" rx="2"/></symbol>
  <symbol id="i-send" viewBox="0 0 24 24"><path d="M12 19V5M6 11l6-6 6 6"/></symbol>
  <symbol id="i-new" viewBox="0 0 24 24"><path d="M12 5v14M5 12h14"/></symbol>
  <symbol id="i-panel" viewBox="0 0 24 24"><path d="M4 7h16M4 12h16M4 17h10"/></symbol>
  <symbol id="i-close" viewBox="0 0 24 24"><path d="M6 6l12 12M18 6L6 18"/></symbol>
  <symbol id="i-down" viewBox="0 0 24 24"><path d="M12 5v14M6 13l6 6 6-6"/></symbol>
  <symbol id="i-check" viewBox="0 0 24 24"><path d="M5 12.5l4.5 4.5L19 7.5"/></symbol>
  <symbol id="i-alert" viewBox="0 0 24 24"><path d="M12 7v6M12 16.6v.2"/><circle cx="12" cy="12" r="9"/></symbol>
  <symbol id="i-turn" viewBox="0 0 24 24"><path d="M20 12a8 8 0 1 1-2.4-5.7"/></symbol>
  <symbol id="i-light" viewBox="0 0 24 24"><circle cx="12" cy="12" r="4"/><path d="M12 3v2M12 19v2M3 12h2M19 12h2M5.6 5.6L7 7M17 17l1.4 1.4M5.6 18.4L7 17M17 7l1.4-1.4"/></symbol>
  <symbol id="i-dark" viewBox="0 0 24 24"><path d="M19.5 14.5A8 8 0 0 1 9.5 4.5a8 8 0 1 0 10 10z"/></symbol>
  <symbol id="i-auto" viewBox="0 0 24 24"><circle cx="12" cy="12" r="8"/><path class="solid" d="M12 4a8 8 0 0 1 0 16z"/></symbol>
</svg>
<a class="skip" href="#draft">Skip to the message field</a>

<div class="app">
  <header class="top">
    <h1 id="name">Annie</h1>
    <button class="plain" id="new" type="button" hidden><svg><use href="#i-new"/></svg><span>New conversation</span></button>
    <button class="plain icon" id="theme" type="button"><svg><use href="#i-auto"/></svg></button>
    <button class="plain icon" id="panel-toggle" type="button" aria-expanded="false" aria-controls="panel"
      aria-label="Conversations, memory, notes and timing"><svg><use href="#i-panel"/></svg></button>
  </header>

  <main id="main" tabindex="-1" aria-label="Conversation">
    <section class="welcome" id="welcome">
      <p class="greeting" id="greeting"></p>
    </section>
    <ol class="transcript" id="transcript" role="list"></ol>
  </main>

  <section class="stage" aria-label="Talk and type">
    <button class="latest" id="latest" type="button" hidden><svg><use href="#i-down"/></svg>Latest</button>
    <div class="talk">
      <button class="side" id="interrupt" type="button" hidden><svg><use href="#i-stop"/></svg><span>Interrupt</span></button>
      <div class="orb">
        <canvas id="orb" aria-hidden="true"></canvas>
        <button class="microphone" id="microphone" type="button" aria-describedby="state"><svg><use href="#i-mic"/></svg></button>
      </div>
      <button class="side" id="end" type="button" hidden><svg><use href="#i-end"/></svg><span>End call</span></button>
    </div>
    <p class="state" id="state"></p>
    <div class="notices" id="notices"></div>

    <form class="composer" id="composer">
      <label class="unseen" for="draft">Message</label>
      <textarea id="draft" rows="1" maxlength="16000" placeholder="Or write" autocomplete="off" enterkeyhint="send"></textarea>
      <button class="send" id="send" type="submit" disabled aria-label="Send"><svg><use href="#i-send"/></svg></button>
    </form>
    <p class="keys" aria-hidden="true"><kbd>Space</kbd> talk <kbd>Esc</kbd> interrupt <kbd>/</kbd> write</p>
  </section>
</div>

<aside class="panel" id="panel" aria-label="Conversations, memory, notes and timing" hidden>
  <div class="panel-top">
    <div class="tabs" id="tabs" role="tablist" aria-label="What to show">
      <button role="tab" id="tab-sessions" aria-controls="view-sessions" type="button">Conversations</button>
      <button role="tab" id="tab-memory" aria-controls="view-memory" type="button">Memory</button>
      <button role="tab" id="tab-notes" aria-controls="view-notes" type="button">Notes</button>
      <button role="tab" id="tab-timing" aria-controls="view-timing" type="button">Timing</button>
    </div>
    <button class="plain icon" id="panel-close" type="button" aria-label="Close"><svg><use href="#i-close"/></svg></button>
  </div>
  <section class="view" id="view-sessions" role="tabpanel" aria-labelledby="tab-sessions" tabindex="0" hidden></section>
  <section class="view" id="view-memory" role="tabpanel" aria-labelledby="tab-memory" tabindex="0" hidden></section>
  <section class="view" id="view-notes" role="tabpanel" aria-labelledby="tab-notes" tabindex="0" hidden></section>
  <section class="view" id="view-timing" role="tabpanel" aria-labelledby="tab-timing" tabindex="0" hidden></section>
  <p class="about" id="about"></p>
</aside>

<div class="unseen" id="announcer" aria-live="polite"></div>
<audio id="voice" autoplay></audio>
<noscript><p class="noscript">This page needs JavaScript. It loads none from anywhere but this server.</p></noscript>
</body>
</html>
"""## + "\n"),
    PageFile(path: "/keyboard.js", contentType: "text/javascript; charset=utf-8", tag: "\"1467136742-699\"", content: ##"""
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
"""## + "\n"),
    PageFile(path: "/levels.js", contentType: "text/javascript; charset=utf-8", tag: "\"3135997994-1759\"", content: ##"""
/** How loud the user and she are just now, for the eye. */
export class Levels {
  #context = null;
  #meters = new Map();

  /** Measures `stream` from now on as `who` ("user" or "companion"); null stops. */
  listen(who, stream) {
    this.#meters.get(who)?.source.disconnect();
    this.#meters.delete(who);
    if (!stream) return;
    this.#context ??= new AudioContext();
    this.#context.resume().catch(() => {}); // the eye can do without
    const analyser = new AnalyserNode(this.#context, { fftSize: 1024, smoothingTimeConstant: 0 });
    const source = this.#context.createMediaStreamSource(stream);
    source.connect(analyser);
    this.#meters.set(who, { source, analyser, samples: new Float32Array(analyser.fftSize), level: 0, sum: 0 });
  }

  /** The level of `who`, 0…1: quick to rise and slow to fall, and even to the ear (-60…-6 dB). */
  read(who) {
    const meter = this.#meters.get(who);
    if (!meter) return 0;
    meter.analyser.getFloatTimeDomainData(meter.samples);
    let energy = 0;
    for (const sample of meter.samples) energy += sample * sample;
    const decibels = 10 * Math.log10(energy / meter.samples.length + 1e-12);
    const now = Math.min(1, Math.max(0, (decibels + 60) / 54));
    meter.level += (now - meter.level) * (now > meter.level ? 0.5 : 0.12);
    meter.sum += energy;
    return meter.level;
  }

  /** Whether not one sample of `who` has been other than zero so far: a muted or dead device. */
  isDead(who) {
    return this.#context?.state === "running" && this.#meters.get(who)?.sum === 0;
  }

  /** Lets go of the audio device. */
  stop() {
    for (const who of [...this.#meters.keys()]) this.listen(who, null);
    this.#context?.close().catch(() => {});
    this.#context = null;
  }
}
"""## + "\n"),
    PageFile(path: "/main.js", contentType: "text/javascript; charset=utf-8", tag: "\"4002054303-10429\"", content: ##"""
import { Activity } from "./activity.js";
import { setUpAppearance } from "./appearance.js";
import { Call } from "./call.js";
import { Composer } from "./composer.js";
import { Conversation } from "./conversation.js";
import { announce, byId } from "./dom.js";
import { setUpKeyboard } from "./keyboard.js";
import { Levels } from "./levels.js";
import { MemoryView, NotesView } from "./memory.js";
import { Notices } from "./notices.js";
import { Panel } from "./panel.js";
import { callProblem, deadMicrophone, insecureProblem, missingParts } from "./problems.js";
import { Server } from "./server.js";
import { SessionsView } from "./sessions.js";
import { StageView } from "./stage.js";
import { keep, kept } from "./storage.js";
import { TimingView } from "./timing.js";
import { Transcript } from "./transcript.js";
import { VoicePlayer } from "./voice.js";
import { WakeLock } from "./wake.js";

const deadMicrophoneAfter = 5000;
// Most losses are mended before a message could be read.
const lossShownAfter = 800;

/** The page as a whole: makes its parts and lets each know what the others have to tell it. */
class Page {
  #name = "Annie";
  #status = null;
  #lostTimer = null;
  #lastCall = "off";
  #session = kept("session");
  #notices = new Notices();
  #server = new Server({ askForToken: (wasWrong) => this.#notices.askForToken(wasWrong) });
  #levels = new Levels();
  #voice = new VoicePlayer();
  #stage = new StageView((who) => this.#levels.read(who));
  #wakeLock = new WakeLock();
  #activity = new Activity(() => this.#showActivity());
  #transcript = new Transcript({ name: () => this.#name });
  #timing = new TimingView(byId("view-timing"));
  #conversation = new Conversation({
    transcript: this.#transcript, activity: this.#activity,
    handlers: {
      onTurn: (turn) => this.#timing.add(turn),
      onSession: (id) => this.#keepSession(id),
      onToolFinished: () => this.#refreshPanel(),
      onError: (text) => this.#notices.show("error", { title: "Something went wrong", text }),
    },
  });
  #call = new Call(this.#server, {
    onState: (state) => this.#callChanged(state),
    onSession: (id) => this.#keepSession(id),
    onSessionGone: () => this.#sessionGone(),
    onMicrophone: (stream) => this.#hear(stream),
    onVoice: (stream) => {
      this.#levels.listen("companion", stream);
      this.#voice.play(stream, () => this.#askForSound());
    },
    onMessage: (type, data) => {
      if (["bot-started-speaking", "bot-interrupted"].includes(type)) this.#voice.unhush();
      if (type === "bot-started-speaking") this.#notices.hide("error");
      this.#conversation.receive(type, data);
    },
    onEnded: (error) => this.#callFailed(error),
  });
  #composer = new Composer({ onSend: (text) => this.#send(text), onStop: () => this.#stop() });
  #views = {
    memory: new MemoryView(this.#server, byId("view-memory")),
    notes: new NotesView(this.#server, byId("view-notes")),
    timing: this.#timing,
    sessions: new SessionsView(this.#server, byId("view-sessions"), {
      current: () => this.#session,
      onOpen: (id) => this.#open(id),
      onDeleted: (id) => id === this.#session && this.#startAnew(),
    }),
  };
  #panel = new Panel((name) => this.#views[name].show());

  /** Brings the page to life. */
  async start() {
    setUpAppearance(() => this.#stage.recolour());
    setUpKeyboard({
      talk: () => this.#talk(), escape: () => this.#escape(), write: () => this.#composer.focus(),
    });
    byId("microphone").addEventListener("click", () => this.#talk());
    byId("end").addEventListener("click", () => this.#call.end());
    byId("interrupt").addEventListener("click", () => this.#stop());
    byId("new").addEventListener("click", () => this.#startAnew());
    if (!window.isSecureContext) this.#notices.show("microphone", insecureProblem());
    this.#showActivity();
    await this.#learnStatus();
    if (this.#session) await this.#resume();
  }

  // ---- The server's state

  async #learnStatus() {
    try {
      this.#status = await this.#server.json("v1/status");
    } catch (error) {
      this.#notices.show("status", {
        title: "No connection to the server", text: error.message,
        actions: [{ label: "Try again", act: () => this.#learnStatus() }],
      });
      return;
    }
    this.#notices.hide("status");
    const { persona, model, version, voice } = this.#status;
    this.#name = persona?.name || this.#name;
    document.title = byId("name").textContent = this.#name;
    byId("greeting").textContent = persona?.greeting || "What is on your mind?";
    byId("about").textContent = [model, version && `version ${version}`].filter(Boolean).join(" · ");
    const missing = missingParts(voice, () => this.#learnStatus());
    if (missing) this.#notices.show("voice", missing);
    else this.#notices.hide("voice");
    this.#conversation.isVoiced = voice?.speaking !== false;
    this.#showActivity();
  }

  // ---- Sessions

  #keepSession(id) {
    if (!id) return;
    this.#session = id;
    this.#call.session = id;
    keep("session", id, { lasting: true });
  }

  #forgetSession() {
    this.#session = null;
    this.#call.session = null;
    keep("session", null, { lasting: true });
  }

  #sessionGone() {
    this.#forgetSession();
    this.#notices.show("session", {
      title: "The earlier conversation is gone", text: "It was deleted on the server; this is a new one.", isProblem: false,
    });
  }

  async #resume() {
    const id = this.#session;
    try {
      const { messages = [] } = await this.#server.json(`v1/sessions/${encodeURIComponent(id)}`);
      if (id === this.#session) this.#transcript.load(messages);
    } catch (error) {
      if (error.status === 404) this.#forgetSession();
      else this.#notices.show("session", { title: "The conversation could not be read", text: error.message });
    }
    this.#showActivity();
  }

  async #open(id) {
    this.#leave();
    this.#keepSession(id);
    this.#panel.closeIfCovering();
    await this.#resume();
    this.#refreshPanel();
  }

  #startAnew() {
    this.#leave();
    this.#forgetSession();
    this.#showActivity();
    this.#refreshPanel();
  }

  #leave() {
    this.#call.end();
    this.#conversation.reset();
    this.#transcript.clear();
    this.#notices.hide("error", "session", "call");
  }

  #refreshPanel() {
    if (this.#panel.view) this.#views[this.#panel.view].show();
  }

  // ---- Talking

  async #talk() {
    if (this.#call.state !== "off") {
      this.#call.mute(!this.#call.isMuted);
      return;
    }
    if (this.#status?.voice?.hearing === false) {
      await this.#learnStatus();
      if (this.#status.voice.hearing === false) {
        announce(byId("notices").textContent);
        return;
      }
    }
    this.#conversation.stopTyping();
    this.#notices.hide("call", "microphone", "error");
    try {
      await this.#call.start(this.#session);
    } catch (error) {
      this.#callFailed(error);
    }
  }

  #callFailed(error) {
    this.#notices.show("call", callProblem(error, () => this.#talk()));
  }

  #callChanged(state) {
    this.#announceCall(state);
    this.#wakeLock.hold(state !== "off");
    this.#activity.set({ call: state, isMuted: this.#call.isMuted });
    if (state === "off") {
      this.#conversation.hungUp();
      this.#levels.stop();
      this.#voice.stop();
      this.#notices.hide("lost", "sound", "dead");
      this.#refreshPanel();
    }
    clearTimeout(this.#lostTimer);
    if (state === "reconnecting") {
      this.#lostTimer = setTimeout(() => this.#notices.show("lost", {
        title: "The connection was lost", isProblem: false, canClose: false,
        text: "It is being brought back. What was said is kept on the server.",
      }), lossShownAfter);
    } else {
      this.#notices.hide("lost");
    }
  }

  // Turning the microphone off and on changes the button's own name, which is read out.
  #announceCall(state) {
    if (state === this.#lastCall) return;
    const words = { on: `Connected. ${this.#name} is listening.`, reconnecting: "Connection lost.", off: "The call has ended." };
    if (words[state]) announce(words[state]);
    this.#lastCall = state;
  }

  #hear(stream) {
    this.#levels.listen("user", stream);
    setTimeout(() => {
      const isHearing = this.#call.state === "on" && !this.#call.isMuted;
      if (isHearing && this.#levels.isDead("user")) this.#notices.show("dead", deadMicrophone);
    }, deadMicrophoneAfter);
  }

  #askForSound() {
    this.#notices.show("sound", {
      title: "The browser holds her voice back", text: "It wants you to allow it once.", isProblem: false,
      actions: [{ label: "Let her speak", act: () => this.#voice.resume().then(() => this.#notices.hide("sound")) }],
    });
  }

  // ---- Writing and stopping

  async #send(text) {
    this.#notices.hide("error", "send");
    if (this.#call.state === "on") {
      if (this.#call.say(text)) this.#conversation.typed(text);
      else this.#composer.giveBack(text);
      return;
    }
    if (this.#conversation.isTyping || this.#call.state !== "off") {
      this.#composer.giveBack(text);
      return;
    }
    try {
      await this.#conversation.write(this.#server, {
        text, session: this.#session, onSessionGone: () => this.#sessionGone(),
      });
      this.#refreshPanel();
    } catch (error) {
      this.#composer.giveBack(text);
      this.#notices.show("send", {
        title: "Your message was not sent", text: error.message, commands: error.command ? [error.command] : [],
      });
    }
  }

  #stop() {
    if (this.#conversation.isTyping) {
      this.#conversation.stopTyping();
    } else if (this.#call.interrupt()) {
      this.#voice.hush();
    }
  }

  // What is nearest goes first: the panel, then what she says, then the call.
  #escape() {
    if (this.#panel.isOpen && byId("panel").contains(document.activeElement)) this.#panel.close();
    else if (this.#activity.isAnswering) this.#stop();
    else if (this.#panel.isOpen) this.#panel.close();
    else this.#call.end();
  }

  #showActivity() {
    this.#stage.show(this.#activity, {
      call: this.#call.state, isMuted: this.#call.isMuted, name: this.#name, isKnown: this.#status !== null,
      canHear: this.#status?.voice?.hearing !== false, isEmpty: this.#transcript.isEmpty,
    });
    this.#composer.setAnswering(this.#conversation.isTyping);
  }
}

new Page().start();
"""## + "\n"),
    PageFile(path: "/markdown.js", contentType: "text/javascript; charset=utf-8", tag: "\"3838308999-2136\"", content: ##"""
import { h } from "./dom.js";

/** Nodes for the little markdown a model writes: paragraphs, lists, code, emphasis and web links. */
export function markdown(text) {
  const nodes = [];
  text.split(/^```/m).forEach((part, index) => {
    if (index % 2 === 1) nodes.push(codeBlock(part));
    else nodes.push(...blocks(part));
  });
  return nodes;
}

function codeBlock(part) {
  const code = part.replace(/^[^\n]*\n?/, "").replace(/\n$/, "");
  return h("pre", { tabindex: "0" }, h("code", { text: code }));
}

function blocks(text) {
  return text.split(/\n{2,}/).map((block) => block.trim()).filter(Boolean).flatMap((block) => groups(block));
}

// Lines of one block, gathered into lists and paragraphs.
function groups(block) {
  const nodes = [];
  let kind = null;
  let lines = [];
  const flush = () => {
    if (lines.length === 0) return;
    if (kind === "p") nodes.push(h("p", {}, ...inline(lines.join("\n"))));
    else nodes.push(h(kind, {}, ...lines.map((line) => h("li", {}, ...inline(line)))));
    lines = [];
  };
  for (const line of block.split("\n")) {
    const item = /^\s*(?:([-*•])|(\d{1,3})[.)])\s+(.*)$/.exec(line);
    const next = item ? (item[1] ? "ul" : "ol") : "p";
    if (next !== kind) flush();
    kind = next;
    lines.push(item ? item[3] : line.replace(/^#{1,6}\s+/, ""));
  }
  flush();
  return nodes;
}

const inlinePattern = /(`[^`\n]+`|\*\*[^*\n]+\*\*|\*[^*\s][^*\n]*\*|\[[^\]\n]+\]\(https?:\/\/[^\s)]+\)|https?:\/\/[^\s<>)\]]+)/;

function inline(text) {
  return text.split(inlinePattern).filter(Boolean).map((piece) => {
    if (/^`.+`$/.test(piece)) return h("code", { text: piece.slice(1, -1) });
    if (/^\*\*.+\*\*$/.test(piece)) return h("strong", { text: piece.slice(2, -2) });
    if (/^\*[^*]+\*$/.test(piece)) return h("em", { text: piece.slice(1, -1) });
    const named = /^\[(.+)\]\((https?:.+)\)$/.exec(piece);
    if (named) return link(named[2], named[1]);
    if (/^https?:\/\//.test(piece)) return link(piece, piece);
    return piece;
  });
}

function link(address, text) {
  return h("a", { href: address, text, target: "_blank", rel: "noopener noreferrer" });
}
"""## + "\n"),
    PageFile(path: "/memory.js", contentType: "text/javascript; charset=utf-8", tag: "\"2684634211-2814\"", content: ##"""
import { h } from "./dom.js";
import { whenAbout } from "./dates.js";
import { deletableRow, fillList } from "./deletable.js";

const typingPause = 250;

/** What she remembers of the user: to be searched, read and forgotten. */
export class MemoryView {
  #server;
  #list = h("div");
  #field = h("input", { type: "search", id: "memory-query", placeholder: "Search", autocomplete: "off" });
  #timer = null;
  #asked = 0;

  constructor(server, place) {
    this.#server = server;
    place.append(h("label", { class: "unseen", for: "memory-query", text: "Search memory" }), this.#field, this.#list);
    this.#field.addEventListener("input", () => {
      clearTimeout(this.#timer);
      this.#timer = setTimeout(() => this.show(), typingPause);
    });
  }

  /** Brings the list up to date. */
  show() {
    const query = this.#field.value.trim();
    const asked = (this.#asked += 1);
    return fillList(this.#list, {
      empty: query ? `Nothing about “${query}” is remembered.` : "Nothing is remembered yet. Tell her something to keep.",
      load: async () => {
        const { facts = [] } = await this.#server.json(`v1/memory?query=${encodeURIComponent(query)}`);
        // An answer that comes after a later question is stale.
        if (asked !== this.#asked) throw new DOMException("", "AbortError");
        return facts.map((fact) => this.#row(fact));
      },
    });
  }

  #row({ id, text, date }) {
    const body = h("div", { class: "fact" }, h("p", { text }), h("span", { class: "entry-details", text: whenAbout(date) }));
    return deletableRow({
      body, label: `Forget: ${text}`, question: "Forget this for good?",
      remove: () => this.#server.fetch(`v1/memory/${encodeURIComponent(id)}`, { method: "DELETE" }),
      onRemoved: () => { if (!this.#list.querySelector("li")) this.show(); },
    });
  }
}

/** The notes the user had her write down. */
export class NotesView {
  #server;
  #place;

  constructor(server, place) {
    this.#server = server;
    this.#place = place;
  }

  /** Brings the list up to date. */
  show() {
    return fillList(this.#place, {
      empty: "No notes yet. Ask her to write one down.",
      load: async () => (await this.#server.json("v1/notes")).notes?.map((note) => this.#row(note)) ?? [],
    });
  }

  #row({ id, title, text, date }) {
    const body = h("article", { class: "note" }, h("h2", { text: title }), h("p", { text }),
      h("span", { class: "entry-details", text: whenAbout(date) }));
    return deletableRow({
      body, label: `Delete the note “${title}”`, question: `Delete the note “${title}” for good?`,
      remove: () => this.#server.fetch(`v1/notes/${encodeURIComponent(id)}`, { method: "DELETE" }),
      onRemoved: () => { if (!this.#place.querySelector("li")) this.show(); },
    });
  }
}
"""## + "\n"),
    PageFile(path: "/microphone.js", contentType: "text/javascript; charset=utf-8", tag: "\"2956529649-1227\"", content: ##"""
/** Why there is no microphone: `reason` is "insecure", "denied", "missing" or "busy". */
export class MicrophoneError extends Error {
  constructor(reason, message) {
    super(message);
    this.reason = reason;
  }
}

/** Opens the microphone, cleaned of her own voice by the browser. */
export async function openMicrophone() {
  if (!window.isSecureContext || !navigator.mediaDevices?.getUserMedia) {
    throw new MicrophoneError("insecure", "The browser gives a microphone to secure pages only.");
  }
  try {
    const audio = { echoCancellation: true, noiseSuppression: true, autoGainControl: true, channelCount: 1 };
    return await navigator.mediaDevices.getUserMedia({ audio });
  } catch (error) {
    throw explained(error);
  }
}

function explained(error) {
  switch (error.name) {
    case "NotAllowedError":
    case "SecurityError":
      return new MicrophoneError("denied", "The browser does not let this page use the microphone.");
    case "NotFoundError":
    case "OverconstrainedError":
      return new MicrophoneError("missing", "The browser finds no microphone.");
    default:
      return new MicrophoneError("busy", `The microphone could not be opened: ${error.message || error.name}.`);
  }
}
"""## + "\n"),
    PageFile(path: "/notices.js", contentType: "text/javascript; charset=utf-8", tag: "\"1690457071-2839\"", content: ##"""
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
"""## + "\n"),
    PageFile(path: "/orb.js", contentType: "text/javascript; charset=utf-8", tag: "\"2142500135-5478\"", content: ##"""
const frameTime = 1000 / 30;
const points = 72;
// Three outlines that drift over each other: lobes, turns a second, and how far they swing.
const outlines = [
  { lobes: 3, turn: 0.05, swing: 1, alpha: 0.3 },
  { lobes: 4, turn: -0.037, swing: 0.8, alpha: 0.24 },
  { lobes: 5, turn: 0.028, swing: 0.65, alpha: 0.2 },
];
// How each state looks: size of the halo, its unrest, and whose level moves it.
const looks = {
  idle: { reach: 0.06, swing: 0.15, speed: 0 },
  connecting: { reach: 0.16, swing: 0.3, speed: 1.5 },
  reconnecting: { reach: 0.16, swing: 0.3, speed: 1.5 },
  listening: { reach: 0.2, swing: 0.25, speed: 0.7, who: "user" },
  hearing: { reach: 0.24, swing: 0.4, speed: 1, who: "user" },
  thinking: { reach: 0.2, swing: 0.35, speed: 2.2, isBreathing: true },
  writing: { reach: 0.2, swing: 0.35, speed: 2.2, isBreathing: true },
  tool: { reach: 0.18, swing: 0.2, speed: 1, isSearching: true },
  speaking: { reach: 0.26, swing: 0.6, speed: 1.2, who: "companion" },
  muted: { reach: 0.06, swing: 0, speed: 0 },
};

/** The light around the microphone button, which shows the state and moves with the voices. Still when all is still. */
export class Orb {
  #canvas;
  #read;
  #look = { ...looks.idle };
  #target = looks.idle;
  #level = 0;
  #phase = 0;
  #last = 0;
  #colour = "";
  #frame = null;
  #calm = matchMedia("(prefers-reduced-motion: reduce)");

  /** Draws on `canvas`; `read(who)` gives the level of "user" or "companion". */
  constructor(canvas, read) {
    this.#canvas = canvas;
    this.#read = read;
    new ResizeObserver(() => this.#wake()).observe(canvas);
    document.addEventListener("visibilitychange", () => this.#wake());
    this.#calm.addEventListener("change", () => this.#wake());
  }

  /** Shows a state of ``Activity``. */
  show(state) {
    this.#target = looks[state] ?? looks.idle;
    this.recolour();
  }

  /** Takes up the page's colours anew. */
  recolour() {
    this.#colour = "";
    this.#wake();
  }

  #wake() {
    this.#frame ??= requestAnimationFrame((now) => this.#tick(now));
  }

  #tick(now) {
    this.#frame = null;
    if (document.hidden) return;
    const elapsed = now - this.#last;
    if (elapsed >= frameTime - 2) {
      this.#last = now;
      this.#step(Math.min(elapsed, 100) / 1000);
      this.#draw();
    }
    if (this.#isMoving) this.#wake();
  }

  #step(seconds) {
    const ease = this.#calm.matches ? 1 : 1 - Math.exp(-seconds * 6);
    for (const key of ["reach", "swing", "speed"]) this.#look[key] += (this.#target[key] - this.#look[key]) * ease;
    this.#level = this.#target.who ? this.#read(this.#target.who) : this.#level * 0.85;
    if (!this.#calm.matches) this.#phase += seconds * this.#look.speed;
  }

  get #isMoving() {
    const { who, speed, reach } = this.#target;
    if (who) return true;
    const isSettled = Math.abs(this.#look.reach - reach) < 0.002 && this.#level < 0.01;
    return !isSettled || (speed > 0 && !this.#calm.matches);
  }

  #draw() {
    const scale = Math.min(devicePixelRatio || 1, 2);
    const size = this.#canvas.clientWidth;
    const pixels = Math.round(size * scale);
    if (pixels === 0) return;
    if (this.#canvas.width !== pixels) this.#canvas.width = this.#canvas.height = pixels;
    this.#colour ||= getComputedStyle(this.#canvas).color;
    const context = this.#canvas.getContext("2d");
    context.setTransform(scale, 0, 0, scale, 0, 0);
    context.clearRect(0, 0, size, size);
    context.translate(size / 2, size / 2);
    const button = size * 0.215;
    for (const outline of outlines) this.#drawOutline(context, outline, button, size);
    if (this.#target.isSearching) this.#drawSeekers(context, button * 1.32);
  }

  #drawOutline(context, { lobes, turn, swing, alpha }, button, size) {
    const breath = this.#target.isBreathing ? 0.025 * Math.sin(this.#phase * 1.6) : 0;
    const reach = this.#look.reach + breath + this.#level * 0.12;
    const radius = Math.min(button + size * reach * swing, size * 0.44);
    const depth = size * (0.008 + 0.032 * this.#level) * this.#look.swing * swing;
    const light = context.createRadialGradient(0, 0, button * 0.8, 0, 0, radius + depth);
    light.addColorStop(0, withAlpha(this.#colour, alpha * 1.7));
    light.addColorStop(0.6, withAlpha(this.#colour, alpha));
    light.addColorStop(1, withAlpha(this.#colour, alpha * 0.25));
    context.fillStyle = light;
    context.globalAlpha = 0.7 + 0.3 * this.#level;
    context.beginPath();
    for (let point = 0; point <= points; point += 1) {
      const angle = (2 * Math.PI * point) / points;
      const wave = Math.sin(lobes * angle + this.#phase * 2 * Math.PI * turn * 6)
        + 0.5 * Math.sin((lobes - 1) * angle - this.#phase * 1.3);
      const distance = radius + depth * wave;
      context.lineTo(distance * Math.cos(angle), distance * Math.sin(angle));
    }
    context.fill();
  }

  // Three sparks that go round while a tool runs.
  #drawSeekers(context, radius) {
    context.globalAlpha = 1;
    context.fillStyle = this.#colour;
    for (let index = 0; index < 3; index += 1) {
      const angle = this.#phase * 2.4 - index * 0.42;
      context.beginPath();
      context.arc(radius * Math.cos(angle), radius * Math.sin(angle), 4 - index, 0, 2 * Math.PI);
      context.fill();
    }
  }
}

// A computed colour is always rgb(r, g, b) or, from light-dark(), the same.
function withAlpha(colour, alpha) {
  return colour.replace(/^rgb\((.+)\)$/, `rgba($1, ${alpha.toFixed(3)})`);
}
"""## + "\n"),
    PageFile(path: "/panel.css", contentType: "text/css; charset=utf-8", tag: "\"165574339-4313\"", content: ##"""
/* Beside the conversation where there is room, over it where there is none. */
.panel {
  width: 25rem; height: 100dvh; display: flex; flex-direction: column; border-left: 1px solid var(--line); background: var(--raised);
  animation: slide .22s ease;
}
@keyframes slide { from { opacity: 0; transform: translateX(1rem); } }
.panel-top { display: flex; align-items: center; padding: .9rem .7rem .4rem 1.1rem; padding-top: max(.9rem, env(safe-area-inset-top)); }
.tabs { flex: 1; min-width: 0; display: flex; gap: .1rem; overflow-x: auto; scrollbar-width: none; padding: 4px; margin: -4px; }
.tabs button { color: var(--quiet); font-size: .9rem; padding: .45rem .65rem; border-radius: 99rem; white-space: nowrap; }
.tabs button:hover { color: var(--ink); }
.tabs button[aria-selected="true"] { background: var(--tint); color: var(--ink); }
.view { flex: 1; min-height: 0; overflow-y: auto; padding: .8rem 1.2rem 1.5rem; scrollbar-width: thin; scrollbar-color: var(--line) transparent; }
.view:focus-visible { outline-offset: -3px; border-radius: .6rem; }
.view input[type="search"] {
  width: 100%; border: 1px solid var(--line); border-radius: 99rem; background: var(--paper); padding: .5rem 1rem; margin-bottom: .6rem; font-size: .92rem;
}
.nothing { color: var(--quiet); font: italic 1.05rem/1.5 var(--serif); padding: 2.5rem 1.5rem; text-align: center; text-wrap: balance; }
.about { color: var(--quiet); font-size: .76rem; padding: .7rem 1.2rem max(.8rem, env(safe-area-inset-bottom)); border-top: 1px solid var(--line); overflow-wrap: anywhere; }
.about:empty { display: none; }

.entry { display: flex; align-items: flex-start; gap: .3rem; border-bottom: 1px solid var(--line); padding: .35rem 0; flex-wrap: wrap; }
.entry:last-child { border-bottom: 0; }
.entry > :first-child { flex: 1; min-width: 0; }
.open { text-align: left; padding: .45rem .6rem; margin-left: -.6rem; border-radius: .6rem; display: grid; }
.open:hover { background: var(--tint); }
.open[aria-current="true"] .entry-title { color: var(--accent-deep); }
.entry-title { overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
.entry-details { color: var(--quiet); font-size: .8rem; }
.fact, .note { padding: .5rem 0; display: grid; gap: .15rem; }
.fact p { overflow-wrap: anywhere; }
.note h2 { font: 600 1rem/1.4 var(--sans); }
.note p { white-space: pre-wrap; overflow-wrap: anywhere; color: var(--quiet); font-size: .95rem; }
.delete { margin-top: .45rem; }
@media (hover: hover) { .entry:not(:hover, :focus-within) .delete { opacity: 0; } }
.entry > .question { flex-basis: 100%; padding: .6rem 0 0; overflow-wrap: anywhere; }
.entry .actions { display: flex; gap: .3rem; align-items: center; padding: .35rem 0 .5rem; }
.danger { background: var(--accent); color: var(--on-accent); font-size: .85rem; font-weight: 600; padding: .4rem .9rem; border-radius: 99rem; }
.danger:hover { background: var(--accent-deep); }
.entry .broken { flex-basis: 100%; padding-bottom: .5rem; }

.timing-group + .timing-group { margin-top: 2rem; border-top: 1px solid var(--line); padding-top: 1.5rem; }
.timing-group h2 { color: var(--quiet); font-size: .88rem; }
.median { color: var(--quiet); font-size: .9rem; margin-block: .1rem .9rem; }
.median strong { font: 400 2.2rem/1.2 var(--serif); color: var(--ink); letter-spacing: -.02em; display: block; font-variant-numeric: tabular-nums; }
.key { display: flex; flex-wrap: wrap; gap: .2rem 1rem; color: var(--quiet); font-size: .8rem; margin-bottom: 1rem; }
.turns { display: grid; gap: .1rem; }
.turn summary { display: grid; grid-template-columns: 1.5rem minmax(0, 1fr) 4rem; align-items: center; gap: .5rem; list-style: none; cursor: pointer; font-size: .82rem; padding: .35rem .2rem; border-radius: .4rem; font-variant-numeric: tabular-nums; }
.turn summary:hover { background: var(--tint); }
.turn-number { color: var(--quiet); }
.turn-total { text-align: right; }
.turn .bar { height: .7rem; width: 100%; }
.turn .legend { padding-left: 2rem; padding-bottom: .8rem; max-width: none; }

@media (max-width: 60rem) {
  .panel { position: fixed; inset: 0 0 0 auto; width: min(27rem, 100vw); z-index: 5; box-shadow: 0 0 4rem #0004; }
}
@media (max-width: 30rem) { .panel { border-left: 0; } .tabs button { padding: .45rem .5rem; font-size: .87rem; } .panel-top { padding-left: .7rem; } }
"""## + "\n"),
    PageFile(path: "/panel.js", contentType: "text/javascript; charset=utf-8", tag: "\"597229770-3093\"", content: ##"""
import { byId } from "./dom.js";
import { keep, kept } from "./storage.js";

/** The room beside the conversation, with one view at a time. */
export class Panel {
  #panel = byId("panel");
  #toggle = byId("panel-toggle");
  #tabs = [...byId("tabs").children];
  #onShow;
  #narrow = matchMedia("(max-width: 60rem)");

  /** `onShow(name)` is called when "sessions", "memory", "notes" or "timing" comes into view. */
  constructor(onShow) {
    this.#onShow = onShow;
    this.#toggle.addEventListener("click", () => (this.isOpen ? this.close() : this.open()));
    byId("panel-close").addEventListener("click", () => this.close());
    for (const tab of this.#tabs) tab.addEventListener("click", () => this.#select(tab));
    byId("tabs").addEventListener("keydown", (event) => this.#moveWithArrows(event));
    this.#narrow.addEventListener("change", () => this.#cover());
    this.#select(byId(`tab-${kept("view")}`) ?? this.#tabs[0], { isQuiet: true });
  }

  /** Whether it is shown. */
  get isOpen() {
    return !this.#panel.hidden;
  }

  /** Which view is shown; null while closed. */
  get view() {
    return this.isOpen ? name(this.#selected) : null;
  }

  /** Shows it. */
  open() {
    this.#panel.hidden = false;
    this.#toggle.setAttribute("aria-expanded", "true");
    document.documentElement.toggleAttribute("data-panel", true);
    this.#cover();
    this.#selected.focus();
    this.#onShow(this.view);
  }

  /** Hides it, and gives the focus back. */
  close() {
    const hadFocus = this.#panel.contains(document.activeElement);
    this.#panel.hidden = true;
    this.#toggle.setAttribute("aria-expanded", "false");
    document.documentElement.toggleAttribute("data-panel", false);
    this.#cover();
    if (hadFocus) this.#toggle.focus();
  }

  /** Hides it where it covers the conversation. */
  closeIfCovering() {
    if (this.isOpen && this.#narrow.matches) this.close();
  }

  get #selected() {
    return this.#tabs.find((tab) => tab.getAttribute("aria-selected") === "true");
  }

  // What lies beneath a covering panel is out of reach, for the keyboard too.
  #cover() {
    document.querySelector(".app").inert = this.isOpen && this.#narrow.matches;
  }

  #select(selected, { isQuiet = false } = {}) {
    for (const tab of this.#tabs) {
      const isSelected = tab === selected;
      tab.setAttribute("aria-selected", String(isSelected));
      tab.tabIndex = isSelected ? 0 : -1;
      byId(tab.getAttribute("aria-controls")).hidden = !isSelected;
    }
    if (isQuiet) return;
    keep("view", name(selected));
    this.#onShow(name(selected));
  }

  #moveWithArrows(event) {
    const index = this.#tabs.indexOf(document.activeElement);
    const last = this.#tabs.length - 1;
    const next = {
      ArrowRight: index === last ? 0 : index + 1, ArrowLeft: index === 0 ? last : index - 1, Home: 0, End: last,
    }[event.key];
    if (index < 0 || next === undefined) return;
    event.preventDefault();
    this.#select(this.#tabs[next]);
    this.#tabs[next].focus();
  }
}

function name(tab) {
  return tab.id.replace("tab-", "");
}
"""## + "\n"),
    PageFile(path: "/peer.js", contentType: "text/javascript; charset=utf-8", tag: "\"4180418409-4058\"", content: ##"""
import { RTVI } from "./rtvi.js";

const candidatePause = 200;

/** One WebRTC connection to the server: negotiated over `/api/offer`, with its candidates sent after it. */
export class Peer {
  #server;
  #connection;
  #channel;
  #candidates = [];
  #sending = null;
  /** The server's name for the connection; null until it has answered. */
  id = null;
  /** Her voice. */
  stream = new MediaStream();

  /** Prepares a connection that sends `track`; `handlers` are those of ``RTVI``, with `onLost` added. */
  constructor(server, { track, iceServers, handlers }) {
    this.#server = server;
    const connection = (this.#connection = new RTCPeerConnection({ iceServers }));
    const transceiver = connection.addTransceiver(track, { direction: "sendrecv" });
    this.sender = transceiver.sender;
    this.stream.addTrack(transceiver.receiver.track);
    connection.addEventListener("icecandidate", ({ candidate }) => this.#queue(candidate));
    connection.addEventListener("connectionstatechange", () => {
      if (["disconnected", "failed"].includes(connection.connectionState)) handlers.onLost();
    });
    this.#channel = connection.createDataChannel("chat", { ordered: true });
    this.rtvi = new RTVI(this.#channel, { ...handlers, onClose: () => handlers.onLost() });
  }

  /** Whether audio and messages get through. */
  get isConnected() {
    return this.#connection.connectionState === "connected" && this.#channel.readyState === "open";
  }

  /**
   * Offers and takes the server's answer. `id` names an earlier connection; with `restart` the server makes a new one in
   * its place, without it the same is negotiated again (and its network paths sought anew).
   */
  async negotiate({ session, id = this.id, restart = false, signal }) {
    const connection = this.#connection;
    await connection.setLocalDescription(await connection.createOffer({ iceRestart: this.id !== null }));
    const { sdp, type } = connection.localDescription;
    const body = { sdp, type, pc_id: id, restart_pc: restart, request_data: session ? { session_id: session } : {} };
    const answer = await this.#server.json("api/offer", { method: "POST", body, signal });
    await connection.setRemoteDescription({ sdp: answer.sdp, type: answer.type });
    this.id = answer.pc_id;
    this.#flush();
    return answer;
  }

  /** Resolves once connected; rejects after `limit` milliseconds. */
  connected(limit) {
    return new Promise((resolve, reject) => {
      const check = () => {
        if (this.isConnected) done(resolve);
        else if (this.#connection.connectionState === "closed") done(() => reject(new Error("The call was ended.")));
      };
      const done = (settle) => {
        clearTimeout(timer);
        this.#connection.removeEventListener("connectionstatechange", check);
        this.#channel.removeEventListener("open", check);
        settle();
      };
      const timer = setTimeout(() => done(() => reject(new Error(
        "No audio connection came about. A firewall between this browser and the server may hold back UDP."))), limit);
      this.#connection.addEventListener("connectionstatechange", check);
      this.#channel.addEventListener("open", check);
      check();
    });
  }

  /** Hangs up. */
  close() {
    this.rtvi.stop();
    clearTimeout(this.#sending);
    this.#connection.close();
  }

  #queue(candidate) {
    if (candidate?.candidate) this.#candidates.push(candidate);
    this.#sending ??= setTimeout(() => this.#flush(), candidatePause);
  }

  #flush() {
    clearTimeout(this.#sending);
    this.#sending = null;
    if (this.id === null || this.#candidates.length === 0) return;
    const candidates = this.#candidates.splice(0).map(({ candidate, sdpMid, sdpMLineIndex }) => (
      { candidate, sdp_mid: sdpMid, sdp_mline_index: sdpMLineIndex }));
    const body = { pc_id: this.id, candidates };
    // A server that hears the connectivity checks needs none of them, so a refusal does no harm.
    this.#server.json("api/offer", { method: "PATCH", body }).catch(() => {});
  }
}
"""## + "\n"),
    PageFile(path: "/problems.js", contentType: "text/javascript; charset=utf-8", tag: "\"4157185757-2717\"", content: ##"""
import { MicrophoneError } from "./microphone.js";

const listening = { hearing: "She cannot hear yet", speaking: "She cannot speak yet" };

/** The notice for a call that could not begin or go on. */
export function callProblem(error, retry) {
  if (error instanceof MicrophoneError) return microphoneProblem(error, retry);
  return {
    title: "The call could not be held", text: `${error.message} Writing may still work.`,
    commands: error.command ? [error.command] : [], actions: [{ label: "Try again", act: retry }],
  };
}

function microphoneProblem({ reason, message }, retry) {
  const again = [{ label: "Try again", act: retry }];
  switch (reason) {
    case "insecure":
      return insecureProblem();
    case "denied":
      return {
        title: "The microphone is not allowed",
        text: "Allow it for this page: press the sign to the left of the address, then try again. You can also write.",
        actions: again,
      };
    case "missing":
      return { title: "No microphone was found", text: "Plug one in, then try again. You can also write.", actions: again };
    default:
      return { title: "The microphone is busy", text: `${message} Another program may be using it.`, actions: again };
  }
}

/** The notice for a page that the browser does not trust with a microphone. */
export function insecureProblem() {
  return {
    title: "To talk, open this page securely",
    text: "Browsers give a microphone only to https pages and to this machine itself. You can write meanwhile. Start the "
      + "server with TLS and open its https address, or on the same machine:",
    commands: [`http://localhost:${location.port || 80}/`],
    isProblem: false,
  };
}

/** The notice for parts of the voice that are not installed; null where all are there. */
export function missingParts({ hearing = true, speaking = true, missing = [] } = {}, check) {
  if (hearing && speaking) return null;
  const title = !hearing && !speaking ? "She can write, but not hear or speak yet"
    : !hearing ? listening.hearing : listening.speaking;
  const parts = missing.map(({ part }) => part).filter(Boolean).join(", ");
  const commands = [...new Set(missing.map(({ command }) => command).filter(Boolean))];
  return {
    title, commands, isProblem: false, actions: [{ label: "Check again", act: check }],
    text: `${parts ? `Missing: ${parts}. ` : ""}${commands.length > 0 ? "Run this where the server runs:" : ""}`,
  };
}

/** The notice for a microphone that gives nothing but zeroes. */
export const deadMicrophone = {
  title: "No sound comes from the microphone", isProblem: false,
  text: "It may be muted, or another one may be chosen in the browser's settings for this page.",
};
"""## + "\n"),
    PageFile(path: "/reply.js", contentType: "text/javascript; charset=utf-8", tag: "\"3462438572-4507\"", content: ##"""
import { announce, h } from "./dom.js";
import { advance } from "./heard.js";
import { markdown } from "./markdown.js";
import { ToolRow } from "./tools.js";
import { timingRow } from "./timing.js";

/** One reply of hers in the transcript: text that grows, what of it was heard, tools used, and how long it took. */
export class ReplyRow {
  #text = "";
  #heard = 0;
  #isSpoken;
  #isFinished = false;
  #frame = null;
  #tools = new Map();
  #toolList = h("div", { class: "tools" });
  #body = h("div", { class: "words" });
  #foot = h("div", { class: "foot" });
  #onChange;

  /** `isSpoken`: the words are shown faintly until they have been said aloud. */
  constructor({ name, isSpoken = false, onChange }) {
    this.#isSpoken = isSpoken;
    this.#onChange = onChange;
    this.element = h("li", { class: "hers answering" },
      h("span", { class: "unseen", text: `${name}: ` }), this.#toolList, this.#body, this.#foot);
  }

  /** What is shown. */
  get text() {
    return this.#text;
  }

  /** More of her words, as they are thought of. */
  append(text) {
    this.#text += text;
    this.#render();
  }

  /** Words that are now said aloud; they count as hers even where they were not announced before. */
  say(words) {
    if (this.#text.slice(this.#heard).trim() === "") {
      const gap = this.#text && !/\s$/.test(this.#text) && !/^\s/.test(words) ? " " : "";
      this.#text += gap + words;
      this.#heard = this.#text.length;
    } else {
      this.#heard = advance(this.#text, this.#heard, words);
    }
    this.#render();
  }

  /** Of all that was said, these words were heard. */
  wasHeard(words) {
    this.#heard = words.trim() === "" ? 0 : advance(this.#text, 0, words);
    this.#render();
  }

  /** A spoiled reply is tried again: what was shown is void. */
  restart() {
    this.#text = "";
    this.#heard = 0;
    this.#render();
  }

  /** The end. `text`, where given, is the whole; `interrupted` keeps only what was heard. */
  finish({ text, interrupted = false, quiet = false } = {}) {
    if (text !== undefined) this.#text = text;
    if (interrupted) {
      if (this.#isSpoken) this.#text = this.#text.slice(0, this.#heard).trimEnd();
      this.element.classList.add("interrupted");
    }
    for (const tool of this.#tools.values()) if (tool.isRunning) tool.finish({ isCancelled: true });
    this.#heard = this.#text.length;
    this.#isFinished = true;
    this.element.classList.remove("answering");
    this.#render();
    if (this.#text && !quiet) announce(this.#text);
    this.#addCopy();
  }

  /** Shows that the reply broke off, and why. */
  fail(message) {
    this.finish({ quiet: true });
    this.#foot.append(h("p", { class: "broken", role: "alert", text: message }));
  }

  /** Begins a tool's row, or brings it up to date. */
  toolStarted({ id, name, args }) {
    const known = this.#tools.get(id);
    if (known) {
      known.ask(args);
      return;
    }
    const tool = new ToolRow(name, args);
    this.#tools.set(id, tool);
    this.#toolList.append(tool.element);
    this.#onChange();
  }

  /** Ends a tool's row. */
  toolFinished({ id, name, args, ...end }) {
    if (!this.#tools.has(id)) this.toolStarted({ id, name, args });
    this.#tools.get(id).finish(end);
    this.#onChange();
  }

  /** Shows how long the turn's stages took. */
  time(turn) {
    this.#foot.querySelector(".timing")?.remove();
    this.#foot.prepend(timingRow(turn));
    this.#onChange();
  }

  /** Whether there is nothing to see. */
  get isEmpty() {
    return this.#text.trim() === "" && this.#tools.size === 0;
  }

  // Many words can come between two pictures on the screen.
  #render() {
    this.#frame ??= requestAnimationFrame(() => {
      this.#frame = null;
      this.#draw();
      this.#onChange();
    });
  }

  #draw() {
    if (this.#isSpoken && !this.#isFinished) {
      this.#body.replaceChildren(h("p", {}, this.#text.slice(0, this.#heard),
        h("span", { class: "ahead", text: this.#text.slice(this.#heard) })));
    } else {
      this.#body.replaceChildren(...markdown(this.#text));
    }
  }

  #addCopy() {
    if (!this.#text || this.#foot.querySelector(".copy") || !navigator.clipboard) return;
    const button = h("button", { class: "copy", type: "button", text: "Copy", onclick: async () => {
      await navigator.clipboard.writeText(this.#text);
      button.textContent = "Copied";
      setTimeout(() => (button.textContent = "Copy"), 1500);
    } });
    this.#foot.append(button);
  }
}
"""## + "\n"),
    PageFile(path: "/rtvi.js", contentType: "text/javascript; charset=utf-8", tag: "\"1201115661-1940\"", content: ##"""
const label = "rtvi-ai";
// The version whose bot-output says with `spoken` what has been said aloud.
const protocolVersion = "1.0.0";

/** RTVI messages over the data channel of a call, and the ping that says the page is still there. */
export class RTVI {
  #channel;
  #ping = null;

  /** Listens on a channel: `onMessage(type, data)` for RTVI, `onSignalling(message)` for the transport's own. */
  constructor(channel, { onOpen, onClose, onMessage, onSignalling }) {
    this.#channel = channel;
    channel.addEventListener("open", () => {
      this.#ping = setInterval(() => this.#sendText(`ping: ${Date.now()}`), 1000);
      this.send("client-ready", { version: protocolVersion, about: { library: "annie-page", platform: "web" } });
      onOpen();
    });
    channel.addEventListener("close", () => {
      this.stop();
      onClose();
    });
    channel.addEventListener("message", ({ data }) => {
      const message = parse(data);
      if (message?.label === label && typeof message.type === "string") onMessage(message.type, message.data ?? {});
      else if (message?.type === "signalling") onSignalling(message.message ?? {});
    });
  }

  /** Sends a message; false where the channel is not open. */
  send(type, data) {
    return this.#sendText(JSON.stringify({ label, type, id: crypto.randomUUID().slice(0, 8), data }));
  }

  /** Tells the transport whether the microphone sends. */
  sendTrackStatus(enabled) {
    const message = { type: "trackStatus", receiver_index: 0, enabled };
    return this.#sendText(JSON.stringify({ type: "signalling", message }));
  }

  /** Ends the ping. */
  stop() {
    clearInterval(this.#ping);
  }

  #sendText(text) {
    if (this.#channel.readyState !== "open") return false;
    this.#channel.send(text);
    return true;
  }
}

function parse(data) {
  if (typeof data !== "string") return null;
  try {
    return JSON.parse(data);
  } catch {
    return null;
  }
}
"""## + "\n"),
    PageFile(path: "/server.js", contentType: "text/javascript; charset=utf-8", tag: "\"3688614150-2999\"", content: ##"""
import { keep, kept } from "./storage.js";

/** An answer that is not a success, with what the server said of it. */
export class ServerError extends Error {
  constructor(status, message, command = null) {
    super(message);
    this.status = status;
    /** What to run on the server to mend it, where the server said so. */
    this.command = command;
  }
}

/** The server the page came from: requests with the token, and errors as sentences. */
export class Server {
  #askForToken;
  #asking = null;

  /** `askForToken(wasWrong)` resolves to a token once the user has given one. */
  constructor({ askForToken }) {
    this.#askForToken = askForToken;
    this.#takeTokenFromAddress();
  }

  /** The response to a request; waits for a token where the server wants one. */
  async fetch(path, { method = "GET", body, signal, keepalive } = {}) {
    for (;;) {
      const token = kept("token");
      const headers = {};
      if (token) headers.Authorization = `Bearer ${token}`;
      if (body !== undefined) headers["Content-Type"] = "application/json";
      const response = await this.#reach(path, {
        method, headers, signal, keepalive, body: body === undefined ? undefined : JSON.stringify(body),
      });
      if (response.status === 401) {
        await this.#newToken(token);
        continue;
      }
      if (!response.ok) throw await serverError(response);
      return response;
    }
  }

  /** The object a request is answered with. */
  async json(path, options) {
    const response = await this.fetch(path, options);
    const text = await response.text();
    try {
      return text ? JSON.parse(text) : {};
    } catch {
      throw new ServerError(response.status, `The server's answer to ${path} is not JSON.`);
    }
  }

  async #reach(path, options) {
    try {
      return await fetch(path, options);
    } catch (error) {
      if (error.name === "AbortError") throw error;
      throw new ServerError(0, "The server cannot be reached. Is it still running?");
    }
  }

  // However many requests are refused at once, the user is asked once.
  async #newToken(refused) {
    if (kept("token") !== refused) return;
    this.#asking ??= this.#askForToken(refused !== null).finally(() => (this.#asking = null));
    keep("token", await this.#asking);
  }

  // The token must not stay in the address bar, where it is copied and kept in the history.
  #takeTokenFromAddress() {
    const token = new URLSearchParams(location.hash.slice(1)).get("token");
    if (!token) return;
    keep("token", token);
    history.replaceState(null, "", location.pathname + location.search);
  }
}

async function serverError(response) {
  const body = await response.json().catch(() => null);
  const error = typeof body?.error === "object" ? body.error : { message: body?.error ?? body?.message };
  const message = error?.message || `The server answered with status ${response.status}.`;
  return new ServerError(response.status, message, error?.command ?? null);
}
"""## + "\n"),
    PageFile(path: "/sessions.js", contentType: "text/javascript; charset=utf-8", tag: "\"2060128324-1860\"", content: ##"""
import { h } from "./dom.js";
import { whenAbout } from "./dates.js";
import { deletableRow, fillList } from "./deletable.js";

/** The conversations that can be taken up again. */
export class SessionsView {
  #server;
  #place;
  #current;
  #onOpen;
  #onDeleted;

  /** `current()` is the session on show; `onOpen(id)` and `onDeleted(id)` follow the user's wish. */
  constructor(server, place, { current, onOpen, onDeleted }) {
    this.#server = server;
    this.#place = place;
    this.#current = current;
    this.#onOpen = onOpen;
    this.#onDeleted = onDeleted;
  }

  /** Brings the list up to date. */
  show() {
    return fillList(this.#place, {
      empty: "Conversations are kept here, to be taken up again.",
      load: async () => {
        const { sessions = [] } = await this.#server.json("v1/sessions");
        return sessions.filter(({ turn_count: turns }) => turns !== 0).map((session) => this.#row(session));
      },
    });
  }

  #row({ id, title, updated_at: updated, turn_count: turns }) {
    const name = title || "Nothing said yet";
    const details = [whenAbout(updated), turns > 0 && `${turns} turn${turns === 1 ? "" : "s"}`].filter(Boolean);
    const body = h("button", {
      class: "open", type: "button", "aria-current": id === this.#current() ? "true" : null, onclick: () => this.#onOpen(id),
    }, h("span", { class: "entry-title", text: name }), h("span", { class: "entry-details", text: details.join(" · ") }));
    return deletableRow({
      body, label: `Delete the conversation “${name}”`, question: `Delete “${name}” for good?`,
      remove: () => this.#server.fetch(`v1/sessions/${encodeURIComponent(id)}`, { method: "DELETE" }),
      onRemoved: () => { this.#onDeleted(id); this.#showIfEmpty(); },
    });
  }

  #showIfEmpty() {
    if (!this.#place.querySelector("li")) this.show();
  }
}
"""## + "\n"),
    PageFile(path: "/stage.css", contentType: "text/css; charset=utf-8", tag: "\"4239429305-7059\"", content: ##"""
/* Where one talks and types: notices, the microphone in its light, the state in words, the field. */
.stage {
  position: relative; z-index: 1; flex: none; display: flex; flex-direction: column; align-items: center;
  padding: 0 var(--gutter) max(.9rem, env(safe-area-inset-bottom));
}
.stage > * { width: 100%; max-width: var(--measure); }

.talk { --button: 4.5rem; display: grid; grid-template-columns: 1fr auto 1fr; align-items: center; padding-block: 1.35rem 1.1rem; }
[data-call="on"] .talk, [data-call="connecting"] .talk, [data-call="reconnecting"] .talk {
  --button: 5.25rem; padding-block: 3rem 2.9rem;
}
[data-empty] .talk { --button: 7rem; padding-block: 4.6rem 3.8rem; }
.orb {
  grid-column: 2; position: relative; width: var(--button); height: var(--button);
  transition: width .35s ease, height .35s ease;
}
.orb canvas {
  position: absolute; inset: 50% auto auto 50%; translate: -50% -50%; pointer-events: none; color: var(--glow);
  width: calc(var(--button) / .43); height: calc(var(--button) / .43);
}
.microphone {
  position: relative; width: 100%; height: 100%; border-radius: 50%; color: #fff8f6; display: grid; place-items: center;
  background: radial-gradient(circle at 50% 28%, color-mix(in oklab, var(--ember) 80%, #ff9d7a), var(--ember) 62%, var(--ember-deep));
  box-shadow: 0 .5rem 1.6rem -.4rem color-mix(in oklab, var(--ember) 55%, transparent);
  transition: transform .15s ease, box-shadow .2s ease, background .2s;
}
.microphone svg { width: 38%; height: 38%; stroke-width: 1.6; }
.microphone:hover { transform: scale(1.035); }
.microphone:active { transform: scale(.97); }
.microphone:focus-visible { outline-offset: 5px; }
.microphone[data-unable] { background: var(--tint); color: var(--faint); box-shadow: inset 0 0 0 1px var(--line); }
[data-state="muted"] .microphone { background: var(--raised); color: var(--quiet); box-shadow: inset 0 0 0 1.5px var(--line); }
[data-state="muted"] .orb canvas, [data-state="reconnecting"] .orb canvas { color: var(--faint); }
[data-state="connecting"] .microphone svg, [data-state="reconnecting"] .microphone svg { animation: breathe 1.6s ease-in-out infinite; }
@keyframes breathe { 50% { opacity: .35; } }

.side {
  display: grid; justify-items: center; gap: .3rem; color: var(--quiet); font-size: .78rem; min-width: 4.5rem;
  justify-self: center;
}
#interrupt { grid-column: 1; grid-row: 1; }
#end { grid-column: 3; grid-row: 1; }
@media (max-width: 34rem) {
  [data-empty]:not([data-call="off"]) .talk { --button: 5.25rem; }
  #interrupt { justify-self: start; }
  #end { justify-self: end; }
}
.side svg {
  width: 2.9rem; height: 2.9rem; padding: .8rem; border-radius: 50%; background: var(--tint); color: var(--ink);
  transition: background .15s;
}
.side:hover { color: var(--ink); }
.side:hover svg { background: var(--line); }

.state { text-align: center; min-height: 1.6rem; font: italic 1.08rem/1.5 var(--serif); color: var(--quiet); margin-bottom: 1rem; }
[data-call="on"] .state { color: var(--ink); }
[data-empty] .state { font-size: 1.2rem; }
.state span { display: inline-block; animation: arrive .3s ease; }
@keyframes arrive { from { opacity: 0; transform: translateY(.2rem); } }

.composer {
  display: flex; align-items: flex-end; background: var(--raised); border: 1px solid var(--line); border-radius: 1.5rem;
  padding: .3rem; transition: border-color .15s, box-shadow .15s;
}
.composer:focus-within { border-color: var(--accent); box-shadow: 0 0 0 3px color-mix(in oklab, var(--accent) 14%, transparent); }
.composer textarea {
  flex: 1; min-width: 0; resize: none; border: 0; background: none; max-height: 32dvh; padding: .5rem .9rem; line-height: 1.5;
  min-height: 2.5rem;
}
.composer textarea:focus { outline: none; }
.composer textarea::placeholder { color: var(--quiet); }
.send { width: 2.5rem; height: 2.5rem; border-radius: 50%; display: grid; place-items: center; background: var(--accent); color: var(--on-accent); transition: background .15s, color .15s; }
.send:hover { background: var(--accent-deep); }
.send:disabled { background: none; color: var(--faint); cursor: default; }
.keys { color: var(--quiet); font-size: .75rem; text-align: center; margin-top: .6rem; display: flex; gap: .35rem; justify-content: center; }
kbd { font: inherit; color: var(--quiet); border: 1px solid var(--line); border-radius: .3rem; padding: 0 .35rem; }
kbd:not(:first-child) { margin-left: .7rem; }
@media (max-width: 48rem) { .keys { display: none; } }

.latest {
  position: absolute; bottom: calc(100% + .5rem); left: 50%; translate: -50% 0; width: auto !important; display: inline-flex;
  align-items: center; gap: .35rem; background: var(--raised); border: 1px solid var(--line); border-radius: 99rem;
  padding: .35rem .9rem .35rem .7rem; font-size: .82rem; color: var(--quiet); box-shadow: 0 .3rem 1rem #0001;
}
.latest svg { width: 1rem; height: 1rem; }

.notices { display: grid; grid-template-columns: minmax(0, 1fr); gap: .6rem; }
.notices:not(:empty) { padding-bottom: .75rem; }
[data-empty] .notices { margin-top: auto; }
.notice {
  display: flex; gap: .5rem; align-items: flex-start; background: var(--raised); border: 1px solid var(--line);
  border-radius: 1.1rem; padding: .85rem .55rem .9rem .95rem; font-size: .92rem;
  animation: arrive .25s ease;
}
.notice > svg { color: var(--accent); margin-right: .3rem; }
.notice[role="status"] > svg { color: var(--faint); }
.notice-words { flex: 1; min-width: 0; display: grid; grid-template-columns: minmax(0, 1fr); gap: .45rem; padding-right: .35rem; }
.notice h2 { font-weight: 600; }
.notice p { color: var(--quiet); overflow-wrap: anywhere; }
.notice > .plain { min-height: 2rem; width: 2rem; margin-block: -.25rem; }
.notice .actions { display: flex; flex-wrap: wrap; gap: .5rem; margin-top: .2rem; }
.notice .actions button { border: 1px solid var(--line); border-radius: 99rem; padding: .35rem .95rem; font-size: .87rem; }
.notice .actions button:hover { border-color: var(--accent); color: var(--accent-deep); }
.command { display: flex; align-items: center; gap: .5rem; background: var(--tint); border-radius: .5rem; padding: .4rem .4rem .4rem .75rem; }
.command code { flex: 1; min-width: 0; font: .84rem/1.5 var(--mono); overflow-x: auto; white-space: nowrap; }
.copy { font-size: .78rem; color: var(--quiet); padding: .2rem .5rem; border-radius: .4rem; }
.copy:hover { color: var(--ink); background: color-mix(in oklab, var(--line) 60%, transparent); }
.token { display: flex; gap: .5rem; }
.token input { flex: 1; min-width: 0; border: 1px solid var(--line); border-radius: 99rem; background: var(--paper); padding: .5rem 1rem; }

/* A keyboard on the screen, or a low window, leaves no room for a large light. */
@media (max-height: 36rem) {
  .talk, [data-call] .talk, [data-empty] .talk { --button: 3.25rem; padding-block: .7rem .5rem; }
  .state, [data-empty] .state { margin-bottom: .4rem; font-size: 1rem; }
  .keys { display: none; }
}
@media (forced-colors: active) {
  .microphone, .send, .side svg, .composer, .primary, .danger { border: 1px solid ButtonText; }
}
"""## + "\n"),
    PageFile(path: "/stage.js", contentType: "text/javascript; charset=utf-8", tag: "\"1722843573-1815\"", content: ##"""
import { byId, h, setIcon } from "./dom.js";
import { Orb } from "./orb.js";

/** The microphone in its light, the state in words, and the buttons beside it. */
export class StageView {
  #orb;
  #words = null;

  /** `read(who)` gives the level of "user" or "companion" for the light. */
  constructor(read) {
    this.#orb = new Orb(byId("orb"), read);
  }

  /** Takes up the page's colours anew. */
  recolour() {
    this.#orb.recolour();
  }

  /**
   * Shows an ``Activity``. `call` and `isMuted` are the call's; `isKnown` says whether the server has told its state, and
   * `canHear` whether it can take a call; `isEmpty` whether nothing was said yet.
   */
  show(activity, { call, isMuted, name, isKnown, canHear, isEmpty }) {
    const root = document.documentElement;
    root.dataset.call = call;
    root.dataset.state = activity.state;
    const canTalk = isKnown && canHear && window.isSecureContext;
    this.#say(activity.words || (isKnown ? (canTalk ? "Press to talk" : "Writing works meanwhile") : ""));
    this.#showMicrophone({ call, isMuted: call !== "off" && isMuted, name, canTalk });
    byId("end").hidden = call === "off";
    byId("interrupt").hidden = call !== "on" || !activity.isAnswering;
    byId("new").hidden = isEmpty;
    this.#orb.show(activity.state);
  }

  #say(words) {
    if (words === this.#words) return;
    this.#words = words;
    byId("state").replaceChildren(h("span", { text: words }));
  }

  #showMicrophone({ call, isMuted, name, canTalk }) {
    const button = byId("microphone");
    setIcon(button, isMuted ? "mic-off" : "mic");
    button.setAttribute("aria-label", call === "off" ? `Talk with ${name}`
      : isMuted ? "Turn the microphone on" : "Turn the microphone off");
    button.toggleAttribute("data-unable", call === "off" && !canTalk);
  }
}
"""## + "\n"),
    PageFile(path: "/storage.js", contentType: "text/javascript; charset=utf-8", tag: "\"1397748979-692\"", content: ##"""
/** Reads a kept value; null where there is none or the browser forbids it. */
export function kept(key) {
  try {
    return sessionStorage.getItem(`annie.${key}`) ?? localStorage.getItem(`annie.${key}`);
  } catch {
    return null;
  }
}

/** Keeps a value for this tab, and with `lasting` for the next one too; null forgets it. */
export function keep(key, value, { lasting = false } = {}) {
  try {
    for (const storage of lasting ? [sessionStorage, localStorage] : [sessionStorage]) {
      if (value === null) storage.removeItem(`annie.${key}`);
      else storage.setItem(`annie.${key}`, value);
    }
  } catch {
    // Without storage the page works, and forgets on reload.
  }
}
"""## + "\n"),
    PageFile(path: "/theme.js", contentType: "text/javascript; charset=utf-8", tag: "\"3279748941-343\"", content: ##"""
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
"""## + "\n"),
    PageFile(path: "/timing.js", contentType: "text/javascript; charset=utf-8", tag: "\"3170724561-5784\"", content: ##"""
import { h } from "./dom.js";

/** The stages of a turn, in their order: key on the wire, class for the colour, and what it is called. */
const stages = [
  { key: "silence", title: "sure you had ended" },
  { key: "decode", title: "understood your words" },
  { key: "first_token", title: "first word thought of" },
  { key: "first_clause", title: "first clause ready" },
  { key: "synthesis", title: "voice made" },
  { key: "writing", title: "rest written" },
];

/** A spoken turn from the stages of its "turn-metrics", in milliseconds. */
export function spokenTurn({ turn, stages: measured = {} }) {
  const parts = present(measured);
  return { number: turn, kind: "spoken", parts, total: measured.total ?? sum(parts) };
}

/** A typed turn from the timings of its "done", in milliseconds. */
export function typedTurn(timings = {}) {
  const { first_token: first, total } = timings;
  const parts = present({ first_token: first, writing: first !== undefined && total > first ? total - first : undefined });
  return {
    kind: "typed", parts, total: total ?? sum(parts), promptTokens: timings.prompt_tokens,
    cachedTokens: timings.cached_tokens, completionTokens: timings.completion_tokens,
  };
}

function present(measured) {
  return stages.filter(({ key }) => measured[key] > 0).map((stage) => ({ ...stage, value: measured[stage.key] }));
}

function sum(parts) {
  return parts.reduce((total, { value }) => total + value, 0);
}

/** "430 ms" or "1.24 s". */
export function duration(milliseconds) {
  return milliseconds < 1000 ? `${Math.round(milliseconds)} ms` : `${(milliseconds / 1000).toFixed(2)} s`;
}

/** The stages side by side, `scale` milliseconds to the full width, with a mark where the turn's total is. */
export function stackedBar({ parts, total }, scale) {
  const bar = h("span", { class: "bar", "aria-hidden": "true" });
  for (const { key, value } of parts) {
    const segment = h("span", { class: `segment stage-${key}` });
    segment.style.width = `${(100 * value) / scale}%`;
    bar.append(segment);
  }
  if (total < sum(parts) * 0.97) {
    const mark = h("span", { class: "mark" });
    mark.style.left = `${(100 * total) / scale}%`;
    bar.append(mark);
  }
  return bar;
}

/** What each colour is, with a turn's numbers. */
export function legend({ parts, total, kind, promptTokens, cachedTokens, completionTokens }) {
  const rows = parts.map(({ key, title, value }) => h("div", {},
    h("dt", {}, h("span", { class: `swatch stage-${key}`, "aria-hidden": "true" }), title),
    h("dd", { text: duration(value) })));
  const isOverlapping = total < sum(parts) * 0.97;
  rows.push(h("div", { class: "total" },
    h("dt", { text: `${kind === "spoken" ? "until you heard her" : "in all"}${isOverlapping ? " (stages overlap)" : ""}` }),
    h("dd", { text: duration(total) })));
  if (promptTokens !== undefined && promptTokens !== null) {
    const cached = cachedTokens ? `, ${cachedTokens} remembered` : "";
    rows.push(h("div", {}, h("dt", { text: "tokens read and written" }),
      h("dd", { text: `${promptTokens}${cached}; ${completionTokens ?? 0}` })));
  }
  return h("dl", { class: "legend" }, ...rows);
}

/** The bar below a reply, which opens to the legend. */
export function timingRow(turn) {
  const scale = Math.max(sum(turn.parts), turn.total, 1);
  const words = turn.kind === "spoken" ? "to her voice" : "in all";
  return h("details", { class: "timing" },
    h("summary", {}, stackedBar(turn, scale), h("span", { text: duration(turn.total) }),
      h("span", { class: "unseen", text: ` ${words}; stages` })),
    legend(turn));
}

/** All turns since the page was opened, as the panel shows them. */
export class TimingView {
  #turns = [];
  #place;

  constructor(place) {
    this.#place = place;
    this.show();
  }

  /** Adds a turn. */
  add(turn) {
    this.#turns.push(turn);
    this.show();
  }

  /** Draws the turns, the newest first. */
  show() {
    if (this.#turns.length === 0) {
      this.#place.replaceChildren(h("p", { class: "nothing",
        text: "How long each stage of a turn takes is shown here once you have talked." }));
      return;
    }
    const groups = ["spoken", "typed"].map((kind) => this.#group(kind)).filter(Boolean);
    this.#place.replaceChildren(...groups);
  }

  #group(kind) {
    const turns = this.#turns.filter((turn) => turn.kind === kind);
    if (turns.length === 0) return null;
    const scale = Math.max(...turns.map((turn) => Math.max(sum(turn.parts), turn.total)), 1);
    const title = kind === "spoken" ? "From your last sound to her first" : "Typed";
    return h("section", { class: "timing-group" },
      h("h2", { text: title }),
      h("p", { class: "median" }, h("strong", { text: duration(median(turns.map(({ total }) => total))) }),
        ` median of ${turns.length} turn${turns.length === 1 ? "" : "s"}`),
      h("ul", { class: "key" }, ...used(turns).map(({ key, title: name }) => h("li", {},
        h("span", { class: `swatch stage-${key}`, "aria-hidden": "true" }), name))),
      h("ol", { class: "turns" }, ...turns.map((turn, index) => this.#row(turn, index + 1, scale)).reverse()));
  }

  #row(turn, number, scale) {
    return h("li", {}, h("details", { class: "turn" },
      h("summary", {}, h("span", { class: "turn-number", text: String(number) }), stackedBar(turn, scale),
        h("span", { class: "turn-total", text: duration(turn.total) })),
      legend(turn)));
  }
}

function used(turns) {
  return stages.filter(({ key }) => turns.some(({ parts }) => parts.some((part) => part.key === key)));
}

function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}
"""## + "\n"),
    PageFile(path: "/tools.js", contentType: "text/javascript; charset=utf-8", tag: "\"498863993-3656\"", content: ##"""
import { h, icon } from "./dom.js";

// While it runs, and afterwards.
const words = {
  web_search: ["Searching the web", "Searched the web"],
  search_memory: ["Looking in memory", "Looked in memory"],
  remember: ["Remembering", "Remembered"],
  save_note: ["Writing a note", "Wrote a note"],
  list_notes: ["Reading the notes", "Read the notes"],
  delete_note: ["Deleting a note", "Deleted a note"],
  current_time: ["Looking at the clock", "Looked at the clock"],
};

/** What she is doing while a tool runs, in words. */
export function whileRunning(name) {
  return words[name]?.[0] ?? (name ? `Using ${plain(name)}` : "Using a tool");
}

function afterwards(name) {
  return words[name]?.[1] ?? `Used ${plain(name)}`;
}

function plain(name) {
  return name.replaceAll(/[_.-]+/g, " ").trim();
}

/** A tool call as a row that opens to show what was asked and what came back. */
export class ToolRow {
  #name;
  #began = performance.now();
  #title = h("span", { class: "tool-title" });
  #gist = h("span", { class: "tool-gist" });
  #time = h("span", { class: "tool-time" });
  #sign = h("span", { class: "tool-sign" }, icon("turn"));
  #body = h("div", { class: "tool-body" });
  element = h("details", { class: "tool", "data-state": "running" },
    h("summary", {}, this.#sign, this.#title, this.#gist, this.#time), this.#body);

  constructor(name, args) {
    this.#name = name;
    this.#title.textContent = whileRunning(name);
    this.ask(args);
  }

  /** Shows what was asked of the tool. */
  ask(args) {
    const value = parsed(args);
    if (value === undefined) return;
    this.#gist.textContent = gist(value);
    this.#section("Asked", value);
  }

  /** Shows how it ended; `isTimed` says whether it ran just now, so that its time is known. */
  finish({ result, isError = false, isCancelled = false, isTimed = true }) {
    if (!this.isRunning) return;
    this.element.dataset.state = isError || isCancelled ? "failed" : "done";
    this.#title.textContent = isCancelled ? `${whileRunning(this.#name)}, stopped` : afterwards(this.#name);
    if (isError) this.#title.textContent += ", which failed";
    this.#sign.replaceChildren(icon(isError || isCancelled ? "alert" : "check"));
    if (isTimed) this.#time.textContent = `${((performance.now() - this.#began) / 1000).toFixed(1)} s`;
    const value = parsed(result);
    if (value !== undefined) this.#section(isError ? "What went wrong" : "Came back", value);
  }

  /** Whether it has not ended. */
  get isRunning() {
    return this.element.dataset.state === "running";
  }

  #section(title, value) {
    const text = typeof value === "string" ? value : JSON.stringify(value, null, 2);
    const old = [...this.#body.children].find((section) => section.dataset.title === title);
    const section = h("div", { "data-title": title }, h("h4", { text: title }), h("pre", { text, tabindex: "0" }));
    if (old) old.replaceWith(section);
    else this.#body.append(section);
  }
}

// Arguments and results come as text, as JSON in text, or as objects.
function parsed(value) {
  if (value === undefined || value === null || value === "") return undefined;
  if (typeof value !== "string") return Object.keys(value).length > 0 ? value : undefined;
  try {
    const object = JSON.parse(value);
    if (object === null || typeof object !== "object") return value;
    return Object.keys(object).length > 0 ? object : undefined;
  } catch {
    return value;
  }
}

function gist(value) {
  const text = typeof value === "string" ? value : Object.values(value).find((part) => typeof part === "string") ?? "";
  return text.length > 80 ? `${text.slice(0, 79)}…` : text;
}
"""## + "\n"),
    PageFile(path: "/transcript.css", contentType: "text/css; charset=utf-8", tag: "\"3124020285-6804\"", content: ##"""
/* Her words are set as in a book, the user's as spoken; what is not certain or not yet heard is fainter. */
main { flex: 1; min-height: 0; overflow-y: auto; overscroll-behavior: contain; padding-inline: var(--gutter); scrollbar-width: thin; scrollbar-color: var(--line) transparent; scrollbar-gutter: stable both-edges; }
html:not([data-empty]) main { mask-image: linear-gradient(to bottom, transparent, #000 1.2rem, #000 calc(100% - 1.6rem), transparent); }
.welcome { display: none; }
html:not([data-empty]) main { display: flex; flex-direction: column; }
[data-empty] main { flex: 1.25 1 0; display: flex; align-items: flex-end; justify-content: center; }
[data-empty] .stage { flex: 1.6 1 auto; }
[data-empty] .notices:empty { flex: 1; }
[data-empty] .transcript { display: none; }
[data-empty] .welcome { display: block; text-align: center; max-width: 34rem; }
.greeting { font: 400 clamp(1.75rem, 5.2vw, 2.6rem)/1.22 var(--serif); letter-spacing: -.015em; text-wrap: balance; min-height: 1.22em; }

.transcript { width: 100%; max-width: var(--measure); margin: auto auto 0; padding-block: 1.5rem 2rem; display: flex; flex-direction: column; gap: 1.5rem; }
.date { align-self: center; color: var(--quiet); font-size: .8rem; padding-block: .5rem 0; }
.yours { align-self: flex-end; max-width: min(85%, 34rem); animation: arrive .25s ease; }
.yours .words {
  background: var(--tint); border-radius: 1.15rem 1.15rem .3rem 1.15rem; padding: .6rem 1rem; white-space: pre-wrap; overflow-wrap: anywhere;
}
.yours.partial .words { background: none; color: var(--quiet); box-shadow: inset 0 0 0 1px var(--line); }
.yours.partial .words::after { content: " …"; }
.hers { position: relative; animation: arrive .25s ease; }
.hers .words { font: 1.2rem/1.6 var(--serif); overflow-wrap: anywhere; }
.hers .words > * + * { margin-top: .7em; }
.hers .words p { white-space: pre-wrap; }
.hers .words ul { list-style: disc; padding-left: 1.2em; }
.hers .words ol { list-style: decimal; padding-left: 1.4em; }
.hers .words li + li { margin-top: .25em; }
.hers .words strong { font-weight: 700; }
.hers .words em { font-style: italic; }
.hers .words a { color: var(--accent-deep); text-underline-offset: .15em; }
.hers .words code { font: .78em/1.5 var(--mono); background: var(--tint); padding: .1em .35em; border-radius: .3em; }
.hers .words pre { background: var(--raised); border: 1px solid var(--line); border-radius: .7rem; padding: .8rem 1rem; overflow-x: auto; }
.hers .words pre code { background: none; padding: 0; font-size: .85rem; }
.ahead { color: var(--soft); transition: color .3s; }
.interrupted .words > :last-child::after { content: " —"; color: var(--faint); }
.interrupted .words:empty::after { content: "—"; color: var(--faint); }
.answering .words:empty::after { content: "…"; color: var(--faint); animation: breathe 1.6s ease-in-out infinite; }

.tools { display: grid; grid-template-columns: minmax(0, 1fr); gap: .35rem; justify-items: start; }
.tools:not(:empty) { margin-bottom: .7rem; }
.tool { font-size: .88rem; color: var(--quiet); max-width: 100%; }
.tool[open] { width: 100%; }
.tool summary {
  display: inline-flex; align-items: center; gap: .5rem; max-width: 100%; list-style: none; cursor: pointer; padding: .3rem .8rem .3rem .5rem;
  border: 1px solid var(--line); border-radius: 99rem;
}
.tool summary::-webkit-details-marker, .timing summary::-webkit-details-marker, .turn summary::-webkit-details-marker { display: none; }
.tool summary:hover { background: var(--tint); }
.tool-sign { display: grid; }
.tool-sign svg { width: 1rem; height: 1rem; stroke-width: 2; }
.tool[data-state="running"] .tool-sign { color: var(--accent); animation: turn 1.2s linear infinite; }
.tool[data-state="failed"] .tool-sign { color: var(--accent); }
@keyframes turn { to { rotate: 1turn; } }
.tool-title { color: var(--ink); white-space: nowrap; }
.tool-gist { overflow: hidden; text-overflow: ellipsis; white-space: nowrap; min-width: 0; }
.tool-gist:empty, .tool-time:empty { display: none; }
.tool-time { font-variant-numeric: tabular-nums; white-space: nowrap; }
.tool-body { padding: .7rem 0 .3rem; display: grid; gap: .7rem; }
.tool-body h4 { font-size: .76rem; color: var(--quiet); margin-bottom: .2rem; }
.tool-body pre {
  font: .8rem/1.55 var(--mono); white-space: pre-wrap; overflow-wrap: anywhere; max-height: 14rem; overflow-y: auto; background: var(--raised);
  border: 1px solid var(--line); border-radius: .6rem; padding: .6rem .8rem; color: var(--ink);
}

.foot { display: flex; flex-wrap: wrap; align-items: flex-start; gap: .3rem 1rem; }
.foot:has(.timing, .broken) { margin-top: .45rem; }
.foot > .copy:only-child { position: absolute; top: 100%; left: 0; }
.foot > .copy { order: 2; margin-left: -.5rem; opacity: 0; }
.foot > .timing + .copy { margin-left: 0; }
.hers:hover .copy, .hers:focus-within .copy { opacity: 1; }
@media (hover: none) { .hers:last-child .copy { opacity: 1; } }
.timing { font-size: .8rem; color: var(--quiet); }
.timing[open] { width: 100%; }
.timing summary { display: inline-flex; align-items: center; gap: .6rem; list-style: none; cursor: pointer; border-radius: .4rem; padding: .15rem .1rem; font-variant-numeric: tabular-nums; }
.timing summary:hover { color: var(--ink); }
.timing .bar { width: 7rem; }
.timing[open] .bar { width: 11rem; }

.bar { position: relative; display: inline-flex; gap: 1.5px; height: .45rem; }
.segment { display: block; height: 100%; min-width: 2px; border-radius: 1px; }
.segment:first-child { border-radius: 99rem 1px 1px 99rem; }
.segment:nth-last-child(1 of .segment) { border-radius: 1px 99rem 99rem 1px; }
.segment:only-child { border-radius: 99rem; }
.mark { position: absolute; top: -.2rem; bottom: -.2rem; width: 2px; border-radius: 1px; background: var(--ink); }
.swatch { display: inline-block; width: .7rem; height: .7rem; border-radius: .2rem; margin-right: .5rem; vertical-align: -.05rem; }
.stage-silence { background: color-mix(in oklab, var(--faint) 45%, var(--paper)); }
.stage-decode { background: color-mix(in oklab, var(--accent) 30%, var(--paper)); }
.stage-first_token { background: color-mix(in oklab, var(--accent) 48%, var(--paper)); }
.stage-first_clause { background: color-mix(in oklab, var(--accent) 72%, var(--paper)); }
.stage-synthesis { background: var(--accent); }
.stage-writing { background: color-mix(in oklab, var(--faint) 70%, var(--paper)); }
.legend { max-width: 22rem; padding: .6rem 0 .2rem; display: grid; gap: .22rem; font-size: .82rem; color: var(--quiet); }
.legend > div { display: flex; justify-content: space-between; gap: 1rem; }
.legend dd { font-variant-numeric: tabular-nums; color: var(--ink); white-space: nowrap; }
.legend .total { border-top: 1px solid var(--line); margin-top: .2rem; padding-top: .3rem; }
.legend .total dt { color: var(--ink); }
"""## + "\n"),
    PageFile(path: "/transcript.js", contentType: "text/javascript; charset=utf-8", tag: "\"1473037126-4169\"", content: ##"""
import { byId, h } from "./dom.js";
import { parseDate, whenExactly } from "./dates.js";
import { ReplyRow } from "./reply.js";

const longPause = 45 * 60_000;

/** The conversation as rows: the user's words, her replies, and a date where time has passed. */
export class Transcript {
  #list = byId("transcript");
  #room = byId("main");
  #latest = byId("latest");
  #isFollowing = true;
  #lastDate = null;
  #name;

  /** `name()` is what she is called. */
  constructor({ name }) {
    this.#name = name;
    this.#room.addEventListener("scroll", () => this.#noticeScroll(), { passive: true });
    this.#latest.addEventListener("click", () => this.#follow());
    new ResizeObserver(() => this.#settle()).observe(this.#room);
  }

  /** Removes all. */
  clear() {
    this.#list.replaceChildren();
    this.#lastDate = null;
    this.#isFollowing = true;
    this.#settle();
  }

  /** Shows a conversation that was held before. */
  load(messages) {
    this.clear();
    let reply = null;
    for (const message of messages) {
      if (message.role === "user") {
        reply = null;
        this.user(message.content, { date: message.date });
      } else if (message.role === "assistant") {
        reply ??= this.reply();
        showPast(reply, message);
      } else if (message.role === "tool" && reply) {
        reply.toolFinished({
          id: message.tool_call_id, name: message.name ?? "", result: message.content,
          isError: message.is_error ?? false, isTimed: false,
        });
      }
    }
    this.#follow();
  }

  /** A row of the user's words. */
  user(text, { date = new Date(), isPartial = false } = {}) {
    this.#dateIfLate(date);
    const words = h("p", { class: "words", text });
    const element = h("li", { class: "yours" }, h("span", { class: "unseen", text: "You: " }), words);
    element.classList.toggle("partial", isPartial);
    this.#list.append(element);
    this.#settle();
    return {
      element,
      text: () => words.textContent,
      set: (changed, stillPartial) => {
        words.textContent = changed;
        element.classList.toggle("partial", stillPartial);
        this.#settle();
      },
    };
  }

  /** A row for a reply that begins. */
  reply({ isSpoken = false } = {}) {
    const row = new ReplyRow({ name: this.#name(), isSpoken, onChange: () => this.#settle() });
    this.#list.append(row.element);
    this.#settle();
    return row;
  }

  /** Takes a row back. */
  remove(row) {
    row?.element.remove();
    this.#settle();
  }

  /** Brings the newest words into view, and keeps them there. */
  followLatest() {
    this.#follow();
  }

  /** Whether nothing was said. */
  get isEmpty() {
    return this.#list.childElementCount === 0;
  }

  #dateIfLate(value) {
    const date = parseDate(value);
    if (!date) return;
    const isLate = this.#lastDate ? date - this.#lastDate > longPause : Date.now() - date > longPause;
    if (isLate) this.#list.append(h("li", { class: "date" }, h("time", { text: whenExactly(date) })));
    this.#lastDate = date;
  }

  #noticeScroll() {
    const below = this.#room.scrollHeight - this.#room.scrollTop - this.#room.clientHeight;
    this.#isFollowing = below < 60;
    this.#latest.hidden = this.#isFollowing;
  }

  #settle() {
    document.documentElement.toggleAttribute("data-empty", this.isEmpty);
    if (this.#isFollowing) this.#room.scrollTop = this.#room.scrollHeight;
    else this.#noticeScroll();
  }

  #follow() {
    this.#isFollowing = true;
    this.#latest.hidden = true;
    this.#settle();
  }
}

function showPast(reply, message) {
  for (const call of message.tool_calls ?? []) {
    reply.toolStarted({
      id: call.id, name: call.name ?? call.function?.name ?? "", args: call.arguments ?? call.function?.arguments,
    });
    if (call.result !== undefined) {
      reply.toolFinished({ id: call.id, result: call.result, isError: call.is_error ?? false, isTimed: false });
    }
  }
  if (!message.content && !message.interrupted) return;
  const text = [reply.text, message.content].filter(Boolean).join("\n\n");
  reply.finish({ text, interrupted: message.interrupted ?? false, quiet: true });
}
"""## + "\n"),
    PageFile(path: "/voice.js", contentType: "text/javascript; charset=utf-8", tag: "\"1652697223-919\"", content: ##"""
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
"""## + "\n"),
    PageFile(path: "/wake.js", contentType: "text/javascript; charset=utf-8", tag: "\"1076215260-799\"", content: ##"""
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
"""## + "\n"),
]
