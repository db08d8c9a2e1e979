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
