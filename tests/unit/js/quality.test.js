// The judgement of a link, from reports as Chromium and Firefox make them.

import assert from "node:assert/strict";
import { test } from "node:test";

import { isBad, judge, path, read, UNJUDGED } from "../../../backstage/static/backstage/media/quality.js";

const pair = { type: "candidate-pair", nominated: true, state: "succeeded", localCandidateId: "l", remoteCandidateId: "r" };

/** A second of a connection: what is not said is well. */
function reports({ lost = 0, sent = 100, again = 0, roundTrip = 0.03, available = 1_200_000, limited = false, reported = 0 } = {}) {
  return [
    { type: "outbound-rtp", kind: "audio", packetsSent: 0, timestamp: 10_000 },
    {
      type: "outbound-rtp",
      kind: "video",
      packetsSent: sent,
      retransmittedPacketsSent: again,
      qualityLimitationReason: limited ? "bandwidth" : "none",
      timestamp: 10_000,
    },
    { type: "remote-inbound-rtp", kind: "video", fractionLost: lost, roundTripTime: roundTrip, timestamp: 10_000 - reported },
    { ...pair, currentRoundTripTime: roundTrip, availableOutgoingBitrate: available },
  ];
}

const second = (said) => read(reports(said), null);
const run = (seconds, before = UNJUDGED) => seconds.reduce((judgement, said) => judge(judgement, second(said)), before);
const BAD = { lost: 0.2 };

test("what makes a second bad", () => {
  assert.equal(isBad(second()), false);
  assert.equal(isBad(second({ lost: 0.04 })), false);
  assert.equal(isBad(second({ lost: 0.05 })), true);
  assert.equal(isBad(second({ roundTrip: 0.7 })), true);
  assert.equal(isBad(second({ limited: true, available: 90_000 })), true);
  assert.equal(isBad(second({ limited: true, available: 300_000 })), false, "where Chromium begins");
  assert.equal(isBad(second({ limited: false, available: 90_000 })), false, "it wants no more");
  assert.equal(isBad(second({ reported: 5_000 })), true, "the server has been silent");
});

test("packets that had to be sent again were lost, though the server counts them as received", () => {
  const before = second({ sent: 100, again: 0 });
  assert.equal(isBad(read(reports({ sent: 200, again: 10 }), before)), true);
  assert.equal(isBad(read(reports({ sent: 200, again: 2 }), before)), false);
  assert.equal(isBad(read(reports({ sent: 105, again: 1 }), before)), false, "one of five says nothing");
});

test("a browser that reports less is not judged by what it does not say", () => {
  assert.equal(isBad(read([], null)), false);
  assert.equal(isBad(read([{ type: "outbound-rtp", packetsSent: 3, timestamp: 1 }], null)), false);
});

test("one bad second is nothing, two of three are a weak link", () => {
  assert.equal(run([{}, {}, BAD]).weak, false);
  assert.equal(run([{}, BAD, {}, BAD]).weak, true);
  assert.equal(run([BAD, BAD]).weak, true);
  assert.equal(run([BAD, {}, {}, BAD]).weak, false);
});

test("it is good again after four good seconds in a row, not before", () => {
  const weak = run([BAD, BAD]);
  assert.equal(run([{}, {}, {}], weak).weak, true);
  assert.equal(run([{}, {}, {}, BAD, {}, {}, {}], weak).weak, true);
  const healed = run([{}, {}, {}, {}], weak);
  assert.equal(healed.weak, false);
  assert.equal(run([BAD], healed).weak, false);
});

test("a relay at either end is a relayed path", () => {
  const ends = (local, remote) => [
    { id: "l", type: "local-candidate", candidateType: local },
    { id: "r", type: "remote-candidate", candidateType: remote },
    pair,
  ];
  assert.equal(path(ends("host", "host")), "direct");
  assert.equal(path(ends("srflx", "host")), "direct");
  assert.equal(path(ends("relay", "host")), "relayed");
  assert.equal(path(ends("host", "relay")), "relayed");
  assert.equal(path([]), "unknown");
});
