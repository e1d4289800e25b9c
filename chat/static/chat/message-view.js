// One message in the list: its element is made once, and lives through being sent, stored and regrouped.

import { copyOf, find, words, write } from "../backstage/page.js";
import { opensMenu } from "../backstage/views/menu.js";
import { draw } from "../backstage/views/person.js";
import { partsOf } from "./text-parts.js";
import { secondOf, timeOf } from "./times.js";

/**
 * @typedef {object} MessageActs
 * @property {(row: ChatMessageRow) => MenuItem[]} items  of the ⋯ menu; none: there is no ⋯
 * @property {(row: ChatMessageRow) => void} tryAgain
 * @property {(row: ChatMessageRow) => void} discard
 * @property {string} locale
 * @property {number} me
 */

export class MessageView {
  /** @type {ChatMessageRow | null} */
  #row = null;
  #drawn = "";
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #wait;

  /** @param {MessageActs} acts */
  constructor(acts) {
    this.acts = acts;
    this.element = copyOf("chat-message");
    this.more = find("[data-message-more]", this.element);
    this.again = /** @type {HTMLButtonElement} */ (find("[data-try-again]", this.element));
    opensMenu(this.more, () => (this.#row ? acts.items(this.#row) : []));
    this.again.addEventListener("click", () => this.#row && acts.tryAgain(this.#row));
    find("[data-discard]", this.element).addEventListener("click", () => this.#row && acts.discard(this.#row));
  }

  /** @param {ChatMessageRow} row */
  render(row) {
    const { element } = this;
    const { author, at, unsent, message } = row;
    const before = this.#row;
    this.#row = row;
    const hidden = this.acts.items(row).length === 0;
    if (this.more.hidden !== hidden) this.more.hidden = hidden;
    if (before && message === before.message && unsent === before.unsent && row.grouped === before.grouped) return;
    const state = unsent ? (unsent.reason ? "failed" : "sending") : "sent";
    const refusal = unsent?.refusal ?? "";
    Object.assign(element.dataset, { grouped: row.grouped, mentions: row.mentionsMe, state, refusal });
    draw(find(".avatar", element), author);
    write(find(".message__author", element), author.name);
    write(find(".message__role", element), author.role ? words(`chat-role-${author.role}`) : "");
    const time = /** @type {HTMLTimeElement} */ (find("time", element));
    time.dateTime = new Date(at).toISOString();
    write(time, timeOf(at, this.acts.locale));
    const seen = message?.seen_at;
    const seenAt = seen ? words("chat-seen-at", { time: secondOf(Date.parse(seen), this.acts.locale) }) : "";
    write(find(".message__seen", element), seenAt);
    this.#renderText(row);
    if (!this.more.ariaLabel) this.more.ariaLabel = words("chat-more", { name: author.name });
    this.#renderState(unsent);
  }

  /** @param {ChatMessageRow} row */
  #renderText({ text, mentions }) {
    const drawn = JSON.stringify([text, mentions]);
    if (drawn === this.#drawn) return;
    this.#drawn = drawn;
    const parts = partsOf(text, mentions).map((part) => {
      if (part.kind === "text") return part.text;
      return part.kind === "link" ? link(part) : mention(part, part.person === this.acts.me);
    });
    find(".message__text", this.element).replaceChildren(...parts);
  }

  /** @param {Unsent | null} unsent */
  #renderState(unsent) {
    clearTimeout(this.#wait);
    write(find(".message__state", this.element), unsent ? unsent.reason || words("chat-sending") : "");
    const leftMs = (unsent?.notBefore ?? 0) - Date.now();
    this.again.disabled = leftMs > 0;
    if (leftMs <= 0) return;
    this.again.dataset.left = String(Math.ceil(leftMs / 1000));
    this.#wait = setTimeout(() => this.#renderState(unsent), (leftMs % 1000) + 1);
  }
}

/** @param {{ text: string, href: string }} part */
function link({ text, href }) {
  const element = document.createElement("a");
  element.href = href;
  element.target = "_blank";
  element.rel = "noopener noreferrer nofollow";
  element.dir = "ltr";
  element.textContent = text;
  return element;
}

/** @param {{ text: string }} part @param {boolean} isMe */
function mention({ text }, isMe) {
  const element = document.createElement(isMe ? "mark" : "span");
  element.className = "mention";
  element.textContent = text;
  return element;
}
