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
