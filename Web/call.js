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
