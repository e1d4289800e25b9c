// The panel's own sound: a short soft tone in the organizer's ears when somebody asks. It goes into no track, so neither
// the Backstage nor the Stage ever carries it.

import { thisBrowser } from "../backstage/memory.js";

const KEY = "hopin:chime";
const VOLUME = 0.06;
/** Hertz and seconds: a fourth upwards. */
const NOTES = [
  { frequency: 659.26, at: 0 },
  { frequency: 880, at: 0.12 },
];
const RING_S = 0.35;
/** Milliseconds: many at once ring once. */
const REST_MS = 1_500;

export class Chime {
  #on = isRemembered();
  /** @type {AudioContext | null} */
  #context = null;
  #rangAt = -Infinity;

  constructor() {
    // After a reload the browser wants a press of a key or a button before a page may sound.
    const wake = () => {
      if (this.#on) void this.#audio().resume();
    };
    addEventListener("pointerdown", wake, { once: true, capture: true });
    addEventListener("keydown", wake, { once: true, capture: true });
  }

  get isOn() {
    return this.#on;
  }

  /** Inside a click, so that the browser lets it sound later. @param {boolean} on */
  turn(on) {
    this.#on = on;
    thisBrowser.remember(KEY, on ? "on" : null);
    if (on) void this.#audio().resume();
  }

  ring() {
    if (!this.#on || performance.now() - this.#rangAt < REST_MS) return;
    const context = this.#audio();
    // Not allowed yet: a tone that comes later, for somebody who asked long ago, would be a lie.
    if (context.state !== "running") return;
    this.#rangAt = performance.now();
    for (const { frequency, at } of NOTES) {
      const start = context.currentTime + at;
      const volume = new GainNode(context, { gain: 0 });
      volume.gain.setValueAtTime(0, start);
      volume.gain.linearRampToValueAtTime(VOLUME, start + 0.02);
      volume.gain.exponentialRampToValueAtTime(0.0001, start + RING_S);
      const tone = new OscillatorNode(context, { type: "sine", frequency });
      tone.connect(volume).connect(context.destination);
      tone.start(start);
      tone.stop(start + RING_S);
    }
  }

  #audio() {
    this.#context ??= new AudioContext();
    return this.#context;
  }
}

function isRemembered() {
  return thisBrowser.recall(KEY) === "on";
}
