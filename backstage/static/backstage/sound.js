// The voices of the five slots. They play in audio elements of their own: a video element that has a video track without
// frames, as of a person without a camera, plays no sound either in Chromium; and a muted picture starts everywhere.

export class Sound {
  /** @type {Map<number, HTMLAudioElement>} */
  #elements = new Map();
  /** Slots that must not be heard here: my own. @type {Set<number>} */
  #silent = new Set();
  #muted = false;
  #volume = 1;
  #blocked = false;

  /**
   * @param {Iterable<HTMLAudioElement>} elements with `data-sound="1"` to `"5"`
   * @param {(blocked: boolean) => void} changed  the browser wants a click before it plays sound, or had it
   */
  constructor(elements, changed) {
    this.changed = changed;
    for (const element of elements) {
      this.#elements.set(Number(element.dataset.sound), element);
      // Firefox starts a muted element without a click, and pauses it without a word once it is unmuted; Safari says the
      // same of itself (not tried). Asked again it refuses, and so it is known that a click is wanted.
      // https://webkit.org/blog/6784/new-video-policies-for-ios/
      element.addEventListener("pause", () => {
        if (element.srcObject && !element.muted) this.#play(element);
      });
    }
  }

  get isMuted() {
    return this.#muted;
  }

  get isBlocked() {
    return this.#blocked;
  }

  get volume() {
    return this.#volume;
  }

  /** @param {number} slot @param {MediaStream} stream */
  set(slot, stream) {
    const element = this.#elements.get(slot);
    const track = stream.getAudioTracks()[0];
    if (!element || !track) return;
    const playing = /** @type {MediaStream | null} */ (element.srcObject);
    if (playing?.getAudioTracks()[0] === track) return;
    element.srcObject = new MediaStream([track]);
    this.#play(element);
  }

  /** Which slots are not heard here. @param {Set<number>} slots */
  silence(slots) {
    this.#silent = slots;
    this.#apply();
  }

  /** @param {boolean} muted */
  mute(muted) {
    this.#muted = muted;
    this.#apply();
  }

  /** @param {number} volume from 0 to 1 */
  turn(volume) {
    this.#volume = volume;
    this.#apply();
  }

  /** All voices come out of this speaker; one that is gone, out of the computer's own choice. @param {string} id deviceId, or empty */
  async useSpeaker(id) {
    const all = [...this.#elements.values()];
    if (all.every((element) => element.sinkId === id)) return;
    await Promise.all(all.map((element) => element.setSinkId(id))).catch(() =>
      Promise.all(all.map((element) => element.setSinkId(""))).catch(() => {}),
    );
  }

  /** The person has clicked: now the browser lets it play. */
  unblock() {
    this.#setBlocked(false);
    for (const element of this.#elements.values()) if (element.srcObject) this.#play(element);
  }

  /** @param {HTMLAudioElement} element */
  #play(element) {
    // https://developer.mozilla.org/en-US/docs/Web/Media/Guides/Autoplay: only NotAllowedError asks for a click;
    // AbortError says that another stream took its place.
    element.play().catch((error) => {
      if (error.name === "NotAllowedError") this.#setBlocked(true);
    });
  }

  #apply() {
    for (const [slot, element] of this.#elements) {
      element.muted = this.#muted || this.#silent.has(slot);
      // iOS ignores this; its volume belongs to the buttons of the phone.
      element.volume = this.#volume;
    }
  }

  /** @param {boolean} blocked */
  #setBlocked(blocked) {
    if (this.#blocked === blocked) return;
    this.#blocked = blocked;
    this.changed(blocked);
  }
}
