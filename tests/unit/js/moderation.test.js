// The pure parts of asking and of the Moderation panel.

import assert from "node:assert/strict";
import { mock, test } from "node:test";

import "./static-files.js";
import { Arrivals, difference, news } from "../../../moderation/static/moderation/arrivals.js";
import { browserName } from "../../../moderation/static/moderation/browser-name.js";
import { card, oneWord } from "../../../moderation/static/moderation/found.js";
import { Paced } from "../../../moderation/static/moderation/paced.js";
import { NOTHING_ASKED, reduce } from "../../../moderation/static/moderation/state.js";

const { answerTo } = await import("../../../moderation/static/moderation/answer.js");

/** @param {string} name @param {object} [changed] @returns {any} */
const waiting = (name, changed = {}) => ({
  request: `r-${name}`,
  name,
  microphone: true,
  camera: true,
  measured: true,
  level: true,
  uplink: "good",
  path: "direct",
  browser: "Firefox 140",
  muted: false,
  ...changed,
});
/** @param {string} state @param {string} [word] */
const mine = (state, word = "") => ({ request: "r", state, place: state === "waiting" ? 1 : null, word });

// --- the answer that stands ---
test("an answer stands for the request that this tab has seen waiting, and for no other", () => {
  assert.equal(answerTo(mine("declined"), "r", false), "declined");
  assert.equal(answerTo(mine("dequeued"), "r", false), "dequeued");
  assert.equal(answerTo(mine("ended"), "r", false), "ended");
  assert.equal(answerTo(mine("declined"), "of last week", false), null);
  assert.equal(answerTo(mine("declined"), null, false), null);
});

test("an answer goes away when I ask again, come on screen, or was not refused", () => {
  assert.equal(answerTo(mine("waiting"), "r", false), null);
  assert.equal(answerTo(mine("declined"), "r", true), null);
  assert.equal(answerTo(mine("withdrawn"), "r", false), null);
  assert.equal(answerTo(mine("accepted"), "r", false), null);
  assert.equal(answerTo(null, "r", false), null);
});

test("a word that comes late says nothing about a request of now", () => {
  const asked = reduce(NOTHING_ASKED, { type: "request.changed", body: { mine: mine("waiting"), as_of: 5 } });
  const late = reduce(asked, { type: "request.changed", body: { mine: mine("declined", "Later"), as_of: 4 } });
  assert.equal(late.mine?.state, "waiting");
  const answered = reduce(asked, { type: "request.changed", body: { mine: mine("declined", "Later"), as_of: 6 } });
  assert.deepEqual([answered.mine?.state, answered.mine?.word], ["declined", "Later"]);
});

// --- pre-flight ---
test("the word says what an organizer has to know first", () => {
  assert.equal(oneWord(waiting("a")), "ready");
  assert.equal(oneWord(waiting("a", { microphone: false, camera: false })), "no-devices");
  assert.equal(oneWord(waiting("a", { microphone: false, uplink: "weak" })), "no-microphone");
  assert.equal(oneWord(waiting("a", { level: false, uplink: "weak", camera: false })), "no-sound");
  assert.equal(oneWord(waiting("a", { uplink: "weak", camera: false })), "weak-link");
  assert.equal(oneWord(waiting("a", { camera: false })), "no-camera");
});

test("whoever has not been measured yet is neither silent nor ready", () => {
  assert.equal(oneWord(waiting("a", { level: false, measured: false })), "checking");
  assert.equal(card(waiting("a", { level: false, measured: false })).level, "card-unknown");
  // Also in a browser whose name the page does not know.
  assert.equal(oneWord(waiting("a", { level: false, browser: "" })), "no-sound");
  assert.equal(card(waiting("a", { level: false, browser: "" })).level, "card-silent");
});

test("the card has all of it", () => {
  assert.deepEqual(card(waiting("a", { path: "relayed", uplink: "weak", muted: true })), {
    camera: "card-found",
    microphone: "card-found",
    level: "card-heard",
    connection: "card-weak",
    path: "card-relayed",
    muted: "card-muted",
  });
});

test("a browser is named with its major version", () => {
  const grease = { brand: "Not=A?Brand", version: "24" };
  const chromium = { brand: "Chromium", version: "140" };
  const chrome = { brand: "Google Chrome", version: "140" };
  assert.equal(browserName({ userAgent: "", userAgentData: { brands: [grease, chromium, chrome] } }), "Google Chrome 140");
  assert.equal(browserName({ userAgent: "", userAgentData: { brands: [chromium, grease] } }), "Chromium 140");
  const agents = {
    "Firefox 128": "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0",
    "Safari 18": "Mozilla/5.0 (Macintosh) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1 Safari/605.1.15",
    "Chrome 130": "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 Chrome/130.0.0.0 Mobile Safari/537.36",
    "Edge 130": "Mozilla/5.0 AppleWebKit/537.36 Chrome/130.0.0.0 Safari/537.36 Edg/130.0.0.0",
    "": "curl/8",
  };
  for (const [name, userAgent] of Object.entries(agents)) assert.equal(browserName({ userAgent }), name);
  const long = { brand: "X".repeat(60), version: "1" };
  assert.equal(browserName({ userAgent: "", userAgentData: { brands: [long] } }).length, 40);
});

