// The list of messages: each keeps its element, and the reader keeps their place.

import { copyOf, find, words, write } from "../backstage/page.js";
import { isFocusLost } from "../backstage/views/focus.js";
import { MessageView } from "./message-view.js";
import { Scroller } from "./scroller.js";

/** @typedef {import("./message-view.js").MessageActs} MessageActs */

export class MessageList {
  /** By key. @type {Map<string, MessageView>} */
  #messages = new Map();
  /** By key. @type {Map<string, HTMLElement>} */
  #days = new Map();
  /** The newest that was there when the reader left the bottom. @type {string | null} */
  #leftAt = null;
  #newer = 0;

  /**
   * @param {HTMLElement} root
   * @param {MessageActs} acts
   * @param {{ moved: () => void, top: () => void }} handlers  the reader moved; they are near the top
   */
  constructor(root, acts, { moved, top }) {
    this.acts = acts;
    this.list = find(".chat__list", root);
    this.pill = find(".chat__newer", root);
    this.field = find("textarea", root);
    this.scroller = new Scroller(find(".chat__scroll", root), this.list, ".message", {
      moved: () => {
        this.#renderPill();
        if (this.scroller.isNearTop) top();
        moved();
      },
    });
    this.pill.addEventListener("click", () => {
      this.toBottom();
      this.scroller.element.focus({ preventScroll: true });
    });
    this.list.addEventListener("keydown", (press) => this.#onKey(press));
    this.list.addEventListener("focusin", (focus) => this.#rove(/** @type {HTMLElement} */ (focus.target)));
  }

  get isAtBottom() {
    return this.scroller.isAtBottom;
  }

  get isNearTop() {
    return this.scroller.isNearTop;
  }

  toBottom() {
    this.scroller.toBottom();
    this.#renderPill();
  }

  /** @param {ChatRow[]} rows */
  render(rows) {
    const focused = /** @type {HTMLElement | null} */ (document.activeElement?.closest(".message"));
    const beside = focused && this.list.contains(focused) ? neighbours(focused) : null;
    this.scroller.keeping(() => this.#reconcile(rows));
    this.#count(rows);
    this.#renderPill();
    if (beside && isFocusLost()) this.#goOn(beside);
    this.#rove();
  }

  /** @param {ChatRow[]} rows */
  #reconcile(rows) {
    const wanted = new Set(rows.map(({ key }) => key));
    for (const known of [this.#messages, this.#days]) {
      for (const [key, shown] of known) {
        if (wanted.has(key)) continue;
        (shown instanceof MessageView ? shown.element : shown).remove();
        known.delete(key);
      }
    }
    let there = this.list.firstElementChild;
    for (const row of rows) {
      const element = row.kind === "day" ? this.#day(row) : this.#message(row);
      if (element === there) there = there.nextElementSibling;
      else this.list.insertBefore(element, there);
    }
  }

  /** @param {Extract<ChatRow, { kind: "day" }>} row */
  #day({ key, label }) {
    let element = this.#days.get(key);
    if (!element) this.#days.set(key, (element = copyOf("chat-day")));
    write(find("span", element), label);
    return element;
  }

  /** @param {ChatMessageRow} row */
  #message(row) {
    let view = this.#messages.get(row.key);
    if (!view) this.#messages.set(row.key, (view = new MessageView(this.acts)));
    view.render(row);
    return view.element;
  }

  /** How many have come since the reader left the bottom. @param {ChatRow[]} rows */
  #count(rows) {
    if (this.isAtBottom) this.#leftAt = rows.at(-1)?.key ?? null;
    const from = this.#leftAt === null ? 0 : rows.findIndex(({ key }) => key === this.#leftAt) + 1;
    this.#newer = rows.slice(from).filter((row) => row.kind === "message" && !row.mine).length;
    // What one left at is gone: nothing is known to be new.
    if (from === 0 && this.#leftAt !== null) this.#leftAt = rows.at(-1)?.key ?? null;
    if (from === 0) this.#newer = 0;
  }

  #renderPill() {
    if (this.isAtBottom) this.#newer = 0;
    this.pill.hidden = this.#newer === 0;
    write(find("span", this.pill), words("chat-newer", { n: this.#newer }));
  }

  // --- the keyboard: one stop for all ⋯, and arrows from one to the next

  /** @returns {HTMLElement[]} */
  get #stops() {
    return [...this.list.querySelectorAll(/** @type {"button"} */ ("[data-message-more]:not([hidden])"))];
  }

  /** @param {HTMLElement} [to] */
  #rove(to) {
    const stops = this.#stops;
    const stop = stops.find((each) => each === to) ?? stops.find((each) => each.tabIndex === 0) ?? stops.at(-1);
    // The newest, unless one is on another.
    const chosen = to || stop === document.activeElement ? stop : stops.at(-1);
    for (const each of stops) {
      const index = each === chosen ? 0 : -1;
      if (each.tabIndex !== index) each.tabIndex = index;
    }
  }

  /** @param {KeyboardEvent} press */
  #onKey(press) {
    const stops = this.#stops;
    const here = stops.indexOf(/** @type {HTMLElement} */ (document.activeElement));
    const to = { ArrowDown: here + 1, ArrowUp: here - 1, Home: 0, End: stops.length - 1 }[press.key];
    if (here < 0 || to === undefined) return;
    press.preventDefault();
    stops[Math.max(0, Math.min(to, stops.length - 1))]?.focus();
  }

  /** What had the focus is gone, or has become hidden. @param {HTMLElement[]} beside */
  #goOn(beside) {
    const stops = beside.map((each) => /** @type {HTMLElement | null} */ (each.querySelector("[data-message-more]:not([hidden])")));
    (stops.find((stop) => stop?.isConnected) ?? this.field).focus({ preventScroll: true });
  }
}

/** @param {HTMLElement} element */
function neighbours(element) {
  return /** @type {HTMLElement[]} */ ([element.nextElementSibling, element.previousElementSibling].filter(Boolean));
}
