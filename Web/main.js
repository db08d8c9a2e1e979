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
