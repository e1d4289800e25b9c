import assert from "node:assert/strict";
import { test } from "node:test";

import { withOpusDtx } from "../../../backstage/static/backstage/media/sdp.js";

const ANSWER = ["v=0", "m=audio 9 UDP/TLS/RTP/SAVPF 111", "a=rtpmap:111 opus/48000/2"];

test("silence is asked for beside what stands there", () => {
  const sdp = withOpusDtx([...ANSWER, "a=fmtp:111 useinbandfec=1", "a=mid:0", ""].join("\r\n"));
  assert.match(sdp, /^a=fmtp:111 useinbandfec=1;usedtx=1\r$/m);
  assert.equal(withOpusDtx(sdp), sdp);
});

test("an answer without parameters gets a line of its own", () => {
  assert.match(withOpusDtx([...ANSWER, ""].join("\r\n")), /opus\/48000\/2\r\na=fmtp:111 usedtx=1\r\n/);
});

test("without Opus nothing changes", () => {
  assert.equal(withOpusDtx("v=0\r\nm=video 9\r\n"), "v=0\r\nm=video 9\r\n");
});
