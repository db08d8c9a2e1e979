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
