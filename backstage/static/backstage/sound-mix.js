// Several sounds in one track: my microphone and the sound of a screen that is shown in my camera's place.

/**
 * @typedef {object} Mix
 * @property {MediaStreamTrack | null} track
 * @property {() => void} end
 */

/** @param {MediaStreamTrack[]} tracks @returns {Mix} one track is passed on as it is */
export function mix(tracks) {
  if (tracks.length < 2) return { track: tracks[0] ?? null, end: () => {} };
  const context = new AudioContext();
  // For the reason that level.js gives.
  void context.resume();
  const out = context.createMediaStreamDestination();
  for (const track of tracks) context.createMediaStreamSource(new MediaStream([track])).connect(out);
  const [track = null] = out.stream.getAudioTracks();
  return {
    track,
    end: () => {
      track?.stop();
      void context.close();
    },
  };
}
