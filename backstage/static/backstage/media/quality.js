// How good the way from this page to the server is, judged from what `getStats` reports each second.

/** Of a hundred packets so many must be missing; five are heard in speech and seen as blocks. */
const LOST = 0.05;
/** Seconds there and back, at which people begin to talk at the same time. */
const SLOW_S = 0.6;
/** Bits per second: below this a face is no longer one. Chromium begins at 300,000, and that is not bad yet. */
const STARVED = 150_000;
/** Milliseconds without a report from the server; it sends one about each second. */
const SILENT_MS = 4_000;
/** Among the last three seconds so many bad ones make a weak link, and so many good ones in a row end it. */
const LOOKED_AT = 3;
const BAD_TO_WEAK = 2;
const GOOD_TO_HEAL = 4;

/**
 * What one look at the statistics says.
 *
 * @typedef {object} Sample
 * @property {number} lost  share of packets that did not arrive, or had to be sent again, 0 to 1
 * @property {number | null} roundTrip  seconds
 * @property {number | null} available  bits per second that the browser thinks it can send
 * @property {boolean} limited  the picture is made worse because of that
 * @property {number | null} silent  milliseconds since the server last reported
 * @property {number} sent  packets so far, and again so far: what the next look needs
 * @property {number} again
 */

/**
 * @typedef {object} Judgement
 * @property {boolean} weak
 * @property {boolean[]} bad  the last seconds, oldest first
 */

/** @type {Judgement} */
export const UNJUDGED = { weak: false, bad: [] };

/**
 * https://www.w3.org/TR/webrtc-stats/: remote-inbound-rtp is what the server reports of what it received.
 *
 * @param {Iterable<any>} reports
 * @param {Sample | null} before
 * @returns {Sample}
 */
export function read(reports, before) {
  const all = [...reports];
  const of = (/** @type {string} */ type) => all.filter((report) => report.type === type);
  const remote = of("remote-inbound-rtp");
  const outbound = of("outbound-rtp");
  const pair = of("candidate-pair").find((each) => each.nominated && each.state === "succeeded");
  const sent = sum(outbound, "packetsSent");
  const again = sum(outbound, "retransmittedPacketsSent");
  const newly = before ? sent - before.sent : 0;
  // Janus counts what came at the second attempt as received, so what was sent again counts, too.
  const repeated = before && newly > 20 ? Math.max(0, again - before.again) / newly : 0;
  const newest = Math.max(...remote.map((each) => each.timestamp));
  return {
    lost: Math.max(0, repeated, ...remote.map((each) => each.fractionLost ?? 0)),
    roundTrip: pair?.currentRoundTripTime ?? remote[0]?.roundTripTime ?? null,
    available: pair?.availableOutgoingBitrate ?? null,
    limited: outbound.some((each) => each.qualityLimitationReason === "bandwidth"),
    silent: remote.length && outbound.length ? outbound[0].timestamp - newest : null,
    sent,
    again,
  };
}

/** @param {any[]} reports @param {string} name */
function sum(reports, name) {
  return reports.reduce((total, report) => total + (report[name] ?? 0), 0);
}

/** @param {Sample} sample */
export function isBad(sample) {
  return (
    sample.lost >= LOST ||
    (sample.roundTrip ?? 0) >= SLOW_S ||
    (sample.limited && sample.available !== null && sample.available < STARVED) ||
    (sample.silent ?? 0) >= SILENT_MS
  );
}

/** Goes down after two bad seconds of three, and up after four good ones. @param {Judgement} before @param {Sample} sample @returns {Judgement} */
export function judge({ weak, bad }, sample) {
  const seconds = [...bad, isBad(sample)].slice(-GOOD_TO_HEAL);
  if (weak) return { weak: seconds.length < GOOD_TO_HEAL || seconds.some(Boolean), bad: seconds };
  return { weak: seconds.slice(-LOOKED_AT).filter(Boolean).length >= BAD_TO_WEAK, bad: seconds };
}

/** Whether media go through a relay. @param {Iterable<any>} reports @returns {"direct" | "relayed" | "unknown"} */
export function path(reports) {
  const all = [...reports];
  const pair = all.find((each) => each.type === "candidate-pair" && each.nominated && each.state === "succeeded");
  if (!pair) return "unknown";
  const ends = all.filter((each) => each.id === pair.localCandidateId || each.id === pair.remoteCandidateId);
  return ends.some((end) => end.candidateType === "relay") ? "relayed" : "direct";
}
