// What the pre-flight of a waiting person says: in one word under the photo, and in full on the card.

/** @typedef {Pick<ModerationWire.Waiting, "microphone" | "camera" | "measured" | "level" | "uplink" | "path" | "muted">} Found */

/**
 * The one thing that an organizer has to know first, as the key of its word.
 *
 * @param {Found} found
 * @returns {"no-devices" | "no-microphone" | "no-sound" | "weak-link" | "no-camera" | "checking" | "ready"}
 */
export function oneWord(found) {
  if (!found.microphone) return found.camera ? "no-microphone" : "no-devices";
  if (found.measured && !found.level) return "no-sound";
  if (found.uplink === "weak") return "weak-link";
  if (!found.camera) return "no-camera";
  return found.measured ? "ready" : "checking";
}

/**
 * The rows of the card: the key of the words for each. The browser has a name, and no word, unless it is another one.
 *
 * @param {Found} found
 */
export function card(found) {
  return {
    camera: found.camera ? "card-found" : "card-none",
    microphone: found.microphone ? "card-found" : "card-none",
    level: !found.microphone ? "card-none" : found.level ? "card-heard" : found.measured ? "card-silent" : "card-unknown",
    connection: found.uplink === "good" ? "card-good" : found.uplink === "weak" ? "card-weak" : "card-unknown",
    path: found.path === "direct" ? "card-direct" : found.path === "relayed" ? "card-relayed" : "card-unknown",
    muted: found.muted ? "card-muted" : "card-not-muted",
  };
}
