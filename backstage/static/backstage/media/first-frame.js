// Covers a video until a frame was presented that belongs to whoever is shown there now. A slot keeps its element and
// track while people come and go, and a track that gets no more packets keeps its last picture: without the cover the
// last frame of one person would stand under the name of the next.

export class FirstFrame {
  #callback = 0;
  #open = false;

  /**
   * @param {HTMLVideoElement} video
   * @param {(presented: boolean) => void} changed
   */
  constructor(video, changed) {
    this.video = video;
    this.changed = changed;
    /** @type {() => void} */
    this.stopPolling = () => {};
  }

  get isPresented() {
    return this.#open;
  }

  /** Cover the video now, until `expect` and a frame after it. */
  cover() {
    this.#cancel();
    this.#set(false);
  }

  /** Uncover with the next frame that is presented. */
  expect() {
    this.#cancel();
    if (this.#open) return;
    const presented = () => {
      this.#callback = 0;
      this.#set(true);
    };
    if ("requestVideoFrameCallback" in this.video) {
      this.#callback = this.video.requestVideoFrameCallback(presented);
      return;
    }
    // Firefox before 132 has no such callback: there the count of frames tells.
    // https://developer.mozilla.org/en-US/docs/Web/API/HTMLVideoElement/requestVideoFrameCallback#browser_compatibility
    const older = /** @type {HTMLVideoElement} */ (this.video);
    const before = older.getVideoPlaybackQuality().totalVideoFrames;
    const timer = setInterval(() => {
      if (older.getVideoPlaybackQuality().totalVideoFrames <= before) return;
      this.stopPolling();
      presented();
    }, 40);
    this.stopPolling = () => clearInterval(timer);
  }

  #cancel() {
    if (this.#callback) this.video.cancelVideoFrameCallback(this.#callback);
    this.#callback = 0;
    this.stopPolling();
  }

  /** @param {boolean} open */
  #set(open) {
    if (this.#open === open) return;
    this.#open = open;
    this.changed(open);
  }
}
