// Which of a person's tabs holds camera and microphone: the one that took them, and after a reload the same one again.

/**
 * Tries to become the holder. Browsers free the lock of a tab that reloads or closes, so it is free exactly when no
 * other tab of this browser sends: https://developer.mozilla.org/en-US/docs/Web/API/Web_Locks_API
 *
 * @param {string} participant
 * @returns {Promise<(() => void) | null>} gives it back; null: another tab is the holder
 */
export function hold(participant) {
  // Not there on insecure pages, where no device can be opened either.
  if (!navigator.locks) return Promise.resolve(null);
  return new Promise((resolve) => {
    void navigator.locks.request(`hopin:holder:${participant}`, { ifAvailable: true }, (lock) => {
      if (!lock) {
        resolve(null);
        return undefined;
      }
      return new Promise((release) => resolve(() => release(undefined)));
    });
  });
}

const key = (/** @type {string} */ participant) => `hopin:held:${participant}`;

/** Whether this tab held the devices before it was reloaded. @param {string} participant */
export function heldBefore(participant) {
  try {
    return sessionStorage.getItem(key(participant)) === "yes";
  } catch {
    return false;
  }
}

/** @param {string} participant @param {boolean} held */
export function noteHeld(participant, held) {
  try {
    if (held) sessionStorage.setItem(key(participant), "yes");
    else sessionStorage.removeItem(key(participant));
  } catch {
    // Storage may be forbidden; then a reload asks once more.
  }
}
