"use strict";

const $ = (id) => document.getElementById(id);
const settings = ["system", "temperature", "limit", "theme"];
let messages = JSON.parse(sessionStorage.getItem("messages") ?? "[]");
let reply = null; // the AbortController of the reply being written
let model = null;

// ---- Talking to the server

function headers() {
  const key = sessionStorage.getItem("key");
  return { "Content-Type": "application/json", ...(key ? { Authorization: `Bearer ${key}` } : {}) };
}

async function check(response) {
  if (response.ok) return response;
  if (response.status === 401) askForKey();
  const body = await response.json().catch(() => null);
  throw new Error(body?.error?.message ?? `The server answered ${response.status}.`);
}

async function findModel() {
  const response = await check(await fetch("v1/models", { headers: headers() }));
  model = (await response.json()).data[0].id;
  $("model").textContent = model;
}

/// Yields the objects of a server-sent event stream until its [DONE].
async function* events(response) {
  let buffer = "";
  for await (const bytes of chunks(response.body.pipeThrough(new TextDecoderStream()))) {
    buffer += bytes;
    const lines = buffer.split("\n");
    buffer = lines.pop();
    for (const line of lines) {
      if (!line.startsWith("data:")) continue;
      const data = line.slice(5).trim();
      if (data === "[DONE]") return;
      yield JSON.parse(data);
    }
  }
}

// Not every browser can iterate a stream by itself.
async function* chunks(stream) {
  const reader = stream.getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    yield value;
  }
}

function request() {
  const system = $("system").value.trim();
  const body = {
    model, stream: true, stream_options: { include_usage: true },
    max_tokens: Number($("limit").value) || 1024,
    messages: [...(system ? [{ role: "system", content: system }] : []),
      ...messages.map(({ role, content }) => ({ role, content }))],
  };
  if ($("temperature").value !== "") body.temperature = Number($("temperature").value);
  return body;
}

// ---- One turn

async function answer() {
  const controller = (reply = new AbortController());
  const conversation = messages; // "New chat" may replace it meanwhile
  const message = { role: "assistant", content: "", reasoning: "" };
  const item = show(message);
  item.classList.add("answering");
  $("conversation").setAttribute("aria-busy", "true");
  update();
  const began = performance.now();
  let first = null, last = null, usage = null, reason = null;
  try {
    if (!model) await findModel();
    const response = await check(await fetch("v1/chat/completions", {
      method: "POST", headers: headers(), body: JSON.stringify(request()), signal: controller.signal,
    }));
    for await (const event of events(response)) {
      if (event.error) throw new Error(event.error.message);
      usage = event.usage ?? usage;
      const choice = event.choices?.[0];
      if (!choice) continue;
      reason = choice.finish_reason ?? reason;
      const thought = choice.delta.reasoning ?? choice.delta.reasoning_content ?? "";
      const text = choice.delta.content ?? "";
      if (!text && !thought) continue;
      last = performance.now();
      first ??= last;
      message.reasoning += thought;
      message.content += text;
      render(item, message);
    }
  } catch (error) {
    if (error.name !== "AbortError") notice(error instanceof TypeError ? "The server cannot be reached." : error.message);
    reason = error.name === "AbortError" ? "stopped" : "error";
  }
  if (conversation !== messages) return;
  reply = null;
  item.classList.remove("answering");
  $("conversation").removeAttribute("aria-busy");
  if (message.content || message.reasoning) {
    message.stats = statistics(began, first, last, usage, reason);
    messages.push(message);
    render(item, message);
  } else {
    item.remove();
  }
  keep();
  update();
}

function statistics(began, first, last, usage, reason) {
  const parts = [`first token ${Math.round(first - began)} ms`];
  if (usage) {
    const seconds = (last - first) / 1000;
    if (usage.completion_tokens > 1 && seconds > 0) {
      parts.push(`${Math.round((usage.completion_tokens - 1) / seconds)} tokens/s`);
    }
    parts.push(`${usage.completion_tokens} tokens`);
    const cached = usage.prompt_tokens_details?.cached_tokens ?? 0;
    parts.push(`prompt ${usage.prompt_tokens}${cached ? `, ${cached} from cache` : ""}`);
  }
  if (reason === "length") parts.push("cut at the token limit");
  if (reason === "stopped") parts.push("stopped");
  if (reason === "error") parts.push("broken off");
  return parts;
}

// ---- Showing

function element(name, text, className) {
  const node = document.createElement(name);
  if (text) node.textContent = text;
  if (className) node.className = className;
  return node;
}

