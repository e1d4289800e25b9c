// Two short notes through a speaker, to hear whether it is the right one.

const NOTES_HZ = [523, 784];
const NOTE_S = 0.22;

/** @param {string} speaker  deviceId; empty: the computer's own choice */
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
