// The five tiles. Their elements are made once, by the template, and never moved: only the grid around them changes.

import { FirstFrame } from "../media/first-frame.js";
import { find, write } from "../page.js";
import { draw } from "./person.js";

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
 * @property {string} [participant]
 * @property {boolean} [connected]
 */

/**
 * @typedef {object} Look
 * @property {boolean} own  my own tile: my camera directly, mirrored
 */

export class Tiles {
  /** @type {Map<number, OneTile>} */
  #tiles = new Map();

  /** @param {HTMLElement} grid */
  constructor(grid) {
    this.grid = grid;
    for (const element of /** @type {NodeListOf<HTMLElement>} */ (grid.querySelectorAll("[data-tile]"))) {
      this.#tiles.set(Number(element.dataset.tile), new OneTile(element));
    }
  }

  /** @param {number} slot @param {MediaStream} stream */
  setRemote(slot, stream) {
    this.#tiles.get(slot)?.setRemote(stream);
  }

  /** The connection is over: no tile may show its last picture meanwhile. */
  loseRemote() {
    for (const tile of this.#tiles.values()) tile.setRemote(null);
  }

  /** My own camera, held here; null: not held in this tab. @param {MediaStream | null} stream */
  setOwn(stream) {
    for (const tile of this.#tiles.values()) tile.setOwn(stream);
  }

  /** @param {Shown[]} shown @param {string} [me] my participant */
  render(shown, me) {
    const bySlot = new Map(shown.map((tile) => [tile.slot, tile]));
    const places = new Map([...bySlot.keys()].sort((a, b) => a - b).map((slot, index) => [slot, index + 1]));
    for (const [slot, tile] of this.#tiles) {
      const now = bySlot.get(slot) ?? null;
      tile.render(now, { own: now !== null && now.participant !== undefined && now.participant === me });
      tile.element.dataset.place = String(places.get(slot) ?? "");
    }
    this.grid.dataset.count = String(shown.length);
  }
}

class OneTile {
  /** @type {Shown | null} */
  #shown = null;
  #own = false;
  /** @type {MediaStream | null} */
  #remote = null;
  /** @type {MediaStream | null} */
  #ownStream = null;

  /** @param {HTMLElement} element */
  constructor(element) {
    this.element = element;
    /** @type {HTMLVideoElement} */
    this.video = find("video", element);
    this.video.muted = true;
    this.slot = Number(element.dataset.tile);
    this.frame = new FirstFrame(this.video, (presented) => this.#presented(presented));
  }

  /** @param {MediaStream | null} stream */
  setRemote(stream) {
    this.#remote = stream;
    this.#play();
  }

  /** @param {MediaStream | null} stream */
  setOwn(stream) {
    this.#ownStream = stream;
    this.#play();
  }

  /** @param {Shown | null} shown @param {Look} look */
  render(shown, { own }) {
    const before = this.#shown;
    const samePerson = shown && before && identity(shown) === identity(before);
    const comes = hasPicture(shown) && (!samePerson || !hasPicture(before));
    this.#shown = shown;
    this.#own = own;
    // What is presented from now on is another's, or is a picture again after there was none.
    if (!hasPicture(shown) || comes) this.frame.cover();
    this.#play();
    if (hasPicture(shown)) this.frame.expect();
    this.#draw();
  }

  #play() {
    const local = this.#own ? this.#ownStream : null;
    const stream = local ?? this.#remote;
    this.element.dataset.mirrored = String(Boolean(local));
    if (this.video.srcObject === stream) {
      if (stream && this.video.paused) void this.video.play().catch(ignoreInterrupted);
      return;
    }
    this.frame.cover();
    this.video.srcObject = stream;
    if (!stream) return;
    void this.video.play().catch(ignoreInterrupted);
    if (hasPicture(this.#shown)) this.frame.expect();
  }

  /** @param {boolean} presented */
  #presented(presented) {
    if (presented && !this.#own) performance.mark(`hopin:slot-${this.slot}-first-frame`);
    this.#draw();
  }

  #draw() {
    const { element } = this;
    const shown = this.#shown;
    element.hidden = !shown;
    element.dataset.picture = String(this.frame.isPresented);
    if (!shown) return;
    const arrives = shown.camera ? !this.frame.isPresented : shown.connected === false;
    element.dataset.kind = shown.kind;
    element.dataset.connecting = String(arrives);
    element.dataset.muted = String(!shown.microphone);
    element.dataset.own = String(this.#own);
    write(find(".plate__name", element), shown.name);
    draw(find(".avatar", element), shown);
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

/** play() rejects when another stream takes the place of this one; that one plays then. */
function ignoreInterrupted() {}
