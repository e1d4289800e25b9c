// The people whom one may mention, while a name is being typed: a list box that the field keeps the focus of.
// https://www.w3.org/WAI/ARIA/apg/patterns/combobox/

import { copyOf, find, words, write } from "../backstage/page.js";
import { announce } from "../backstage/views/announcer.js";
import { draw } from "../backstage/views/person.js";
import { completed, mentionAt } from "./mention-at.js";

/** Milliseconds: what is typed quickly is asked once. */
const TYPING_MS = 180;

export class PeopleList {
  /** @type {ChatWire.Person[]} */
  #people = [];
  #chosen = 0;
  /** Where the @ stands whose name is complete, or was waved away. @type {number | null} */
  #done = null;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;
  #asked = 0;

  /**
   * @param {HTMLTextAreaElement} field
   * @param {HTMLElement} list
   * @param {(beginning: string) => Promise<ChatWire.Person[]>} ask  rejects with a Refusal
   * @param {(person: Named) => void} changed  the text of the field is another: it names this person
   */
  constructor(field, list, ask, changed) {
    this.field = field;
    this.list = list;
    this.ask = ask;
    this.changed = changed;
    field.addEventListener("input", () => this.look());
    field.addEventListener("click", () => this.look());
    field.addEventListener("blur", () => this.close());
    // The field keeps the focus.
    list.addEventListener("pointerdown", (press) => press.preventDefault());
    list.addEventListener("click", (press) => {
      const option = /** @type {Element} */ (press.target).closest("[role=option]");
      if (option) this.#choose([...list.children].indexOf(option));
    });
  }

  get isOpen() {
    return !this.list.hidden;
  }

  close() {
    clearTimeout(this.#timer);
    this.#asked += 1;
    this.list.hidden = true;
    this.field.removeAttribute("aria-activedescendant");
  }

  /** Whether the key was for this list. @param {KeyboardEvent} press */
  takes(press) {
    if (!this.isOpen || press.isComposing) return false;
    const { length } = this.#people;
    if (press.key === "ArrowDown") this.#mark((this.#chosen + 1) % length);
    else if (press.key === "ArrowUp") this.#mark((this.#chosen + length - 1) % length);
    else if ((press.key === "Enter" || press.key === "Tab") && !press.shiftKey) this.#choose(this.#chosen);
    else if (press.key === "Escape") {
      this.#done = this.#typed?.start ?? null;
      this.close();
    } else return false;
    press.preventDefault();
    press.stopPropagation();
    return true;
  }

  get #typed() {
    return mentionAt(this.field.value, this.field.selectionStart);
  }

  /** Whether a name is being typed. */
  look() {
    clearTimeout(this.#timer);
    const typed = this.#typed;
    if (!typed) this.#done = null;
    if (!typed || typed.start === this.#done) {
      this.close();
      return;
    }
    this.#timer = setTimeout(() => void this.#find(typed.beginning), TYPING_MS);
  }

  /** @param {string} beginning */
  async #find(beginning) {
    const asked = ++this.#asked;
    const people = await this.ask(beginning).catch(() => []);
    if (asked !== this.#asked || document.activeElement !== this.field) return;
    const before = this.isOpen ? this.#people.length : 0;
    this.#people = people;
    if (!people.length) {
      this.close();
      return;
    }
    this.list.replaceChildren(...people.map((person) => this.#option(person)));
    if (before !== people.length) announce(words(people.length === 1 ? "chat-person-found" : "chat-people-found", { n: people.length }));
    this.list.hidden = false;
    this.#mark(0);
  }

  /** @param {ChatWire.Person} person */
  #option(person) {
    const option = copyOf("chat-person");
    // Another person is another option: a screen reader says who is chosen now.
    option.id = `${this.list.id}-${person.person}`;
    draw(find(".avatar", option), person);
    write(find(".people__name", option), person.name);
    write(find(".people__role", option), person.role ? words(`chat-role-${person.role}`) : "");
    return option;
  }

  /** @param {number} index */
  #mark(index) {
    this.#chosen = index;
    for (const [each, option] of [...this.list.children].entries()) option.ariaSelected = String(each === index);
    const option = this.list.children[index];
    option.scrollIntoView({ block: "nearest" });
    this.field.setAttribute("aria-activedescendant", option.id);
  }

  /** @param {number} index */
  #choose(index) {
    const typed = this.#typed;
    const person = this.#people[index];
    this.close();
    if (!typed || !person) return;
    const { text, caret } = completed(this.field.value, this.field.selectionStart, typed.start, person.name);
    this.#done = typed.start;
    this.field.value = text;
    this.field.setSelectionRange(caret, caret);
    this.changed({ person: person.person, name: person.name });
  }
}
