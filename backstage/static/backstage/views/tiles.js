// The five tiles. Their elements are made once, by the template, and never moved: only the grid around them changes.

import { FirstFrame } from "../media/first-frame.js";
import { find, words, write } from "../page.js";
import { draw } from "./person.js";
import { doesNotArrive, troubleOf } from "./trouble.js";

/**
 * What both rooms know of a tile; the Stage knows neither participant nor connection.
 *
 * @typedef {object} Shown
 * @property {number} slot
 * @property {string} name
 * @property {string | null} photo
 * @property {number} colour
 * @property {string} kind
 * @property {boolean} microphone
 * @property {boolean} camera
 * @property {boolean} large
 * @property {string} [participant]
 * @property {boolean} [connected]
 * @property {boolean} [weak_link]
 * @property {boolean} [seen]
 * @property {boolean} [heard]
 * @property {"out" | "in"} [stuck]
 */

/**
 * @typedef {object} Look
 * @property {boolean} own  a tile of mine: what I send directly, my camera mirrored
 * @property {boolean} talks
 */

/**
 * @typedef {object} Own  What this page captures itself; null: nothing, or in another tab.
 * @property {MediaStream | null} camera
 * @property {MediaStream | null} screen
 */

/**
 * @typedef {object} Labels  What stands in words on a tile.
 * @property {HTMLElement} name
 * @property {HTMLElement} trouble
 * @property {HTMLElement} troubleText
 */

export class Tiles {
  /** @type {Map<number, OneTile>} */
  #tiles = new Map();
  #wasBlocked = false;

  /**
   * @param {HTMLElement} grid
   * @param {() => void} [changed]  the browser wants a click before it plays pictures, or had it
   */
  constructor(grid, changed = () => {}) {
    this.grid = grid;
    this.changed = changed;
    for (const element of /** @type {NodeListOf<HTMLElement>} */ (grid.querySelectorAll("[data-tile]"))) {
      this.#tiles.set(Number(element.dataset.tile), new OneTile(element, () => this.#notice()));
    }
  }

