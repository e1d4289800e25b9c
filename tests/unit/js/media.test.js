// Connections to the media server, against RTCPeerConnections and a line that this test plays.

import assert from "node:assert/strict";
import { beforeEach, mock, test } from "node:test";

import { Publisher } from "../../../backstage/static/backstage/media/publisher.js";
import { Vigil } from "../../../backstage/static/backstage/media/connecting.js";
import { STAGE, Watcher } from "../../../backstage/static/backstage/media/watcher.js";
import { Refusal } from "../../../backstage/static/backstage/protocol.js";

/** @type {FakeConnection[]} */
let connections = [];

class FakeConnection {
  connectionState = "new";
  iceGatheringState = "new";
  /** @type {any} */ onconnectionstatechange;
  /** @type {any} */ remoteDescription = null;
  localDescription = { sdp: "local" };
  breaksOnAnswer = false;

  constructor() {
    connections.push(this);
  }
  becomes(state) {
    this.connectionState = state;
    this.onconnectionstatechange?.();
  }
  addTransceiver() {
    return { sender: { replaceTrack: () => Promise.resolve() } };
  }
  async setLocalDescription() {}
  async setRemoteDescription(description) {
    if (this.connectionState === "closed" || this.breaksOnAnswer) throw new Error("closed");
    this.remoteDescription = description;
  }
  close() {
    this.connectionState = "closed";
  }
}

/** What the line was asked, and how it answers. */
class FakeSocket {
  isUp = true;
  /** @type {string[]} */
  asked = [];
  /** @type {Record<string, () => unknown>} */
  answers = {};

  async command(type) {
    this.asked.push(type);
    return this.answers[type]?.() ?? {};
  }
}

const settle = async () => {
  for (let turn = 0; turn < 30; turn++) await Promise.resolve();
};
const stream = { getAudioTracks: () => [], getVideoTracks: () => [], getTracks: () => [] };

beforeEach(() => {
  connections = [];
  globalThis.RTCPeerConnection = /** @type {any} */ (FakeConnection);
  globalThis.RTCRtpReceiver = /** @type {any} */ ({ getCapabilities: () => null });
  mock.timers.reset();
  mock.timers.enable({ apis: ["setTimeout"] });
});

/** @returns {Promise<{ watcher: Watcher, socket: FakeSocket }>} */
async function watching() {
  const socket = new FakeSocket();
  socket.answers["viewer.start"] = () => ({ offer: "v=0" });
  const watcher = new Watcher(/** @type {any} */ (socket), STAGE, { stream: () => {} });
  watcher.start();
  await settle();
  return { watcher, socket };
}

/** @returns {Promise<{ publisher: Publisher, socket: FakeSocket, refusals: string[] }>} */
async function publishing(answer = () => ({ answer: "v=0" })) {
  const socket = new FakeSocket();
  socket.answers["publish.start"] = answer;
  /** @type {string[]} */
  const refusals = [];
  const publisher = new Publisher(/** @type {any} */ (socket), (refusal) => refusals.push(refusal.code));
  publisher.hold(/** @type {any} */ (stream));
  publisher.configure([], 1_000_000);
  publisher.start();
  await settle();
  return { publisher, socket, refusals };
}

test("a connection that is not up ten seconds after the exchange is lost", () => {
  let lost = 0;
  const connection = new FakeConnection();
  const vigil = new Vigil(/** @type {any} */ (connection), { connected: () => {}, lost: () => lost++ });
  mock.timers.tick(60_000);
  assert.equal(lost, 0, "before the exchange nothing is to be expected");
  vigil.exchanged();
  connection.becomes("connecting");
  mock.timers.tick(9_999);
  assert.equal(lost, 0);
  mock.timers.tick(1);
  connection.becomes("failed");
  assert.equal(lost, 1, "once");
});

test("a connection that is up may be away for three seconds", () => {
  let lost = 0;
  const connection = new FakeConnection();
  const vigil = new Vigil(/** @type {any} */ (connection), { connected: () => {}, lost: () => lost++ });
  connection.becomes("connected");
  vigil.exchanged();
  mock.timers.tick(60_000);
  connection.becomes("disconnected");
  mock.timers.tick(2_000);
  connection.becomes("connected");
  mock.timers.tick(60_000);
  assert.equal(lost, 0);
  connection.becomes("disconnected");
  // ICE tries again; that is not yet being connected.
  connection.becomes("connecting");
  mock.timers.tick(3_000);
  assert.equal(lost, 1);
});

test("a watcher and a publisher that never connect begin anew", async () => {
  await watching();
  await publishing();
  assert.equal(connections.length, 2);
  mock.timers.tick(10_000);
  mock.timers.tick(250);
  await settle();
  assert.deepEqual(connections.map(({ connectionState }) => connectionState), ["closed", "closed", "new", "new"]);
});

test("what works stays when media are said to be ready", async () => {
  const { watcher, socket } = await watching();
  watcher.ready();
  connections[0].becomes("connected");
  watcher.ready();
  await settle();
  assert.deepEqual(socket.asked, ["viewer.start", "viewer.answer"]);
  connections[0].becomes("disconnected");
  watcher.ready();
  await settle();
  assert.equal(connections.length, 2);
});

test("an old connection that cannot answer leaves the new one alone", async () => {
  const { watcher } = await watching();
  connections[0].breaksOnAnswer = true;
  watcher.offered("v=0 again");
  watcher.start();
  await settle();
  connections[1].becomes("connected");
  mock.timers.tick(60_000);
  await settle();
  assert.equal(connections.length, 2);
  assert.equal(connections[1].connectionState, "connected");
});

