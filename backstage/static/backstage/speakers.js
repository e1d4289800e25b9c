// Where the voices come out: which speakers there are, and the one that is remembered.
//
// Chrome and Edge: a list. Firefox (116): each speaker has to be allowed once, by `selectAudioOutput`, or belong to an
// allowed microphone. Safari (up to 18.3) and iOS choose in their own settings: no picker there.
// https://developer.mozilla.org/en-US/docs/Web/API/HTMLMediaElement/setSinkId#browser_compatibility
// https://developer.mozilla.org/en-US/docs/Web/API/MediaDevices/selectAudioOutput#browser_compatibility

import { list } from "./devices.js";
import { thisBrowser } from "./memory.js";

const REMEMBERED = "hopin:speaker";

export function canChooseSpeaker() {
  return "setSinkId" in HTMLMediaElement.prototype && window.isSecureContext;
}

/** Whether the browser has a question of its own for it. */
export function canAskForSpeaker() {
  return canChooseSpeaker() && Boolean(navigator.mediaDevices && "selectAudioOutput" in navigator.mediaDevices);
}

/** The browser's own question; null: closed without an answer. @returns {Promise<string | null>} deviceId */
export async function askForSpeaker() {
  try {
    return (await /** @type {any} */ (navigator.mediaDevices).selectAudioOutput()).deviceId;
  } catch {
    return null;
  }
}

/** Those there are. @returns {Promise<MediaDeviceInfo[]>} */
export function speakers() {
  return list("audiooutput");
}

/** deviceId; empty: the computer's own choice. */
export function rememberedSpeaker() {
  return thisBrowser.recall(REMEMBERED) ?? "";
}

/** @param {string} id */
export function rememberSpeaker(id) {
  thisBrowser.remember(REMEMBERED, id);
}
