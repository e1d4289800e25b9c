// The device check: pick camera and microphone, see and hear oneself, then share, ask, or be done.

import { letGo, list, obstacle, onChange, open, openCamera, openMicrophone, remember, remembered } from "../devices.js";
import { measure } from "../level.js";
import { find, words, write } from "../page.js";
import { Turns } from "../turns.js";

/** Segments of the level. */
const STEPS = 12;

export class DeviceCheck {
  /** @type {HTMLDialogElement} */
  #dialog = find("#device-check");
  /** @type {HTMLVideoElement} */
  #preview = find("#preview");
  /** @type {HTMLSelectElement} */
  #camera = find("#camera");
  /** @type {HTMLSelectElement} */
  #microphone = find("#microphone");
  /** @type {HTMLButtonElement} */
  #confirm = find("#device-confirm");
  #stream = new MediaStream();
  /** @type {{ camera: string | null, microphone: string | null }} */
  #choice = { camera: "", microphone: "" };
  /** @type {{ camera: string | null, microphone: string | null }} */
  #problems = { camera: null, microphone: null };
  #stopMeasuring = () => {};
  /** @type {((stream: MediaStream | null) => void) | null} */
  #settle = null;
  /** What was held before; it goes on while another device is tried. @type {MediaStream | null} */
  #held = null;
  #turns = new Turns();
  /** Ends the watch over the tracks that are shown. */
  #unwatch = new AbortController();
  /** @type {{ refresh: () => Promise<void> } | null} */
  speakers = null;
  /** @type {HTMLElement | null} */
  #opener = null;

  constructor() {
    this.#camera.addEventListener("change", () => void this.#pick("camera", this.#camera.value));
    this.#microphone.addEventListener("change", () => void this.#pick("microphone", this.#microphone.value));
    find("#device-again").addEventListener("click", () => void this.#openAll());
    find("#device-cancel").addEventListener("click", () => this.#close());
    this.#dialog.addEventListener("cancel", () => this.#unveil());
    find("form", this.#dialog).addEventListener("submit", (submit) => {
      submit.preventDefault();
      this.#finish(this.#stream);
    });
    // Told late: by then it may be open again.
    this.#dialog.addEventListener("close", () => {
      if (!this.isOpen) this.#finish(null);
    });
    onChange(() => {
      if (this.#dialog.open) void this.#listDevices();
    });
    for (let step = 0; step < STEPS; step++) find("#level").append(document.createElement("i"));
  }

  get isOpen() {
    return this.#dialog.open;
  }

