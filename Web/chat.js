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
