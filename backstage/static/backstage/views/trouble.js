// What does not reach the others although I have switched it on, as the server's watchdog says.

/**
 * The key of the sentence that says it and what to do, or null if all is well. Until a tile is connected at all, that
 * is said instead.
 *
 * @param {{ kind: string, microphone: boolean, camera: boolean, connected?: boolean, seen?: boolean, heard?: boolean }} tile
 * @returns {string | null}
 */
export function troubleOf({ kind, microphone, camera, connected, seen, heard }) {
  if (connected === false) return null;
  const unseen = camera && seen === false;
  const unheard = microphone && heard === false;
  if (kind === "screen") return unseen ? "others-cannot-see-screen" : null;
  if (unseen && unheard) return "others-cannot-see-or-hear";
  if (unseen) return "others-cannot-see";
  return unheard ? "others-cannot-hear" : null;
}
