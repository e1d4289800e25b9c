// Where the voices come out: which speakers there are, the one that is remembered, and a sound to try one.
//
// Chrome and Edge: a list. Firefox (116): each speaker has to be allowed once, by `selectAudioOutput`, or belong to an
// allowed microphone. Safari (up to 18.3) and iOS choose in their own settings: no picker there.
// https://developer.mozilla.org/en-US/docs/Web/API/HTMLMediaElement/setSinkId#browser_compatibility
// https://developer.mozilla.org/en-US/docs/Web/API/MediaDevices/selectAudioOutput#browser_compatibility

import { list } from "./devices.js";
import { thisBrowser } from "./memory.js";

const REMEMBERED = "hopin:speaker";
/** Of the sound to try one. */
const NOTES_HZ = [523, 784];
const NOTE_S = 0.22;

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

/** Two short notes, to hear whether it is the right one. @param {string} speaker  deviceId; empty: the computer's own choice */
export async function playTestSound(speaker) {
  const context = new AudioContext();
  // For the reason that level.js gives.
  void context.resume();
  const out = context.createMediaStreamDestination();
  const loudness = new GainNode(context, { gain: 0.2 });
  loudness.connect(out);
  const element = new Audio();
  element.srcObject = out.stream;
  if (speaker) await element.setSinkId(speaker).catch(() => {});
  NOTES_HZ.forEach((frequency, index) => {
    const note = new OscillatorNode(context, { frequency });
    note.connect(loudness);
    note.start(context.currentTime + index * NOTE_S);
    note.stop(context.currentTime + (index + 1) * NOTE_S);
    if (index === NOTES_HZ.length - 1) note.onended = () => void context.close();
  });
  await element.play().catch(() => {});
}
