// Made from Web/ by Scripts/embed-page; do not edit.

// swift-format-ignore-file

/// The chat page: one HTML document that needs no other file.
let chatPage = ##"""
<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1, interactive-widget=resizes-content">
<meta name="color-scheme" content="light dark">
<!-- The page talks to the server it came from, and to nobody else. -->
<meta http-equiv="Content-Security-Policy"
  content="default-src 'none'; connect-src 'self'; style-src 'self' 'unsafe-inline'; script-src 'self' 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'">
<title>Annie</title>
<link rel="icon" href="data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 32 32'%3E%3Crect width='32' height='32' rx='9' fill='%23b4532a'/%3E%3Cpath d='M9 23 16 8l7 15M12 18h8' fill='none' stroke='%23fff' stroke-width='2.6' stroke-linecap='round' stroke-linejoin='round'/%3E%3C/svg%3E">
<style>
:root {
  color-scheme: light dark;
  --paper: light-dark(#faf7f2, #191715);
  --raised: light-dark(#ffffff, #24211e);
  --ink: light-dark(#26211c, #ece6de);
  --quiet: light-dark(#6d645a, #a89e92);
  --line: light-dark(#e4dcd0, #3a3530);
  --accent: light-dark(#a8481f, #f0a27d);
  --on-accent: light-dark(#ffffff, #2a1208);
  --tint: light-dark(#f3e6dc, #38291f);
  --warning: light-dark(#8c1d18, #ffb4ab);
  --measure: 46rem;
}
* { box-sizing: border-box; }
html { height: 100%; }
body {
  margin: 0; height: 100dvh; display: flex; flex-direction: column;
  background: var(--paper); color: var(--ink);
  font: 1rem/1.6 ui-sans-serif, system-ui, -apple-system, "Segoe UI", Roboto, "DejaVu Sans", sans-serif;
  -webkit-text-size-adjust: 100%;
}
h1, h2, p, ol, ul { margin: 0; padding: 0; }
ol, ul { list-style: none; }
[hidden] { display: none !important; }

button, input, select, textarea { font: inherit; color: inherit; }
button {
  border: 1px solid var(--line); border-radius: .7rem; background: transparent;
  padding: .35rem .8rem; cursor: pointer;
}
button:hover { background: var(--tint); }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
.quiet, .skip:not(:focus) {
  position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap;
}
.skip:focus { position: absolute; top: .5rem; left: .5rem; z-index: 2; background: var(--raised); padding: .5rem; }

header, main > *, footer > * { width: 100%; max-width: var(--measure); margin-inline: auto; padding-inline: 1rem; }
header { display: flex; align-items: center; gap: .75rem; padding-block: .75rem; }
h1 { font-size: 1.15rem; letter-spacing: -.01em; }
#model {
  flex: 1; min-width: 0; color: var(--quiet); font-size: .85rem;
  overflow: hidden; text-overflow: ellipsis; white-space: nowrap;
}
header button { font-size: .85rem; white-space: nowrap; }

main { flex: 1; overflow-y: auto; overscroll-behavior: contain; scrollbar-gutter: stable both-edges; }
#welcome { padding-block: 14vh 2rem; }
#welcome h2 { font-size: clamp(1.6rem, 5vw, 2.2rem); line-height: 1.2; letter-spacing: -.02em; font-weight: 650; }
#welcome p { color: var(--quiet); margin-block: .6rem 1.6rem; }
#starters { display: grid; gap: .6rem; }
#starters button { width: 100%; text-align: start; background: var(--raised); padding: .75rem 1rem; }
#starters button:hover { border-color: var(--accent); }

#conversation { padding-block: .5rem 1.5rem; }
#conversation > li { margin-block: 1.1rem; }
.user { display: flex; justify-content: flex-end; }
.user .text {
  background: var(--tint); padding: .55rem .95rem; border-radius: 1.1rem 1.1rem .3rem 1.1rem;
  max-width: 85%; white-space: pre-wrap; overflow-wrap: anywhere;
}
.assistant .text { overflow-wrap: anywhere; }
.text p { white-space: pre-wrap; }
.text code { font: .9em/1.5 ui-monospace, "SF Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace; }
.text p code { background: var(--tint); padding: .1em .35em; border-radius: .3em; }
.text pre {
  margin: 0; background: var(--raised); border: 1px solid var(--line); border-radius: .6rem;
  padding: .75rem 1rem; overflow-x: auto;
}
.text > :nth-child(n + 2) { margin-top: .75rem; }
.answering .text > :last-child::after {
  content: ""; display: inline-block; width: .5em; height: 1em; margin-inline-start: .15em;
  vertical-align: text-bottom; background: var(--accent); border-radius: .1em; animation: blink 1.1s steps(2) infinite;
}
@keyframes blink { 50% { opacity: 0; } }
details { color: var(--quiet); font-size: .9rem; margin-bottom: .6rem; border-inline-start: 2px solid var(--line); padding-inline-start: .8rem; }
details p { white-space: pre-wrap; }
.meta {
  display: flex; flex-wrap: wrap; align-items: center; gap: .25rem .9rem; margin-top: .5rem;
  color: var(--quiet); font-size: .8rem; font-variant-numeric: tabular-nums;
}
.meta button { border: 0; padding: .1rem .4rem; font-size: inherit; margin-inline-start: -.4rem; border-radius: .4rem; }

footer { padding-block: .5rem max(.75rem, env(safe-area-inset-bottom)); }
#composer { display: flex; align-items: flex-end; gap: .5rem; }
#composer textarea {
  flex: 1; resize: none; max-height: 40dvh; padding: .7rem 1rem; border-radius: 1.2rem;
  border: 1px solid var(--line); background: var(--raised);
}
#send {
  background: var(--accent); color: var(--on-accent); border-color: transparent; font-weight: 600;
  padding: .7rem 1.1rem; border-radius: 1.2rem; min-width: 5rem;
}
#send:hover { filter: brightness(1.08); }
#send:disabled { opacity: .45; cursor: default; filter: none; }
.hint { color: var(--quiet); font-size: .75rem; margin-top: .45rem; }
kbd { font: inherit; border: 1px solid var(--line); border-radius: .3em; padding: 0 .35em; }
#notice { color: var(--warning); font-size: .9rem; padding-bottom: .5rem; }

dialog {
  width: min(32rem, calc(100vw - 2rem)); border: 1px solid var(--line); border-radius: 1rem; padding: 1.25rem;
  background: var(--raised); color: var(--ink); box-shadow: 0 1rem 3rem #0004;
}
dialog::backdrop { background: #0006; }
dialog h2 { font-size: 1.1rem; margin-bottom: .75rem; }
dialog label { display: block; font-size: .85rem; color: var(--quiet); margin-block: .75rem .25rem; }
dialog textarea, dialog input, dialog select {
  width: 100%; padding: .5rem .7rem; border-radius: .6rem; border: 1px solid var(--line); background: var(--paper);
}
dialog .pair { display: grid; grid-template-columns: 1fr 1fr; gap: .75rem; }
dialog button { margin-top: 1.1rem; background: var(--accent); color: var(--on-accent); border: 0; padding: .5rem 1.2rem; }

@media (max-width: 34rem) {
  footer .hint { display: none; }
  dialog .pair { grid-template-columns: 1fr; gap: 0; }
  #welcome { padding-top: 8vh; }
}
@media (prefers-reduced-motion: reduce) { * { animation: none !important; scroll-behavior: auto !important; } }
</style>
</head>
<body>
<a class="skip" href="#draft">Skip to the message field</a>
<header>
  <h1>Annie</h1>
  <p id="model" title="The model that answers"></p>
  <button id="new" type="button" hidden>New chat</button>
  <button id="settings-open" type="button" aria-haspopup="dialog">Settings</button>
</header>

<main>
  <section id="welcome">
    <h2>What shall we talk about?</h2>
    <p>This model runs on your own machine. What you type goes to it and to nobody else.</p>
    <ul id="starters">
      <li><button type="button">What is the capital of France, and what is it known for?</button></li>
      <li><button type="button">Write a short thank-you note to a neighbour.</button></li>
      <li><button type="button">Give me three ideas for a rainy afternoon.</button></li>
    </ul>
  </section>
  <ol id="conversation" role="log" aria-label="Conversation" aria-live="polite"></ol>
</main>

<footer>
  <p id="notice" role="alert" hidden></p>
  <form id="composer">
    <label class="quiet" for="draft">Message</label>
    <textarea id="draft" rows="1" placeholder="Ask anything" autocomplete="off" enterkeyhint="send" autofocus></textarea>
    <button id="send" type="submit">Send</button>
  </form>
  <p class="hint"><kbd>Enter</kbd> sends, <kbd>Shift</kbd>+<kbd>Enter</kbd> starts a line, <kbd>Esc</kbd> stops.
    Small models make mistakes; check what matters.</p>
</footer>

<dialog id="settings" aria-labelledby="settings-title">
  <form method="dialog">
    <h2 id="settings-title">Settings</h2>
    <label for="system">System prompt</label>
    <textarea id="system" rows="4" placeholder="The model's own"></textarea>
    <div class="pair">
      <div>
        <label for="temperature">Temperature</label>
        <input id="temperature" type="number" min="0" max="2" step="0.1" placeholder="The model's own">
      </div>
      <div>
        <label for="limit">Longest reply, tokens</label>
        <input id="limit" type="number" min="1" step="1" placeholder="1024">
      </div>
    </div>
    <label for="theme">Appearance</label>
    <select id="theme">
      <option value="light dark">As the system</option>
      <option value="light">Light</option>
      <option value="dark">Dark</option>
    </select>
    <div id="key-field" hidden>
      <label for="key">API key</label>
      <input id="key" type="password" autocomplete="off">
      <p class="hint">Kept until this tab is closed.</p>
    </div>
    <button type="submit">Done</button>
  </form>
</dialog>
<script>
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
</script>
</body>
</html>
"""##