test("what changes quickly is said in one, the newest, and nothing is said twice", async () => {
  mock.timers.enable({ apis: ["setTimeout"] });
  /** @type {number[]} */
  const said = [];
  const paced = new Paced(async (/** @type {number} */ value) => void said.push(value), 2000);
  for (const value of [1, 2, 3]) paced.tell(value);
  assert.deepEqual(said, [1]);
  mock.timers.tick(2000);
  assert.deepEqual(said, [1, 3]);
  paced.tell(3);
  mock.timers.tick(4000);
  assert.deepEqual(said, [1, 3]);
  mock.timers.reset();
});

test("what did not arrive is said again", async () => {
  mock.timers.enable({ apis: ["setTimeout"] });
  let said = 0;
  const paced = new Paced(async () => {
    said += 1;
    if (said === 1) throw new Error("no line");
  }, 2000);
  paced.tell("a");
  await Promise.resolve();
  await Promise.resolve();
  mock.timers.tick(2000);
  paced.tell("a");
  assert.equal(said, 2);
  mock.timers.reset();
});

/** @param {object} tracks */
const held = ({ camera = true }) =>
  /** @type {any} */ ({ getAudioTracks: () => [], getVideoTracks: () => (camera ? [{}] : []) });

test("what is found now is told, and an uplink that could not be measured is measured again by itself", async () => {
  mock.timers.enable({ apis: ["setTimeout"] });
  Object.defineProperty(globalThis, "navigator", { value: { userAgent: "" }, configurable: true });
  const { Preflight } = await import("../../../moderation/static/moderation/preflight.js");
  /** @type {any[]} */
  const told = [];
  let measurements = 0;
  const settle = async () => {
    for (let turn = 0; turn < 10; turn++) await Promise.resolve();
  };
  const preflight = new Preflight(/** @type {any} */ ({ command: async (_, body) => void told.push(body) }), {
    measure: async () => (++measurements === 1 ? { uplink: "unknown", path: "unknown" } : { uplink: "good", path: "direct" }),
    stop: () => {},
  });
  preflight.follow("r1", held({}));
  await settle();
  assert.deepEqual([told[0].microphone, told[0].camera, told[0].browser], [false, true, ""]);
  mock.timers.tick(2_000);
  preflight.follow("r1", held({ camera: false }));
  await settle();
  mock.timers.tick(2_000);
  assert.equal(told.at(-1).camera, false, "pulled out while waiting");
  assert.equal(measurements, 1);
  mock.timers.tick(10_000);
  await settle();
  mock.timers.tick(2_000);
  assert.equal(measurements, 2, "without anything else happening");
  assert.equal(told.at(-1).uplink, "good");
  preflight.follow("r2", held({ camera: false }));
  assert.equal(measurements, 3, "once for each request");
  mock.timers.reset();
});

// --- arrivals ---
test("who came and who went", () => {
  const { came, went } = difference([waiting("Ada"), waiting("Sam")], [waiting("Sam"), waiting("Ken")]);
  assert.deepEqual([came.map(({ name }) => name), went.map(({ name }) => name)], [["Ken"], ["Ada"]]);
});

test("one is named, many are summed up", () => {
  const [ada, sam] = [waiting("Ada"), waiting("Sam")];
  assert.deepEqual(news({ came: [ada], went: [] }, 2), ["news-came", { name: "Ada", n: 2 }]);
  assert.deepEqual(news({ came: [ada, sam], went: [] }, 5), ["news-many-came", { count: 2, n: 5 }]);
  assert.deepEqual(news({ came: [], went: [sam] }, 0), ["news-went", { name: "Sam", n: 0 }]);
  assert.equal(news({ came: [], went: [] }, 3), null);
});

/** @param {(arrivals: Arrivals, heard: any[]) => void} happens */
function told(happens) {
  mock.timers.enable({ apis: ["setTimeout"] });
  /** @type {any[]} */
  const heard = [];
  happens(new Arrivals({ say: (...sentence) => heard.push(sentence), ring: () => heard.push("ring") }), heard);
  mock.timers.tick(1000);
  mock.timers.reset();
  return heard.filter((each) => each !== "ring");
}

test("thirty in one moment are one sentence", () => {
  const all = Array.from({ length: 30 }, (_, n) => waiting(`p${n}`));
  const heard = told((arrivals) => all.forEach((_, n) => arrivals.tell(all.slice(0, n), all.slice(0, n + 1))));
  assert.deepEqual(heard, [["news-many-came", { count: 30, n: 30 }]]);
});

test("who came and went within a moment is no news, nor is what I did myself", () => {
  const [ada, sam] = [waiting("Ada"), waiting("Sam")];
  assert.deepEqual(told((arrivals) => (arrivals.tell([], [ada]), arrivals.tell([ada], []))), []);
  const mineOnly = told((arrivals) => {
    arrivals.byMe(ada.request);
    arrivals.tell([ada, sam], [sam]);
  });
  assert.deepEqual(mineOnly, []);
  const others = told((arrivals) => arrivals.tell([ada, sam], [sam]));
  assert.deepEqual(others, [["news-went", { name: "Ada", n: 1 }]]);
});