  /**
   * Resolves with the stream to hold, or null if it was cancelled. Tracks of the stream that was held before are not
   * stopped here, but for those that are to be started again.
   *
   * @param {{ action: string, held: MediaStream | null, opener: HTMLElement, again?: DeviceKind[] }} how
   *   `action`: label of the button that confirms; `again`: what is held and does not reach the others
   * @returns {Promise<MediaStream | null>}
   */
  ask({ action, held, opener, again = [] }) {
    this.#opener = opener;
    write(find("span", this.#confirm), action);
    this.#held = held;
    this.#choice = remembered();
    this.#dialog.showModal();
    // One such button at a time: behind the dialog stands nothing with the same name.
    opener.classList.add("is-behind");
    if (held) {
      const good = held.getTracks().filter((track) => !again.includes(kindOf(track)));
      // While it runs, opening it once more gives the same pictures again.
      for (const track of held.getTracks()) if (!good.includes(track)) track.stop();
      this.#show(new MediaStream(good), { camera: null, microphone: null });
      // So is one that was pulled out, or that did not open last time.
      for (const kind of /** @type {const} */ (["camera", "microphone"])) {
        const id = this.#choice[kind];
        if (id !== null && !good.some((track) => kindOf(track) === kind)) void this.#pick(kind, id);
      }
    } else void this.#openAll();
    // The dialog is there to see oneself; the first list would be in the way of a finger.
    this.#dialog.focus();
    void this.#listDevices();
    return new Promise((resolve) => {
      this.#settle = resolve;
    });
  }

  /** As Cancel does, by whatever ends what the devices were for: also what is still being opened is let go. */
  cancel() {
    this.#finish(null);
  }

  async #openAll() {
    if (this.#turns.isAwaiting) return;
    const turn = this.#turns.begin("camera", "microphone");
    this.#stopOwn();
    this.#show(new MediaStream(), { camera: null, microphone: null });
    const { stream, ...problems } = await open(this.#choice);
    this.#came(turn, stream.getTracks(), problems);
    if (this.isOpen) await this.#listDevices();
  }

  /** @param {DeviceKind} kind @param {string} value of the option; `none` is none */
  async #pick(kind, value) {
    const id = value === "none" ? null : value;
    this.#choice = { ...this.#choice, [kind]: id };
    const turn = this.#turns.begin(kind);
    // One microphone at a time for a page (neither tried): Firefox opens no second one, and in Safari it mutes the first.
    // So what was opened here is let go before another is taken; of what is on the air see #mend in my-devices.js.
    // https://bugzilla.mozilla.org/show_bug.cgi?id=1238038, https://bugs.webkit.org/show_bug.cgi?id=179363
    this.#stopOwn((track) => kindOf(track) === kind);
    this.#drawBusy();
    const { tracks, problem } = kind === "camera" ? await openCamera(id) : await openMicrophone(id);
    this.#came(turn, tracks, { [kind]: problem });
  }

  /**
   * Devices have opened. Those that are still wanted take the place of their kind; the others are let go.
   *
   * @param {number} turn
   * @param {MediaStreamTrack[]} tracks
   * @param {{ camera?: string | null, microphone?: string | null }} problems
   */
  #came(turn, tracks, problems) {
    const wanted = this.#turns.end(turn);
    const late = tracks.filter((track) => !wanted.has(kindOf(track)));
    letGo(new MediaStream(late));
    if (!wanted.size) return;
    const others = this.#stream.getTracks().filter((track) => !wanted.has(kindOf(track)));
    const now = { ...this.#problems };
    for (const kind of wanted) now[kind] = problems[kind] ?? null;
    this.#show(new MediaStream([...others, ...tracks.filter((track) => !late.includes(track))]), now);
  }

  /** @param {MediaStream} stream @param {{ camera: string | null, microphone: string | null }} problems */
  #show(stream, { camera, microphone }) {
    this.#stream = stream;
    this.#problems = { camera, microphone };
    const picture = stream.getVideoTracks()[0];
    this.#preview.srcObject = picture ? new MediaStream([picture]) : null;
    // Autoplay may be off for this site; a muted preview of one's own camera is let through everywhere.
    this.#preview.muted = true;
    if (picture) void this.#preview.play().catch(() => {});
    find("#preview-empty").hidden = Boolean(picture);
    this.#stopMeasuring();
    this.#stopMeasuring = () => {};
    this.#draw(0);
    const voice = stream.getAudioTracks()[0];
    if (voice) this.#stopMeasuring = measure(voice, (level) => this.#draw(level));
    this.#unwatch.abort();
    this.#unwatch = new AbortController();
    const { signal } = this.#unwatch;
    for (const track of stream.getTracks()) track.addEventListener("ended", () => this.#ended(track), { signal });
    this.#complain();
    this.#drawBusy();
  }

  /** Pulled out meanwhile. @param {MediaStreamTrack} track */
  #ended(track) {
    const others = this.#stream.getTracks().filter((each) => each !== track);
    this.#show(new MediaStream(others), { ...this.#problems, [kindOf(track)]: "missing" });
    void this.#listDevices();
  }

  #complain() {
    const { camera, microphone } = this.#problems;
    const sentences =
      camera && camera === microphone
        ? [words(`device-both-${camera}`)]
        : [camera && words(`device-camera-${camera}`), microphone && words(`device-microphone-${microphone}`)];
    const said = sentences.filter(Boolean).join(" ");
    const codes = Object.entries(this.#problems).filter(([, problem]) => problem);
    write(find("#device-problem-code"), codes.map(([kind, problem]) => `${kind}-${problem}`).join(" "));
    write(find("#device-problem-text"), said);
    find("#device-problem").hidden = !said;
    // On an insecure page and in an old browser trying again changes nothing.
    find("#device-again").hidden = obstacle() !== null;
  }

  /** @param {number} level from 0 to 1 */
  #draw(level) {
    const meter = find("#level");
    const lit = Math.round(level * STEPS);
    if (meter.dataset.lit === String(lit)) return;
    meter.dataset.lit = String(lit);
    meter.setAttribute("aria-valuenow", String(Math.round((lit / STEPS) * 100)));
    [...meter.children].forEach((step, index) => step.classList.toggle("is-lit", index < lit));
  }