  /** Somebody is to be seen and is not. */
  get isBlocked() {
    return [...this.#tiles.values()].some((tile) => tile.isBlocked && !tile.element.hidden);
  }

  #notice() {
    if (this.#wasBlocked === this.isBlocked) return;
    this.#wasBlocked = this.isBlocked;
    this.changed();
  }

  /** The person has clicked: now the browser lets them play. */
  unblock() {
    for (const tile of this.#tiles.values()) tile.unblock();
  }

  /** @param {number} slot @param {MediaStream} stream */
  setRemote(slot, stream) {
    this.#tiles.get(slot)?.setRemote(stream);
  }

  /** The connection is over: no tile may show its last picture meanwhile. */
  loseRemote() {
    for (const tile of this.#tiles.values()) tile.setRemote(null);
  }

  /** @param {Own} own */
  setOwn(own) {
    for (const tile of this.#tiles.values()) tile.setOwn(own);
  }

  /**
   * @param {Shown[]} shown
   * @param {string} [me]  my participant
   * @param {number[]} [talking]  slots
   */
  render(shown, me, talking = []) {
    const bySlot = new Map(shown.map((tile) => [tile.slot, tile]));
    const places = new Map([...bySlot.keys()].sort((a, b) => a - b).map((slot, index) => [slot, index + 1]));
    for (const [slot, tile] of this.#tiles) {
      const now = bySlot.get(slot) ?? null;
      const own = now !== null && now.participant !== undefined && now.participant === me;
      tile.render(now, { own, talks: talking.includes(slot) });
      tile.element.dataset.place = String(places.get(slot) ?? "");
    }
    this.grid.dataset.count = String(shown.length);
    this.grid.dataset.large = String(shown.some(({ large }) => large));
    this.#notice();
  }
}

class OneTile {
  /** @type {Shown | null} */
  #shown = null;
  /** @type {Look} */
  #look = { own: false, talks: false };
  /** @type {MediaStream | null} */
  #remote = null;
  /** @type {Own} */
  #ownStreams = { camera: null, screen: null };
  /**
   * Muted pictures start by themselves nearly everywhere; not on an iPhone that saves its battery, nor where Firefox is
   * set to block video too. https://webkit.org/blog/6784/new-video-policies-for-ios/
   */
  isBlocked = false;

  /** @param {HTMLElement} element @param {() => void} noticed  blocked, or no longer */
  constructor(element, noticed) {
    this.element = element;
    this.noticed = noticed;
    /** @type {HTMLVideoElement} */
    this.video = find("video", element);
    this.video.muted = true;
    this.slot = Number(element.dataset.tile);
    this.frame = new FirstFrame(this.video, (presented) => this.#presented(presented));
    this.labels = labelsOf(element);
  }

  /** @param {MediaStream | null} stream */
  setRemote(stream) {
    this.#remote = stream;
    this.#play();
  }

  /** @param {Own} own */
  setOwn(own) {
    this.#ownStreams = own;
    this.#play();
    this.#draw();
  }

  /** @param {Shown | null} shown @param {Look} look */
  render(shown, look) {
    const before = this.#shown;
    const samePerson = shown && before && identity(shown) === identity(before);
    const comes = hasPicture(shown) && (!samePerson || !hasPicture(before));
    this.#shown = shown;
    this.#look = look;
    // What is presented from now on is another's, or is a picture again after there was none.
    if (!hasPicture(shown) || comes) this.frame.cover();
    this.#play();
    if (hasPicture(shown)) this.frame.expect();
    this.#draw();
  }

  /** What this page captures for this tile, if it is mine and captured here. */
  get #local() {
    if (!this.#look.own) return null;
    return this.#shown?.kind === "screen" ? this.#ownStreams.screen : this.#ownStreams.camera;
  }

  #play() {
    const local = this.#local;
    const isStill = isHallOfMirrors(local);
    const stream = isStill ? null : (local ?? this.#remote);
    this.element.dataset.still = String(isStill);
    // As in a mirror one expects oneself; letters on a screen one wants to read.
    this.element.dataset.mirrored = String(Boolean(local) && this.#shown?.kind === "camera");
    if (this.video.srcObject === stream) {
      if (stream && this.video.paused) this.#start();
      return;
    }
    this.frame.cover();
    this.video.srcObject = stream;
    if (!stream) {
      this.#setBlocked(false);
      return;
    }
    this.#start();
    if (hasPicture(this.#shown)) this.frame.expect();
  }

  #start() {
    this.video.play().then(
      () => this.#setBlocked(false),
      (error) => {
        // AbortError says that another stream took its place; that one plays then.
        if (error.name === "NotAllowedError") this.#setBlocked(true);
      },
    );
  }

  unblock() {
    if (this.isBlocked) this.#start();
  }

  /** @param {boolean} blocked */
  #setBlocked(blocked) {
    if (this.isBlocked === blocked) return;
    this.isBlocked = blocked;
    this.#draw();
    this.noticed();
  }

  /** @param {boolean} presented */
  #presented(presented) {
    if (presented && !this.#look.own) performance.mark(`hopin:slot-${this.slot}-first-frame`);
    this.#draw();
  }

  #draw() {
    const { element } = this;
    const shown = this.#shown;
    element.hidden = !shown;
    element.dataset.picture = String(this.frame.isPresented);
    if (!shown) return;
    const { own, talks } = this.#look;
    const isScreen = shown.kind === "screen";
    const isStill = element.dataset.still === "true";
    const awaitsFrame = shown.camera && !isStill && !this.isBlocked;
    const arrives = awaitsFrame ? !this.frame.isPresented : shown.connected === false;
    element.dataset.kind = shown.kind;
    element.dataset.large = String(shown.large);
    element.dataset.connecting = String(arrives);
    // A screen without sound is nobody who could be muted.
    element.dataset.muted = String(!shown.microphone && !isScreen);
    element.dataset.own = String(own);
    element.dataset.talking = String(talks && shown.microphone);
    // A page that hangs cannot say that its link is bad; then the server's watchdog does.
    element.dataset.weak = String(shown.weak_link === true || doesNotArrive(shown));
    draw(find(".avatar", element), shown);
    if (this.labels) this.#label(this.labels, shown);
  }

  /** @param {Labels} labels @param {Shown} shown */
  #label({ name, trouble, troubleText }, shown) {
    write(name, shown.kind === "screen" ? this.#screenOf(shown.name) : shown.name);
    const key = this.#look.own || shown.stuck ? troubleOf(shown) : null;
    trouble.hidden = !key;
    write(troubleText, key ? words(key) : "");
  }

  /** "Rosa's screen", in the language of the page. Both rooms have these words with the tile. @param {string} name */
  #screenOf(name) {
    return (this.element.dataset.screenOf ?? "").replace("{name}", name.trim().split(/\s+/)[0] ?? name);
  }
}

/** @param {Shown} tile */
function identity(tile) {
  return `${tile.kind} ${tile.participant ?? `${tile.name} ${tile.photo}`}`;
}

/**
 * Whether frames of this tile are to be expected. Until its media reach the server, what still arrives in the slot
 * is the former person's.
 * @param {Shown | null} tile
 */
function hasPicture(tile) {
  return Boolean(tile && tile.camera && tile.connected !== false);
}

/**
 * Whether showing this capture here would show the page inside itself, again and again: that distracts, and goes out to
 * everybody. A window or another tab is shown as it is sent.
 * @param {MediaStream | null} stream
 */
function isHallOfMirrors(stream) {
  return stream?.getVideoTracks()[0]?.getSettings().displaySurface === "monitor";
}

/** @param {HTMLElement} element @returns {Labels | null} null: pictures alone, as of what the audience sees */
function labelsOf(element) {
  if (!element.querySelector(".plate")) return null;
  return {
    name: find(".plate__name", element),
    trouble: find(".tile__trouble", element),
    troubleText: find(".tile__trouble-text", element),
  };
}
