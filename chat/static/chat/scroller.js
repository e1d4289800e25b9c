// The place that somebody reads stays where it is, whatever comes above or below it; at the bottom one stays at the bottom.

/** CSS pixels: so near to it is at the bottom. */
const NEAR = 24;
/** CSS pixels from the top, at which older messages are fetched. */
const SOON = 240;

export class Scroller {
  /** The newest are followed. */
  isAtBottom = true;

  /**
   * @param {HTMLElement} element  what scrolls
   * @param {HTMLElement} list  what is in it
   * @param {string} anchors  selector of what in it keeps its place
   * @param {{ moved: () => void }} handlers  somebody scrolled, or the size is another
   */
  constructor(element, list, anchors, { moved }) {
    this.element = element;
    this.list = list;
    this.anchors = anchors;
    element.addEventListener("scroll", () => {
      // Hidden: nobody scrolled.
      if (element.clientHeight === 0) return;
      this.isAtBottom = this.#fromBottom < NEAR;
      moved();
    });
    // A field that grows, a window of another size, a font that comes late.
    const sizes = new ResizeObserver(() => {
      if (this.isAtBottom) this.toBottom();
      moved();
    });
    sizes.observe(element);
    sizes.observe(list);
  }

  get isNearTop() {
    return this.element.clientHeight > 0 && this.element.scrollTop < SOON;
  }

  get #fromBottom() {
    const { scrollHeight, scrollTop, clientHeight } = this.element;
    return scrollHeight - scrollTop - clientHeight;
  }

  /** Not yet while a menu is open: what it is about would go away under it. */
  toBottom() {
    this.isAtBottom = true;
    if (!this.list.querySelector("[aria-expanded=true]")) this.element.scrollTop = this.element.scrollHeight;
  }

  /** Changes what is in the list, and nothing that is read moves. @param {() => void} change */
  keeping(change) {
    if (this.isAtBottom) {
      change();
      this.toBottom();
      return;
    }
    const top = this.element.getBoundingClientRect().top;
    const bottom = (/** @type {Element} */ each) => each.getBoundingClientRect().bottom;
    // The first may be what is deleted; a day goes up with what comes above. By their lower edges, for what comes above a
    // message may take its name and picture.
    const seen = [...this.list.querySelectorAll(this.anchors)].filter((each) => bottom(each) > top).slice(0, 20);
    const places = seen.map((each) => ({ each, at: bottom(each) }));
    change();
    const kept = places.find(({ each }) => each.isConnected);
    if (kept) this.element.scrollTop += bottom(kept.each) - kept.at;
  }
}
