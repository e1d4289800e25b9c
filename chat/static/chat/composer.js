// Where one writes: what is typed survives a reload, Enter sends, and whoever nears the end is told how much is left.

import { thisTab } from "../backstage/memory.js";
import { find, words, write } from "../backstage/page.js";
import { announce } from "../backstage/views/announcer.js";
import { cleaned, leftOf } from "./counting.js";
import { stillNamed } from "./mention-at.js";

/** At these numbers of characters left a screen reader says so. */
const SAID_AT = new Set([50, 20, 10, 0]);

export class Composer {
  #isOver = false;
  /** Fetched with the first @ that is typed. @type {import("./people-list.js").PeopleList | null} */
  #people = null;
  #isFetchingPeople = false;
  /** Whom the text names, chosen from the list on this page. @type {Named[]} */
  #chosen = [];

  /**
   * @param {HTMLElement} root
   * @param {string} key  what is typed is remembered by it in this tab
   * @param {{ send: (text: string, mentions: number[]) => void, find: (beginning: string) => Promise<ChatWire.Person[]> }} acts
   */
  constructor(root, key, acts) {
    this.acts = acts;
    this.key = key;
    this.form = find("form", root);
    this.field = /** @type {HTMLTextAreaElement} */ (find("textarea", this.form));
    this.left = find(".compose__left", this.form);
    this.button = /** @type {HTMLButtonElement} */ (find("[type=submit]", this.form));
    this.field.value = thisTab.recall(key) ?? "";
    this.field.addEventListener("input", () => {
      this.#typed();
      if (this.field.value.includes("@")) void this.#fetchPeople();
    });
    this.field.addEventListener("keydown", (press) => this.#onKey(press));
    this.form.addEventListener("submit", (submit) => {
      submit.preventDefault();
      this.#send();
    });
    this.#typed();
  }

  /** As high as its text; after it was hidden, too. */
  fit() {
    const { field } = this;
    field.style.height = "auto";
    field.style.height = `${field.scrollHeight}px`;
  }

  /** @param {KeyboardEvent} press */
  #onKey(press) {
    if (this.#people?.takes(press)) return;
    // While a word is being put together (Japanese, Chinese), Enter chooses it.
    if (press.key !== "Enter" || press.shiftKey || press.isComposing || press.keyCode === 229) return;
    press.preventDefault();
    if (!press.repeat) this.#send();
  }

  #typed() {
    const { value } = this.field;
    thisTab.remember(this.key, value || null);
    this.#chosen = stillNamed(value, this.#chosen);
    const left = leftOf(value);
    const isOver = left !== null && left < 0;
    write(this.left, left === null ? "" : words(isOver ? "chat-too-long" : "chat-left", { n: Math.abs(left) }));
    this.form.dataset.over = String(isOver);
    this.field.setAttribute("aria-invalid", String(isOver));
    if (left !== null && (SAID_AT.has(left) || isOver !== this.#isOver)) announce(this.left.textContent ?? "");
    this.#isOver = isOver;
    this.button.dataset.empty = String(!cleaned(value));
    this.fit();
  }

  async #fetchPeople() {
    if (this.#isFetchingPeople) return;
    this.#isFetchingPeople = true;
    try {
      const { PeopleList } = await import("./people-list.js");
      this.#people = new PeopleList(this.field, find(".people", this.form), this.acts.find, (person) => {
        this.#chosen.push(person);
        this.#typed();
      });
      this.#people.look();
    } catch {
      // Without a line, names are typed to their end; the next @ tries again.
      this.#isFetchingPeople = false;
    }
  }

  #send() {
    const text = cleaned(this.field.value);
    if (this.#isOver) announce(this.left.textContent ?? "");
    if (!text || this.#isOver) {
      this.field.focus();
      return;
    }
    this.#people?.close();
    this.acts.send(text, this.#chosen.map(({ person }) => person));
    this.field.value = "";
    this.#typed();
    this.field.focus();
  }
}
