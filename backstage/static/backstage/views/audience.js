// What the audience sees: the Stage's own picture, small and without sound, for organizers. Folded it costs nothing.

import { thisBrowser } from "../memory.js";
import { find, words, write } from "../page.js";
import { StageFeed } from "../stage-feed.js";
import { Tiles } from "./tiles.js";

const REMEMBERED = "hopin:audience-folded";
/** Here the picture lies over the tiles while one looks at it: as in audience.css. */
const SMALL = matchMedia("(width <= 720px) or ((width <= 1080px) and (height <= 700px)) or (height <= 560px)");

export class Audience {
  /** @type {StageFeed | null} */
  #feed = null;
  #isOver = false;
  #isInside = false;
  #isFolded = startsFolded();
  /** Folded there is no picture, and nothing is fetched for it. */
  #isShown = false;

  /**
   * @param {string} address of the socket
   * @param {(reason: string) => boolean} patient  whether to come again after this refusal
   * @param {() => void} blocked  the browser wants a click before it plays pictures, or had it
   */
  constructor(address, patient, blocked) {
    this.address = address;
    this.patient = patient;
    this.tiles = new Tiles(find("#audience-tiles"), blocked);
    const fold = find("#audience-fold");
    fold.addEventListener("click", () => this.#fold(!this.#isFolded));
    SMALL.addEventListener("change", () => this.#fold(startsFolded()));
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
    if (!SMALL.matches) thisBrowser.remember(REMEMBERED, String(folded));
    this.#renderFold();
  }

  #renderFold() {
    find("#audience-fold").setAttribute("aria-expanded", String(!this.#isFolded));
    find("#audience-picture").hidden = this.#isFolded;
  }

  #connect() {
    if (!this.#isInside || !this.#isShown || this.#isOver || this.#feed) return;
    this.#feed = new StageFeed(this.address, {
      changed: (aired) => this.#render(aired),
      stream: (slot, stream) => this.tiles.setRemote(slot, stream),
      connection: (up) => {
        if (!up) this.tiles.loseRemote();
      },
      // Turned away, as one who is no organizer any more: then there is nothing to show.
      end: () => this.close(),
      patient: this.patient,
    });
    this.#feed.open();
  }

  #disconnect() {
    this.#feed?.close();
    this.#feed = null;
    this.#render(null);
  }

  /** @param {Aired | null} aired */
  #render(aired) {
    const live = Boolean(aired?.layout.live);
    const shown = live && aired ? aired.layout.tiles : [];
    this.tiles.render(shown);
    // For screen readers one picture with one name: the people themselves are in the middle of this page.
    const names = shown.map(({ name }) => name).join(", ");
    find("#audience-tiles").ariaLabel = names ? words("audience-names", { names }) : "";
    const nothing = find("#audience-nothing");
    nothing.hidden = shown.length > 0;
    write(nothing, words(live ? "audience-interlude" : "audience-off-air"));
  }
}

function startsFolded() {
  return SMALL.matches || thisBrowser.recall(REMEMBERED) === "true";
}