  #drawBusy() {
    const busy = this.#turns.isAwaiting;
    this.#confirm.disabled = busy || !this.#stream.getTracks().length;
    find("#preview-empty").dataset.busy = String(busy);
    const without = this.#stream.getAudioTracks().length ? "device-no-camera" : "device-nothing";
    write(find("#preview-text"), words(busy ? "device-opening" : without));
  }

  async #listDevices() {
    const [cameras, microphones] = [await list("videoinput"), await list("audioinput")];
    const [video, audio] = [this.#stream.getVideoTracks()[0], this.#stream.getAudioTracks()[0]];
    fill(this.#camera, cameras, video, this.#choice.camera, words("camera"));
    fill(this.#microphone, microphones, audio, this.#choice.microphone, words("microphone"));
    await this.speakers?.refresh();
  }

  /** Stops the tracks that were opened here. @param {(track: MediaStreamTrack) => boolean} [which] */
  #stopOwn(which = () => true) {
    for (const track of this.#stream.getTracks()) {
      if (which(track) && !this.#held?.getTracks().includes(track)) track.stop();
    }
  }

  /** @param {MediaStream | null} stream */
  #finish(stream) {
    const settle = this.#settle;
    if (!settle) return;
    this.#settle = null;
    // What is still opening is let go when it comes, also if the dialog is open again by then.
    this.#turns.forget();
    this.#unwatch.abort();
    this.#stopMeasuring();
    this.#stopMeasuring = () => {};
    this.#preview.srcObject = null;
    if (stream) remember(this.#choice);
    else this.#stopOwn();
    this.#held = null;
    this.#stream = new MediaStream();
    settle(stream);
    this.#close();
  }

  #close() {
    this.#unveil();
    if (this.#dialog.open) this.#dialog.close();
  }

  /** Before the dialog closes: it gives the focus back to the opener, which has to be there for that. */
  #unveil() {
    this.#opener?.classList.remove("is-behind");
  }
}

/** @param {MediaStreamTrack} track @returns {DeviceKind} */
function kindOf(track) {
  return track.kind === "video" ? "camera" : "microphone";
}

/**
 * Options for the devices there are, and for none.
 *
 * @param {HTMLSelectElement} select @param {MediaDeviceInfo[]} devices
 * @param {MediaStreamTrack | undefined} track @param {string | null} chosen @param {string} word
 */
function fill(select, devices, track, chosen, word) {
  const options = devices
    .filter((device) => device.deviceId)
    .map((device, index) => new Option(device.label || `${word} ${index + 1}`, device.deviceId));
  options.push(new Option(words("device-none"), "none"));
  const current = chosen === null ? "none" : (track?.getSettings().deviceId ?? chosen);
  if (chosen !== null && !options.some((option) => option.value === current)) {
    options.unshift(new Option(words("device-default"), current));
  }
  select.replaceChildren(...options);
  select.value = current;
}
