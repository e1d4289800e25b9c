// What does not get through, as the server's watchdog says of what I have switched on, or as this page finds out itself;
// and that it is said at once.

import { words } from "../page.js";
import { alarm } from "./announcer.js";

/**
 * @typedef {object} Tile
 * @property {string} kind
 * @property {boolean} microphone
 * @property {boolean} camera
 * @property {boolean} [connected]
 * @property {boolean} [seen]
 * @property {boolean} [heard]
 * @property {Stuck} [stuck]
 */

/**
 * The network lets no media of this tile out of this page, or into it.
 * @typedef {"out" | "in"} Stuck
 */

/**
 * The key of the sentence that says it and what to do, or null if all is well. Until a tile is connected at all, that
 * is said instead, for as long as it may only take a moment.
 *
 * @param {Tile} tile
 * @returns {string | null}
 */
export function troubleOf(tile) {
  if (tile.stuck) return `stuck-${tile.stuck}`;
  const { unseen, unheard } = missedOf(tile);
  if (tile.kind === "screen") return unseen ? "others-cannot-see-screen" : null;
  if (unseen && unheard) return "others-cannot-see-or-hear";
  if (unseen) return "others-cannot-see";
  return unheard ? "others-cannot-hear" : null;
}

/** Whether something that is switched on does not reach the others. @param {Tile} tile */
export function doesNotArrive(tile) {
  const { unseen, unheard } = missedOf(tile);
  return unseen || unheard;
}

/** Which of my devices do not reach the others, so that starting them anew may help. @param {Tile} tile @returns {DeviceKind[]} */
export function unreached(tile) {
  const { unseen, unheard } = missedOf(tile);
  /** @type {DeviceKind[]} */
  const kinds = [];
  if (unseen && tile.kind === "camera") kinds.push("camera");
  if (unheard) kinds.push("microphone");
  return kinds;
}

/** What is switched on and does not reach the others; nothing is said of a tile that is not connected. @param {Tile} tile */
function missedOf({ microphone, camera, connected, seen, heard }) {
  const speaks = connected !== false;
  return { unseen: speaks && camera && seen === false, unheard: speaks && microphone && heard === false };
}

/**
 * The tiles with what this page finds out of its own connections: whether the network lets through what it sends, and
 * what it should receive.
 *
 * @template {{ participant: string, kind: string, replaces_camera: boolean }} T
 * @param {T[]} tiles
 * @param {string} me  my participant
 * @param {{ camera: boolean, screen: boolean, watching: boolean }} isBlocked  by connection
 * @returns {(T & { stuck?: Stuck })[]}
 */
export function withStuck(tiles, me, isBlocked) {
  return tiles.map((tile) => {
    if (tile.participant !== me) return isBlocked.watching ? { ...tile, stuck: "in" } : tile;
    const connection = tile.kind === "screen" && !tile.replaces_camera ? "screen" : "camera";
    return isBlocked[connection] ? { ...tile, stuck: "out" } : tile;
  });
}

/** Says, once and at once, that something of mine does not reach the others although it is on. */
export class Alarms {
  #said = "";

  /** @param {Tile[]} tiles  mine that this page sends, and what does not come in */
  follow(tiles) {
    const troubles = new Set(tiles.map(troubleOf).filter((key) => key !== null));
    const sentence = [...troubles].map((key) => words(key)).join(" ");
    if (this.#said === sentence) return;
    this.#said = sentence;
    alarm(sentence);
  }
}
