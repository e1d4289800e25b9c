// The state of the show, in words, with its running time; and who is here.

import { clock, find, words, write } from "../page.js";
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
    find("#watching").hidden = state !== "live" && state !== "ending";
    write(find("#watching-text"), words("watching", { n: room.watching }));
    write(find("#people-text"), words("people", { n: room.people }));
    const said = state === "going_live" && room.show.onAirAt === null ? "on-air-waits" : state;
    if (this.#said !== null && this.#said !== said) announce(words(`said-${said}`));
    this.#said = said;
    this.#tick();
  }

  #tick() {
    if (!this.#room) return;
    const { state, onAirAt, liveSince, offAirAt } = this.#room.show;
    const now = performance.now();
    const running = (state === "live" || state === "ending") && liveSince !== null;
    write(find("#show-time"), running ? clock(now - liveSince, true) : "");
    write(find("#show-note"), this.#note(state, now, onAirAt, offAirAt));
    // A phone has room for the number alone.
    write(find("#show-short"), onAirAt !== null && state === "going_live" ? left(onAirAt, now) : "");
  }

  /**
   * @param {BackstageWire.ShowState} state @param {number} now
   * @param {number | null} onAirAt @param {number | null} offAirAt
   */
  #note(state, now, onAirAt, offAirAt) {
    if (state === "going_live") {
      return onAirAt === null ? words("on-air-waits") : words("on-air-in", { time: left(onAirAt, now) });
    }
    if (state === "ending" && offAirAt !== null) return words("still-seen", { time: left(offAirAt, now) });
    return "";
  }
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
