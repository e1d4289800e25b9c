// How to come on screen: the welcome card in an empty centre, the button below the tiles, and the sentence beside it.

import { find, words, write } from "../page.js";
import { SLOTS } from "../slots.js";

/**
 * @typedef {object} Where  Where I stand.
 * @property {boolean} onScreen
 * @property {boolean} isWaiting
 * @property {boolean} isHeld  this page holds my devices
 * @property {boolean} isReopening
 * @property {boolean} hasFailedToReopen
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
  // One that waits for the server is off for that reason.
  if (below.ariaBusy !== "true") below.disabled = full;
  // On screen, or in the queue, without anything that this page could send.
  const isBare = (where.onScreen || where.isWaiting) && !where.isHeld;
  find("#use-here").hidden = !isBare || where.isReopening;
  find("#stop-elsewhere").hidden = !isBare || !where.onScreen;
  const text = find("#bottom-text");
  write(text, isBare ? bareSentence(where) : sentence(room, full));
  text.hidden = !isBare && (where.onScreen || where.isWaiting);
}

/** @param {Where} where */
function bareSentence({ onScreen, isReopening, hasFailedToReopen }) {
  if (isReopening) return words("reopening");
  if (hasFailedToReopen) return words("reopen-failed");
  return words(onScreen ? "elsewhere" : "asked-elsewhere");
}

/** @param {Room} room @param {boolean} full */
function sentence(room, full) {
  if (full) return words("full");
  return words(room.me.organizer || room.me.may_return ? "watching-organizer" : "watching-speaker");
}
