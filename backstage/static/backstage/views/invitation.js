// How to come on screen: the welcome card in an empty centre, the button below the tiles, and the sentence beside it.

import { find, words, write } from "../page.js";
import { SLOTS } from "../slots.js";

/**
 * @typedef {object} Where  Where I stand.
 * @property {boolean} onScreen
 * @property {boolean} isWaiting
 * @property {boolean} isHeld  this page holds my devices
 * @property {boolean} isReopening
 */

/** @param {Room} room @param {Where} where */
export function renderInvitation(room, where) {
  const someone = room.tiles.length > 0;
  const needsToAsk = !room.me.organizer && !room.me.may_return;
  const full = room.tiles.length >= SLOTS.length && !needsToAsk;
  find("#welcome").hidden = someone;
  find("#welcome").dataset.waiting = String(where.isWaiting);
  const { state } = room.show;
  const isPublic = state === "going_live" || state === "live";
  write(find(".welcome__text"), words(`welcome-${!isPublic ? "private" : state === "live" ? "live" : "waits"}`));
  write(find(".welcome__waits"), words(isPublic ? "waits-public" : "waits-private"));
  for (const button of document.querySelectorAll("[data-share]")) {
    write(find("span", button), words(needsToAsk ? "ask" : "share"));
  }
  find("#welcome-share").hidden = someone || where.isWaiting;
  /** @type {HTMLButtonElement} */
  const below = find("#bottom-share");
  below.hidden = !someone || where.isWaiting || where.onScreen;
  below.disabled = full;
  const text = find("#bottom-text");
  write(text, sentence(room, where, full));
  text.hidden = where.isWaiting || (where.onScreen && where.isHeld);
}

/** @param {Room} room @param {Where} where @param {boolean} full */
function sentence(room, { onScreen, isReopening }, full) {
  if (onScreen) return words(isReopening ? "reopening" : "elsewhere");
  if (full) return words("full");
  return words(room.me.organizer || room.me.may_return ? "watching-organizer" : "watching-speaker");
}
