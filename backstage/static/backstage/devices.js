// Camera and microphone: opening them, what can go wrong with each, and the choice that is remembered.

import { thisBrowser } from "./memory.js";

const REMEMBERED = "hopin:devices";

/**
 * Why a device could not be opened. Each has a sentence of its own on the page, under `device-KIND-PROBLEM`.
 * @typedef {"denied" | "forbidden" | "missing" | "busy" | "unfit" | "insecure" | "unsupported" | "failed"} Problem
 */

/**
 * @typedef {object} Choice  What to open. An empty string is the browser's own default; null: none.
 * @property {string | null} camera  deviceId
 * @property {string | null} microphone  deviceId
 */

/**
 * @typedef {object} Opened
 * @property {MediaStream} stream  may be without tracks
 * @property {Problem | null} camera
 * @property {Problem | null} microphone
 */

/** The names of `DOMException`s: https://www.w3.org/TR/mediacapture-streams/#dom-mediadevices-getusermedia @type {Record<string, Problem>} */
const PROBLEMS = {
  NotAllowedError: "denied",
  SecurityError: "forbidden",
  NotFoundError: "missing",
  // Chromium says so where Windows gives a camera to one program only.
  // https://developer.mozilla.org/en-US/docs/Web/API/MediaDevices/getUserMedia#exceptions
  NotReadableError: "busy",
  // Allowed and there, and still not started; Firefox says so for some that are busy.
  AbortError: "failed",
  OverconstrainedError: "unfit",
};

/** @param {unknown} error @returns {Problem} */
function problemOf(error) {
  const { name, message } = /** @type {DOMException} */ (error);
  // Chromium's words where the computer or a policy says no and the person was not asked: another place to mend it.
  if (name === "NotAllowedError" && /system|policy/i.test(message)) return "forbidden";
  return PROBLEMS[name] ?? "failed";
}

/** Whether this page can open devices at all. @returns {Problem | null} */
export function obstacle() {
  // On an insecure page `mediaDevices` is not there either, so ask for the cause first.
  if (!window.isSecureContext) return "insecure";
  return navigator.mediaDevices && "getUserMedia" in navigator.mediaDevices ? null : "unsupported";
}

/**
 * Opens both devices with one question to the person; where that fails, each alone, so that a microphone works
 * without a camera. Never rejects: what went wrong is in the result.
 *
 * @param {Choice} choice
 * @returns {Promise<Opened>}
 */
export async function open(choice) {
  const problem = obstacle();
  if (problem) return { stream: new MediaStream(), camera: problem, microphone: problem };
  /** @type {Set<DeviceKind>} */
  let alone = new Set(["microphone", "camera"]);
  /** @type {Problem | null} */
  let refused = null;
  if (choice.camera !== null && choice.microphone !== null) {
    try {
      const both = await navigator.mediaDevices.getUserMedia({
        audio: microphoneConstraints(choice.microphone),
        video: cameraConstraints(choice.camera),
      });
      return { stream: both, camera: null, microphone: null };
    } catch (error) {
      // Which of the two it was, the error does not say.
      if (isNo(error)) {
        refused = problemOf(error);
        alone = worthAsking({ camera: await permission("camera"), microphone: await permission("microphone") });
      }
    }
  }
  /** @type {One} */
  const notAsked = { tracks: [], problem: refused };
  const microphone = alone.has("microphone") ? await openMicrophone(choice.microphone) : notAsked;
  const camera = alone.has("camera") ? await openCamera(choice.camera) : notAsked;
  return {
    stream: new MediaStream([...microphone.tracks, ...camera.tracks]),
    camera: camera.problem,
    microphone: microphone.problem,
  };
}

/** The person, or the computer, said No. @param {unknown} error */
function isNo(error) {
  return /** @type {DOMException} */ (error).name === "NotAllowedError";
}

