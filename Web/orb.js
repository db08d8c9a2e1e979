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
