// My own controls.

import { find, words, write } from "../page.js";
import { SLOTS } from "../slots.js";
import { FullScreen } from "./full-screen.js";
import { answerToKeys } from "./keys.js";

/**
 * @typedef {object} Acts
 * @property {() => void} microphone
 * @property {() => void} camera
 * @property {() => void} screen
 * @property {() => void} screenInstead
 * @property {() => void} devices
 * @property {() => void} stopSharing
 */

/**
 * @typedef {object} Shown
 * @property {Room} room
 * @property {boolean} isHeld  this page holds my devices
 * @property {boolean} onScreen
 * @property {boolean} microphone  on
 * @property {boolean} camera  on
 * @property {boolean} mayUnmute  an organizer allows it again
 * @property {{ isSupported: boolean, isStarting: boolean, isInstead: boolean, stream: MediaStream | null }} screen
 */

export class Controls {
  #fullScreen = new FullScreen();

  /** @param {Acts} acts */
  constructor(acts) {
    const pressed = {
      camera: () => act("#my-camera", acts.camera),
      screen: () => act("#my-screen", acts.screen),
    };
    // Pressed while an organizer has muted me, it says so.
    find("#my-microphone").addEventListener("click", acts.microphone);
    find("#my-camera").addEventListener("click", pressed.camera);
    find("#my-screen").addEventListener("click", pressed.screen);
    find("#screen-instead").addEventListener("click", acts.screenInstead);
    find("#my-devices").addEventListener("click", acts.devices);
    find("#stop-sharing").addEventListener("click", acts.stopSharing);
    answerToKeys({ m: acts.microphone, v: pressed.camera, s: pressed.screen, f: () => this.#fullScreen.toggle() });
  }

  /** @param {Shown} shown */
  render(shown) {
    const { room, isHeld, onScreen, microphone, camera, mayUnmute, screen } = shown;
    find("#my-controls").hidden = !isHeld;
    find("#stop-sharing").hidden = !onScreen;
    toggle("microphone", microphone);
    toggle("camera", camera);
    const isFull = onScreen && !screen.stream && room.tiles.length >= SLOTS.length;
    block("#my-microphone", room.me.muted);
    block("#my-camera", screen.isInstead);
    block("#my-screen", isFull || screen.isStarting);
    const share = find("#my-screen");
    share.hidden = !screen.isSupported || !onScreen;
    share.dataset.shared = String(Boolean(screen.stream));
    write(find("#my-screen-name"), words(screen.stream ? "stop-screen" : "share-screen"));
    const offersInstead = isFull && screen.isSupported;
    find("#screen-instead").hidden = !offersInstead || screen.isStarting;
    const hints = [
      room.me.muted && "muted-by-organizer",
      mayUnmute && "said-may-unmute",
      offersInstead && "screen-full",
      screen.isInstead && "screen-stands-in",
    ].filter((key) => key !== false);
    write(find("#my-hint"), hints.map((key) => words(key)).join(" "));
    find("#my-hints").hidden = !isHeld || !hints.length;
  }
}

/** Presses on what is off limits now change nothing; the sentence beside it says why. @param {string} button @param {() => void} work */
function act(button, work) {
  const element = find(button);
  if (element.hidden || element.getAttribute("aria-disabled") === "true") return;
  work();
}

/** Not `disabled`: the focus stays, and the reason can be read. @param {string} button @param {boolean} blocked */
function block(button, blocked) {
  const element = find(button);
  if (blocked) element.setAttribute("aria-disabled", "true");
  else element.removeAttribute("aria-disabled");
}

/** @param {"microphone" | "camera"} device @param {boolean} on */
function toggle(device, on) {
  const button = find(`#my-${device}`);
  if (button.getAttribute("aria-pressed") === String(on)) return;
  button.setAttribute("aria-pressed", String(on));
  write(find(`#my-${device}-state`), words(`${device}-${on ? "on" : "off"}`));
}