/**
 * What is worth asking for alone after a No to both: what is allowed already; and what was not the reason for the No, when
 * the other is forbidden. To ask again for what was just refused would be three questions for one No.
 *
 * @param {Record<DeviceKind, PermissionState | null>} states  null: this browser does not tell
 * @returns {Set<DeviceKind>}
 */
export function worthAsking({ camera, microphone }) {
  const isWorth = (/** @type {PermissionState | null} */ one, /** @type {PermissionState | null} */ other) =>
    one === "granted" || (one === "prompt" && other === "denied");
  /** @type {Set<DeviceKind>} */
  const worth = new Set();
  if (isWorth(microphone, camera)) worth.add("microphone");
  if (isWorth(camera, microphone)) worth.add("camera");
  return worth;
}

/**
 * Older versions of Firefox do not know these names:
 * https://developer.mozilla.org/en-US/docs/Web/API/Permissions_API#browser_compatibility
 *
 * @param {DeviceKind} kind @returns {Promise<PermissionState | null>}
 */
async function permission(kind) {
  try {
    return (await navigator.permissions.query({ name: /** @type {PermissionName} */ (kind) })).state;
  } catch {
    return null;
  }
}

/** @typedef {{ tracks: MediaStreamTrack[], problem: Problem | null }} One */

/** @param {string | null} id @returns {Promise<One>} */
export function openCamera(id) {
  return openOne(id, (exact) => ({ video: cameraConstraints(exact) }));
}

/** @param {string | null} id @returns {Promise<One>} */
export function openMicrophone(id) {
  return openOne(id, (exact) => ({ audio: microphoneConstraints(exact) }));
}

/**
 * @param {string | null} id
 * @param {(id: string) => MediaStreamConstraints} constraints
 * @returns {Promise<One>}
 */
async function openOne(id, constraints) {
  if (id === null) return { tracks: [], problem: null };
  const problem = obstacle();
  if (problem) return { tracks: [], problem };
  try {
    return { tracks: (await navigator.mediaDevices.getUserMedia(constraints(id))).getTracks(), problem: null };
  } catch (error) {
    const { name } = /** @type {DOMException} */ (error);
    // The remembered device is unplugged: any other is better than none.
    if (id && (name === "OverconstrainedError" || name === "NotFoundError")) return openOne("", constraints);
    return { tracks: [], problem: problemOf(error) };
  }
}

/** @param {string} id @returns {MediaTrackConstraints} */
function cameraConstraints(id) {
  return {
    width: { ideal: 1280 },
    height: { ideal: 720 },
    frameRate: { ideal: 30 },
    ...(id ? { deviceId: { exact: id } } : {}),
  };
}

/** @param {string} id @returns {MediaTrackConstraints} */
function microphoneConstraints(id) {
  return {
    echoCancellation: true,
    noiseSuppression: true,
    autoGainControl: true,
    ...(id ? { deviceId: { exact: id } } : {}),
  };
}

/** The devices there are. Their names are empty until one was opened. @param {MediaDeviceKind} kind */
export async function list(kind) {
  if (obstacle()) return [];
  return (await navigator.mediaDevices.enumerateDevices()).filter((device) => device.kind === kind);
}

/** @param {() => void} changed  called when a device is plugged in or out */
export function onChange(changed) {
  navigator.mediaDevices?.addEventListener("devicechange", changed);
}

/** Stops what still runs. @param {MediaStream | null} stream */
export function letGo(stream) {
  for (const track of stream?.getTracks() ?? []) if (track.readyState === "live") track.stop();
}

/** What was chosen last on this computer, also none; nothing yet: both, as the browser likes. @returns {Choice} */
export function remembered() {
  const { camera = "", microphone = "" } = thisBrowser.recallObject(REMEMBERED) ?? {};
  return { camera, microphone };
}

/** @param {Choice} choice */
export function remember(choice) {
  thisBrowser.remember(REMEMBERED, JSON.stringify(choice));
}
