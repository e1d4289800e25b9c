// How long a line waits: for a handshake, between attempts, and in silence.

/** The server answers within 10 s whatever happens; a command older than this was lost, and the line with it. */
export const DEADLINE_MS = 12_000;
export const CHECK_DEADLINE_MS = 5_000;
const FIRST_RETRY_MS = 300;

/**
 * A line that died without a word (a router forgot it, the computer slept) looks like one on which nothing happens. So
 * after a silence of `silenceMs` the server is asked for a word; from this up to `moreSilenceMs` more, so that an
 * audience does not ask in one moment.
 *
 * @typedef {{ longestRetryMs: number, handshakeMs: number, silenceMs: number, moreSilenceMs: number }} Pace
 */

/** @type {Pace} */
export const LEISURE = {
  longestRetryMs: 5_000,
  handshakeMs: DEADLINE_MS,
  silenceMs: 25_000,
  moreSilenceMs: 10_000,
};

/**
 * For whoever has something that is kept for a minute only: a dead line is noticed within some 20 s, and a network that
 * is back is found within 6 s, however it swallowed what was tried before. The server speaks every 10 s.
 *
 * @type {Pace}
 */
export const HURRY = { longestRetryMs: 1_500, handshakeMs: 4_000, silenceMs: 12_000, moreSilenceMs: 2_000 };

/**
 * Milliseconds until the next attempt: twice as many each time, and between half and all of them, so that a full house
 * does not come back in one moment.
 *
 * @param {Pace} pace
 * @param {number} attempts that failed before
 */
export function pauseMs({ longestRetryMs }, attempts) {
  return Math.min(longestRetryMs, FIRST_RETRY_MS * 2 ** attempts) * (0.5 + Math.random() / 2);
}

/** Milliseconds of silence after which a word is asked for. @param {Pace} pace */
export function patienceMs({ silenceMs, moreSilenceMs }) {
  return silenceMs + Math.random() * moreSilenceMs;
}
