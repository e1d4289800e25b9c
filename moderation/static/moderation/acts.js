// What an organizer does to a person, wherever it is pressed: at the photo of one who waits, at the tile of one on screen.

import { words } from "../backstage/page.js";
import { Socket } from "../backstage/protocol.js";
import { announce } from "../backstage/views/announcer.js";
import { confirm } from "../backstage/views/confirm.js";
import { tell } from "../backstage/views/waits.js";

/** @typedef {{ participant: string, name: string, muted: boolean }} Somebody */

/**
 * @typedef {object} Act
 * @property {string} label
 * @property {string} [note]
 * @property {() => Promise<boolean>} [isSure]  asks first
 * @property {() => Promise<void>} act  rejects with a Refusal
 */

/** To whom something is being done: until it is done or refused, nothing more is sent. @type {Set<string>} */
const pending = new Set();

/**
 * An item of the menu that `more` opens. While something is done to the person, `more` shows that it waits, and no item
 * can be chosen, in any menu that is about them.
 *
 * @param {HTMLElement} more
 * @param {string} participant
 * @param {Act} item
 * @returns {MenuItem}
 */
export function itemAbout(more, participant, { label, note, isSure, act }) {
  const choose = async () => {
    if (!isSure || (await isSure())) await once(more, participant, act);
  };
  return { label, note, waits: pending.has(participant), choose: () => void choose() };
}

/** @param {HTMLElement} more @param {string} participant @param {() => Promise<void>} act */
async function once(more, participant, act) {
  if (pending.has(participant)) return;
  pending.add(participant);
  more.setAttribute("aria-busy", "true");
  try {
    await act();
  } catch (error) {
    tell(error);
  } finally {
    pending.delete(participant);
    more.removeAttribute("aria-busy");
  }
}

/** @param {Socket} socket @param {HTMLElement} more @param {Somebody} person @returns {MenuItem} */
export function muteItem(socket, more, { participant, name, muted }) {
  return itemAbout(more, participant, {
    label: words(muted ? "allow-unmute" : "mute"),
    act: async () => {
      await socket.command("person.mute", { participant, muted: !muted });
      announce(words(muted ? "said-allowed" : "said-muted", { name }));
    },
  });
}

/** @param {Socket} socket @param {HTMLElement} more @param {Somebody} person @returns {MenuItem} */
export function blockItem(socket, more, { participant, name }) {
  return itemAbout(more, participant, {
    label: words("block"),
    isSure: () => confirm("block", { name }),
    act: async () => {
      await socket.command("person.block", { participant });
      announce(words("said-blocked", { name }));
    },
  });
}