/// Paragraphs, fenced code, `code` and **bold**, built as nodes so that no reply can become markup.
function formatted(text) {
  const nodes = [];
  text.split(/^```/m).forEach((part, index) => {
    if (index % 2) {
      const pre = element("pre");
      pre.tabIndex = 0;
      pre.append(element("code", part.replace(/^[^\n]*\n?/, "").replace(/\n$/, "")));
      nodes.push(pre);
    } else if (part.trim() || !nodes.length) {
      nodes.push(paragraph(part.trim()));
    }
  });
  return nodes;
}

function paragraph(text) {
  const node = element("p");
  for (const piece of text.split(/(`[^`\n]+`|\*\*[^*\n]+\*\*)/)) {
    if (/^`.+`$/.test(piece)) node.append(element("code", piece.slice(1, -1)));
    else if (/^\*\*.+\*\*$/.test(piece)) node.append(element("strong", piece.slice(2, -2)));
    else if (piece) node.append(piece);
  }
  return node;
}

function show(message) {
  const item = element("li", null, message.role);
  item.append(element("span", message.role === "user" ? "You said:" : "Annie said:", "quiet"));
  item.append(element("div", null, "text"));
  $("conversation").append(item);
  render(item, message);
  return item;
}

function render(item, message) {
  const main = document.querySelector("main");
  const following = main.scrollHeight - main.scrollTop - main.clientHeight < 80;
  const text = item.querySelector(".text");
  if (message.role === "user") text.textContent = message.content;
  else text.replaceChildren(...formatted(message.content));
  if (message.reasoning) renderReasoning(item, message);
  if (message.stats) renderMeta(item, message);
  if (following) main.scrollTop = main.scrollHeight;
}

function renderReasoning(item, message) {
  let details = item.querySelector("details");
  if (!details) {
    details = element("details");
    details.append(element("summary", "Reasoning"), element("p"));
    item.querySelector(".text").before(details);
  }
  details.open = !message.content;
  details.querySelector("p").textContent = message.reasoning;
}

function renderMeta(item, message) {
  item.querySelector(".meta")?.remove();
  const meta = element("div", null, "meta");
  const copy = element("button", "Copy");
  copy.onclick = async () => {
    await navigator.clipboard.writeText(message.content);
    copy.textContent = "Copied";
    setTimeout(() => (copy.textContent = "Copy"), 1500);
  };
  const again = element("button", "Try again", "again");
  again.onclick = () => {
    if (reply || messages.at(-1) !== message) return;
    messages.pop();
    item.remove();
    answer();
  };
  for (const button of [copy, again]) button.type = "button";
  meta.append(copy, again, ...message.stats.map((part) => element("span", part)));
  item.append(meta);
}

function update() {
  $("welcome").hidden = messages.length > 0;
  $("new").hidden = messages.length === 0;
  $("send").textContent = reply ? "Stop" : "Send";
  $("send").disabled = !reply && !$("draft").value.trim();
  const last = $("conversation").lastElementChild;
  for (const button of document.querySelectorAll(".again")) button.hidden = button.closest("li") !== last;
}

function notice(text) {
  $("notice").textContent = text ?? "";
  $("notice").hidden = !text;
}

function askForKey() {
  $("key-field").hidden = false;
  if (!$("settings").open) $("settings").showModal();
  $("key").focus();
}

// ---- What a person does

function send(text) {
  if (reply || !text.trim()) return;
  notice();
  messages.push({ role: "user", content: text.trim() });
  show(messages.at(-1));
  $("draft").value = "";
  grow();
  document.querySelector("main").scrollTop = 1e9;
  answer();
}

function grow() {
  const draft = $("draft");
  draft.style.height = "auto";
  draft.style.height = `${draft.scrollHeight + 2}px`;
}

function keep() {
  sessionStorage.setItem("messages", JSON.stringify(messages));
}

$("composer").onsubmit = (event) => {
  event.preventDefault();
  if (reply) reply.abort();
  else send($("draft").value);
};
$("draft").oninput = () => { grow(); update(); };
$("draft").onkeydown = (event) => {
  if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
  event.preventDefault();
  send($("draft").value);
};
document.onkeydown = (event) => {
  if (event.key === "Escape" && reply) reply.abort();
};
$("new").onclick = () => {
  reply?.abort();
  reply = null;
  $("conversation").removeAttribute("aria-busy");
  messages = [];
  $("conversation").replaceChildren();
  notice();
  keep();
  update();
  $("draft").focus();
};
$("settings-open").onclick = () => $("settings").showModal();
$("settings").onclose = () => {
  for (const id of settings) localStorage.setItem(id, $(id).value);
  if ($("key").value) sessionStorage.setItem("key", $("key").value);
  document.documentElement.style.colorScheme = $("theme").value;
  notice();
  if (!model) findModel().catch((error) => notice(error.message));
};
for (const button of document.querySelectorAll("#starters button")) {
  button.onclick = () => send(button.textContent);
}

for (const id of settings) $(id).value = localStorage.getItem(id) ?? $(id).value;
document.documentElement.style.colorScheme = $("theme").value;
for (const message of messages) show(message);
update();
findModel().catch((error) => notice(error instanceof TypeError ? "The server cannot be reached." : error.message));
