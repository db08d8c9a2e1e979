/** How loud the user and she are just now, for the eye. */
export class Levels {
  #context = null;
  #meters = new Map();

  /** Measures `stream` from now on as `who` ("user" or "companion"); null stops. */
  listen(who, stream) {
    this.#meters.get(who)?.source.disconnect();
    this.#meters.delete(who);
    if (!stream) return;
    this.#context ??= new AudioContext();
    this.#context.resume().catch(() => {}); // the eye can do without
    const analyser = new AnalyserNode(this.#context, { fftSize: 1024, smoothingTimeConstant: 0 });
    const source = this.#context.createMediaStreamSource(stream);
    source.connect(analyser);
    this.#meters.set(who, { source, analyser, samples: new Float32Array(analyser.fftSize), level: 0, sum: 0 });
  }

  /** The level of `who`, 0…1: quick to rise and slow to fall, and even to the ear (-60…-6 dB). */
  read(who) {
    const meter = this.#meters.get(who);
    if (!meter) return 0;
    meter.analyser.getFloatTimeDomainData(meter.samples);
    let energy = 0;
    for (const sample of meter.samples) energy += sample * sample;
    const decibels = 10 * Math.log10(energy / meter.samples.length + 1e-12);
    const now = Math.min(1, Math.max(0, (decibels + 60) / 54));
    meter.level += (now - meter.level) * (now > meter.level ? 0.5 : 0.12);
    meter.sum += energy;
    return meter.level;
  }

  /** Whether not one sample of `who` has been other than zero so far: a muted or dead device. */
  isDead(who) {
    return this.#context?.state === "running" && this.#meters.get(who)?.sum === 0;
  }

  /** Lets go of the audio device. */
  stop() {
    for (const who of [...this.#meters.keys()]) this.listen(who, null);
    this.#context?.close().catch(() => {});
    this.#context = null;
  }
}
