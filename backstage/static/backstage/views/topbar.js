// The state of the show, in words, with its running time; and who is here.

import { clock, find, number, words, write } from "../page.js";
import { myTile } from "../state.js";
import { announce } from "./announcer.js";

const TICK_MS = 250;

export class Topbar {
  /** @type {Room | null} */
  #room = null;
  /** @type {string | null} */
  #said = null;

  constructor() {
    setInterval(() => this.#tick(), TICK_MS);
  }

  /** @param {Room} room */
  render(room) {
    this.#room = room;
    const state = shownState(room.show);
    const pill = find("#show");
    pill.dataset.state = state;
    write(find("#show-label"), words(`show-${state}`));
    // While going live: somebody may still be seeing the end of the show before.
    find("#watching").hidden = state === "off_air" || (state === "going_live" && room.show.offAirAt === null);
    count("watching", room.watching);
    count("people", room.people);
    const said = momentOf(room);
    if (this.#said !== null && this.#said !== said) announce(words(`said-${forMe(said, room)}`));
    this.#said = said;
    this.#tick();
  }

  #tick() {
    if (!this.#room) return;
    const { state, onAirAt, liveSince } = this.#room.show;
    const now = performance.now();
    const running = (state === "live" || state === "ending") && liveSince !== null;
    write(find("#show-time"), running ? clock(now - liveSince, true) : "");
    write(find("#show-note"), noteOf(this.#room, now));
    // A phone has room for the number alone.
    write(find("#show-short"), onAirAt !== null && state === "going_live" ? left(onAirAt, now) : "");
  }
}

/** In full, and as the number alone where there is no room for more. @param {"watching" | "people"} what @param {number} n */
function count(what, n) {
  write(find(`#${what}-text`), words(what, { n }));
  write(find(`#${what}-number`), number(n));
}

/**
 * What is said of the show in this moment, as the end of a key. With somebody on screen the countdown begins at once: it
 * waits for nobody.
 *
 * @param {Room} room
 */
function momentOf({ show: { state, onAirAt, liveSince }, tiles }) {
  if (state === "going_live" && onAirAt === null && !tiles.some(({ connected }) => connected)) return "on-air-waits";
  if (state === "ending" && liveSince === null) return "stopped-early";
  return state;
}

/** To whoever only watches it is not said that attendees see them. @param {string} moment @param {Room} room */
function forMe(moment, room) {
  const isAboutMe = moment === "going_live" || moment === "live";
  return isAboutMe && !myTile(room) ? `${moment}-watching` : moment;
}

/** @param {Room} room @param {number} now */
function noteOf(room, now) {
  const { show } = room;
  const moment = momentOf(room);
  if (moment === "on-air-waits" || moment === "stopped-early") return words(moment);
  const last = show.offAirAt === null ? "" : left(show.offAirAt, now);
  if (moment === "ending" && last) return words("still-seen", { time: last });
  if (moment !== "going_live" || show.onAirAt === null) return "";
  const time = left(show.onAirAt, now);
  return last ? words("on-air-again-in", { time, last }) : words("on-air-in", { time });
}

/**
 * Stopped before anything was seen: what was captured is still on its way, so nobody is live yet.
 *
 * @param {ShowClock} show
 * @returns {BackstageWire.ShowState}
 */
function shownState({ state, liveSince }) {
  return state === "ending" && liveSince === null ? "going_live" : state;
}

/** @param {number} then @param {number} now */
function left(then, now) {
  // Up to the next whole second, so that it reads 00:01 until it is over.
  return clock(Math.ceil((then - now) / 1000) * 1000);
}
