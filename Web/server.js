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
