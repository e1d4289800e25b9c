// How loud a microphone is, from 0 to 1, a few times a second.

const EVERY_MS = 60;
/** Decibels below full scale that count as silence. */
const SILENCE_DB = -55;

/**
 * @param {MediaStreamTrack} track
 * @param {(level: number) => void} measured
 * @returns {() => void} stops measuring
 */
export function measure(track, measured) {
  const context = new AudioContext();
  const analyser = new AnalyserNode(context, { fftSize: 1024 });
  context.createMediaStreamSource(new MediaStream([track])).connect(analyser);
  // Safari starts it suspended unless it was made inside a click: https://webkit.org/blog/7734/auto-play-policy-changes-for-macos/
  void context.resume();
  const samples = new Float32Array(analyser.fftSize);
  const timer = setInterval(() => {
    analyser.getFloatTimeDomainData(samples);
    let sum = 0;
    for (const sample of samples) sum += sample * sample;
    const decibels = 10 * Math.log10(sum / samples.length + 1e-12);
    measured(Math.min(1, Math.max(0, 1 - decibels / SILENCE_DB)));
  }, EVERY_MS);
  return () => {
    clearInterval(timer);
    void context.close();
  };
}
