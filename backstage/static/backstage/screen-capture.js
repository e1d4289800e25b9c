// Capturing a screen, a window or a tab, with its sound where the browser can; and what can go wrong with it.

/** Whether this browser can. Phones cannot: https://developer.mozilla.org/en-US/docs/Web/API/MediaDevices/getDisplayMedia#browser_compatibility */
export function canCapture() {
  return Boolean(navigator.mediaDevices && "getDisplayMedia" in navigator.mediaDevices);
}

/**
 * Asks the browser, which asks the person. Has to be called inside a click or a key press.
 *
 * Sound: Chrome and Edge offer that of a tab everywhere, that of the whole computer on Windows, ChromeOS and new macOS.
 * Firefox and Safari capture none and ignore `audio`. The options that are not constraints are Chrome's and ignored by
 * the others. https://developer.mozilla.org/en-US/docs/Web/API/MediaDevices/getDisplayMedia
 *
 * @returns {Promise<MediaStream>} rejects with the browser's DOMException
 */
export function capture() {
  const known = /** @type {Record<string, boolean>} */ (navigator.mediaDevices.getSupportedConstraints());
  return navigator.mediaDevices.getDisplayMedia(
    /** @type {any} */ ({
      video: { width: { max: 1920 }, height: { max: 1080 }, frameRate: { max: 30 } },
      // What I share I go on hearing myself; and it is sound as it is, not speech in a room.
      audio: {
        suppressLocalAudioPlayback: false,
        restrictOwnAudio: true,
        echoCancellation: false,
        noiseSuppression: false,
        autoGainControl: false,
      },
      // This page would show itself inside itself, and send everybody their own voices back.
      selfBrowserSurface: "exclude",
      // The computer's sound has the voices of this page in it: only where they can be left out (Chrome 141).
      // https://developer.mozilla.org/en-US/docs/Web/API/MediaTrackConstraints/restrictOwnAudio
      systemAudio: known["restrictOwnAudio"] ? "include" : "exclude",
      surfaceSwitching: "include",
    }),
  );
}

/**
 * The key of the sentence for a capture that failed; null: the person closed the browser's question, which needs none.
 *
 * @param {unknown} error
 * @returns {string | null}
 */
export function sentenceFor(error) {
  const { name, message } = /** @type {DOMException} */ (error);
  // Chromium's words where macOS or a policy forbids it; the person's own No reads "Permission denied".
  if (name === "NotAllowedError") return /system|policy/i.test(message) ? "screen-forbidden" : null;
  return name === "NotReadableError" ? "screen-unreadable" : "screen-failed";
}
