// Which of a person's tabs holds camera and microphone: the one that took them, and after a reload the same one again.

import { thisTab } from "./memory.js";

/**
 * Becomes the holder. Browsers free the lock of a tab that reloads or closes, so it is free exactly when no other tab of
 * this browser sends: https://developer.mozilla.org/en-US/docs/Web/API/Web_Locks_API
 *
 * @param {string} participant
 * @param {object} [how]
 * @param {boolean} [how.steal]  also if another tab is
 * @param {() => void} [how.stolen]  another tab is the holder now
 * @returns {Promise<(() => void) | null>} gives it back; null: another tab is the holder
 */
export function hold(participant, { steal = false, stolen = () => {} } = {}) {
  // Not there on insecure pages, where no device can be opened either.
  if (!navigator.locks) return Promise.resolve(null);
  return new Promise((resolve) => {
    let isHeld = false;
    navigator.locks
      .request(`hopin:holder:${participant}`, steal ? { steal } : { ifAvailable: true }, (lock) => {
        if (!lock) {
          resolve(null);
          return undefined;
        }
        isHeld = true;
        return new Promise((release) => resolve(() => release(undefined)));
      })
      // It was stolen from us, which ends the request with an AbortError.
      .catch(() => (isHeld ? stolen() : resolve(null)));
  });
}

const heldKey = (/** @type {string} */ participant) => `hopin:held:${participant}`;
const switchesKey = (/** @type {string} */ participant) => `hopin:switches:${participant}`;

/** Whether this tab held the devices before it was reloaded. @param {string} participant */
export function heldBefore(participant) {
  return thisTab.recall(heldKey(participant)) === "yes";
}

/** @param {string} participant @param {boolean} held  not held: nothing is to be restored either */
export function noteHeld(participant, held) {
  thisTab.remember(heldKey(participant), held ? "yes" : null);
  if (!held) thisTab.remember(switchesKey(participant), null);
}

/** @typedef {{ microphone: boolean, camera: boolean }} Switches  what I have switched on */

/** What was switched on when this tab was reloaded. @param {string} participant @returns {Switches | null} */
export function switchesBefore(participant) {
  return thisTab.recallObject(switchesKey(participant));
}

/** @param {string} participant @param {Switches} switches */
export function noteSwitches(participant, { microphone, camera }) {
  thisTab.remember(switchesKey(participant), JSON.stringify({ microphone, camera }));
}
