// What the audience sees: the Stage's own picture, small and without sound, for organizers. Folded it costs nothing.

import { STAGE, Watcher } from "../media/watcher.js";
import { find, words, write } from "../page.js";
import { Socket } from "../protocol.js";
import { reduceStage } from "../stage-state.js";
import { Tiles } from "./tiles.js";

const REMEMBERED = "hopin:audience-folded";

export class Audience {
  /** @type {Aired | null} */
  #aired = null;
  /** @type {Socket | null} */
  #socket = null;
  /** @type {Watcher | null} */
  #watcher = null;
  #isNewLine = true;
  #isOver = false;
  #isInside = false;
  #isFolded = rememberedFolded();
  /** Folded, on a phone and in a very low window there is no picture, and nothing is fetched for it. */
  #isShown = false;

  /**
   * @param {string} address of the socket
   * @param {(reason: string) => boolean} patient  whether to come again after this refusal
   */
  constructor(address, patient) {
    this.address = address;
    this.patient = patient;
    this.tiles = new Tiles(find("#audience-tiles"));
    const fold = find("#audience-fold");
    fold.addEventListener("click", () => this.#fold(!this.#isFolded));
    this.#renderFold();
    new ResizeObserver(([picture]) => {
      this.#isShown = Boolean(picture?.contentRect.width);
      if (this.#isShown) this.#connect();
      else this.#disconnect();
    }).observe(find("#audience-picture"));
  }

  /** The server has let us in. */
  open() {
    this.#isInside = true;
    this.#connect();
  }

  /** This visit is over. */
  close() {
    this.#isOver = true;
    this.#disconnect();
  }

  /** @param {Room} room */
  follow(room) {
    write(find("#audience-behind"), words("behind", { n: room.show.delayS }));
  }

  /** @param {boolean} folded */
  #fold(folded) {
    this.#isFolded = folded;
    try {
      localStorage.setItem(REMEMBERED, String(folded));
    } catch {
      // Storage may be forbidden: then it is open again next time.
    }
    this.#renderFold();
  }

  #renderFold() {
    find("#audience-fold").setAttribute("aria-expanded", String(!this.#isFolded));
    find("#audience-picture").hidden = this.#isFolded;
  }

  #connect() {
    if (!this.#isInside || !this.#isShown || this.#isOver || this.#socket) return;
    const socket = new Socket(this.address, {
      notice: (notice) => {
        if (socket === this.#socket) this.#told(notice);
      },
      line: (up) => {
        if (up) this.#isNewLine = true;
      },
      // Turned away, as one who is no organizer any more: then there is nothing to show.
      end: () => this.close(),
      patient: this.patient,
    });
    this.#socket = socket;
    this.#isNewLine = true;
    this.#watcher = new Watcher(socket, STAGE, {
      stream: (slot, stream) => this.tiles.setRemote(slot, stream),
      connection: (up) => {
        if (!up) this.tiles.loseRemote();
      },
    });
    socket.open();
  }

  #disconnect() {
    this.#watcher?.stop();
    this.#socket?.close();
    this.#watcher = this.#socket = this.#aired = null;
    this.#render();
  }

  /** @param {BackstageWire.AnyNotice} notice */
  #told(notice) {
    const watcher = /** @type {Watcher} */ (this.#watcher);
    this.#aired = reduceStage(this.#aired, notice);
    switch (notice.type) {
      case "stage.snapshot":
        watcher.iceServers = /** @type {any} */ (notice.body.ice_servers);
        if (this.#isNewLine) watcher.stop();
        this.#isNewLine = false;
        break;
      case "viewer.candidate":
        watcher.remoteCandidate(notice.body.candidate);
        break;
      case "viewer.lost":
        watcher.lost();
        break;
      case "watching.changed":
        if (this.#aired && notice.body.as_of > (this.#aired.revision ?? 0)) {
          this.#socket?.command("snapshot.get").catch(() => {});
        }
        break;
    }
    const isReady = notice.type === "media.ready" || (notice.type === "stage.snapshot" && notice.body.media);
    if (isReady || this.#aired?.layout.live) {
      if (watcher.isWanted && notice.type !== "media.ready") watcher.ready();
      else watcher.start();
    }
    this.#render();
  }

  #render() {
    const live = Boolean(this.#aired?.layout.live);
    const shown = live && this.#aired ? this.#aired.layout.tiles : [];
    this.tiles.render(shown);
    // For screen readers one picture with one name: the people themselves are in the middle of this page.
    const names = shown.map(({ name }) => name).join(", ");
    find("#audience-tiles").ariaLabel = names ? words("audience-names", { names }) : "";
    const nothing = find("#audience-nothing");
    nothing.hidden = shown.length > 0;
    write(nothing, words(live ? "audience-interlude" : "audience-off-air"));
  }
}

function rememberedFolded() {
  try {
    return localStorage.getItem(REMEMBERED) === "true";
  } catch {
    return false;
  }
}