test("a connection that cannot answer a later offer begins anew", async () => {
  const { watcher } = await watching();
  connections[0].becomes("connected");
  connections[0].breaksOnAnswer = true;
  watcher.offered("v=0 again");
  await settle();
  mock.timers.tick(250);
  await settle();
  assert.equal(connections.length, 2);
});

test("publishing is tried until it works, for as long as I am on screen", async () => {
  for (const code of ["media.not_ready", "stage.full", "failed"]) {
    let refuse = true;
    const { publisher, socket, refusals } = await publishing(() => {
      if (refuse) throw new Refusal(code, "");
      return { answer: "v=0" };
    });
    const tries = () => socket.asked.filter((type) => type === "publish.start").length;
    assert.equal(tries(), 1);
    mock.timers.tick(250);
    await settle();
    assert.equal(tries(), 2, "soon");
    for (let second = 0; second < 60; second++) {
      mock.timers.tick(1_000);
      await settle();
    }
    assert.ok(tries() >= 14, `${code}: ${tries()}`);
    refuse = false;
    mock.timers.tick(5_000);
    await settle();
    connections.at(-1)?.becomes("connected");
    const before = tries();
    mock.timers.tick(60_000);
    await settle();
    assert.equal(tries(), before);
    assert.deepEqual(refusals, []);
    publisher.stop();
  }
});

test("an offer that does not fit is said once, and not made again until the next time on screen", async () => {
  const { publisher, socket, refusals } = await publishing(() => {
    throw new Refusal("publish.unfit", "");
  });
  const tries = () => socket.asked.filter((type) => type === "publish.start").length;
  assert.equal(tries(), 1);
  for (let notice = 0; notice < 5; notice++) {
    publisher.start();
    publisher.ready();
    publisher.configure([], 1_000_000);
    mock.timers.tick(10_000);
    await settle();
  }
  assert.deepEqual([tries(), refusals], [1, ["publish.unfit"]]);
  publisher.stop();
  publisher.hold(/** @type {any} */ (stream));
  publisher.start();
  await settle();
  assert.equal(tries(), 2);
});

test("a network that lets no media through is noticed within ten seconds, however often it is tried, and until it does", async () => {
  const { publisher } = await publishing();
  const { watcher } = await watching();
  let changes = 0;
  publisher.onReach = () => changes++;
  for (let second = 0; second < 9; second++) {
    mock.timers.tick(1_000);
    // Janus gives up early.
    if (second === 4) publisher.lost();
    await settle();
  }
  assert.deepEqual([publisher.reach.isBlocked, watcher.reach.isBlocked], [false, false]);
  mock.timers.tick(1_000);
  assert.deepEqual([publisher.reach.isBlocked, watcher.reach.isBlocked, changes], [true, true, 1]);
  for (let second = 0; second < 30; second++) {
    mock.timers.tick(1_000);
    await settle();
  }
  assert.deepEqual([publisher.reach.isBlocked, changes], [true, 1], "also while it is tried again");
  for (const connection of connections) if (connection.connectionState === "new") connection.becomes("connected");
  assert.deepEqual([publisher.reach.isBlocked, watcher.reach.isBlocked, changes], [false, false, 2]);
  publisher.stop();
});

test("a media server that is not ready is no fault of the network", async () => {
  const { publisher } = await publishing(() => {
    throw new Refusal("media.not_ready", "");
  });
  for (let second = 0; second < 60; second++) {
    mock.timers.tick(1_000);
    await settle();
  }
  assert.equal(publisher.reach.isBlocked, false);
  publisher.stop();
});

test("a screen in place of the camera outlasts a new microphone and a new connection, and ends with the place", async () => {
  const sent = [];
  globalThis.RTCPeerConnection = class extends FakeConnection {
    addTransceiver(track, _init) {
      const at = { track };
      sent.push(at);
      return { sender: { replaceTrack: async (other) => void (at.track = other) } };
    }
  };
  const track = (name) => ({ name, readyState: "live", stop: () => stopped.push(name) });
  const stopped = [];
  const held = (microphone, camera) => {
    const [audio, video] = [track(microphone), track(camera)];
    return { getAudioTracks: () => [audio], getVideoTracks: () => [video], getTracks: () => [audio, video] };
  };
  const names = () => sent.slice(-2).map((at) => at.track.name ?? at.track);
  const socket = new FakeSocket();
  const publisher = new Publisher(/** @type {any} */ (socket), () => {});
  publisher.configure([], 1);
  publisher.hold(/** @type {any} */ (held("microphone", "camera")));
  assert.deepEqual(names(), ["microphone", "camera"]);
  publisher.replaceVideo(/** @type {any} */ (track("screen")));
  assert.deepEqual(names(), ["microphone", "screen"]);
  publisher.hold(/** @type {any} */ (held("other microphone", "camera")));
  assert.deepEqual(names(), ["other microphone", "screen"]);
  publisher.lost();
  assert.deepEqual(names(), ["other microphone", "screen"]);
  publisher.replaceVideo(null);
  assert.deepEqual(names(), ["other microphone", "camera"]);
  publisher.replaceVideo(/** @type {any} */ (track("screen")));
  publisher.stop();
  assert.deepEqual(stopped, ["other microphone", "camera"], "the screen is for whoever captured it");
  publisher.hold(/** @type {any} */ (held("microphone", "camera")));
  assert.deepEqual(names(), ["microphone", "camera"]);
});
