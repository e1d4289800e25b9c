// The chat beside the tiles: two tabs in a column that can be folded; on a phone two panels over the room.

import { thisBrowser, thisTab } from "../backstage/memory.js";
import { find, number, words, write } from "../backstage/page.js";
import { Conversation } from "./conversation.js";
import { Tabs } from "./tabs.js";

const FOLDED = "hopin:chat-folded";
const CHOSEN = "hopin:chat-room";
const PHONE = "(width <= 720px)";
/** Between a phone and this, the open chat lies over the tiles, and is folded until it is asked for. */
const BESIDE = "(width > 1180px)";
/** The server counts up to 100. */
const MANY = 99;
/** Of the entry in the browser's history that Back leads away from. */
const OPEN = "hopin:chat";

/** @typedef {"backstage" | "event"} RoomName */

export class BackstageChat {
  /** After a reload, too. @type {RoomName} */
  #chosen = thisTab.recall(CHOSEN) === "event" ? "event" : "backstage";
  #isOpen = false;
  #phone = matchMedia(PHONE);
  #beside = matchMedia(BESIDE);

  /** @param {{ patient: (reason: string) => boolean }} handlers */
  constructor({ patient }) {
    this.root = find("#chat");
    this.fold = find("#chat-fold");
    this.tabs = new Tabs(find("#chat-tabs"), (tab) => this.#choose(tab));
    const changed = () => this.#renderUnread();
    this.rooms = {
      backstage: new Conversation(find("#chat-backstage"), { changed, patient }),
      event: new Conversation(find("#chat-event"), { changed, patient }),
    };
    this.fold.addEventListener("click", () => this.#toggle());
    this.#phone.addEventListener("change", () => this.#fit());
    this.#beside.addEventListener("change", () => this.#fit());
    // Back closes what lies over the room.
    addEventListener("popstate", () => {
      if (this.#phone.matches && this.#isOpen) this.#close();
    });
    this.root.addEventListener("keydown", (press) => {
      if (press.key !== "Escape" || press.defaultPrevented || !this.#liesOver) return;
      press.preventDefault();
      this.#dismiss();
    });
    this.#fit();
  }

  open() {
    for (const room of this.#all) room.open();
  }

  close() {
    for (const room of this.#all) room.close();
  }

  get #all() {
    return Object.values(this.rooms);
  }

  get #liesOver() {
    return this.#isOpen && !this.#beside.matches;
  }

  /** As the width of the window asks. */
  #fit() {
    this.#isOpen = this.#beside.matches && thisBrowser.recall(FOLDED) !== "yes";
    this.#render();
  }

  #toggle() {
    this.#isOpen = !this.#isOpen;
    if (this.#beside.matches) thisBrowser.remember(FOLDED, this.#isOpen ? null : "yes");
    this.#render();
  }

  /** @param {HTMLElement} tab */
  #choose(tab) {
    const { chatRoom } = tab.dataset;
    if (chatRoom === "backstage" || chatRoom === "event") {
      this.#chosen = chatRoom;
      thisTab.remember(CHOSEN, chatRoom);
      if (this.#phone.matches && !this.#isOpen) history.pushState({ [OPEN]: true }, "");
      this.#isOpen = true;
      this.#render();
    } else {
      this.#dismiss();
    }
  }

  #dismiss() {
    if (this.#phone.matches && history.state?.[OPEN]) history.back();
    this.#close();
  }

  #close() {
    const hadFocus = this.root.contains(document.activeElement);
    this.#isOpen = false;
    this.#render();
    if (hadFocus) (this.#phone.matches ? find("#chat-tab-screen") : this.fold).focus();
  }

  #render() {
    const isPhone = this.#phone.matches;
    this.root.dataset.open = String(this.#isOpen);
    this.fold.setAttribute("aria-expanded", String(this.#isOpen));
    const shown = this.#isOpen ? this.#chosen : isPhone ? "screen" : this.#chosen;
    this.tabs.select(find(`#chat-tab-${shown}`));
    for (const name of /** @type {const} */ (["backstage", "event"])) {
      const isShown = this.#isOpen && this.#chosen === name;
      this.rooms[name].root.hidden = !isShown;
      this.rooms[name].show(isShown);
    }
    // What is covered cannot be pressed. The main landmark stays one.
    for (const covered of document.querySelectorAll(".room__centre > *, .room__bottom")) {
      covered.toggleAttribute("inert", isPhone && this.#isOpen);
    }
    this.#renderUnread();
  }

  #renderUnread() {
    let all = 0;
    for (const name of /** @type {const} */ (["backstage", "event"])) {
      // While the constructor runs, one of them is not there yet.
      const unread = this.rooms?.[name].unread ?? 0;
      const isShown = this.#isOpen && this.#chosen === name;
      if (!isShown) all += unread;
      badge(find(`#chat-tab-${name}`), isShown ? 0 : unread);
    }
    badge(this.fold, this.#isOpen ? 0 : all);
  }
}

/** The number, and the same in the name of the control. @param {HTMLElement} control @param {number} n */
function badge(control, n) {
  const shown = find(".chat__unread", control);
  shown.hidden = n === 0;
  write(shown, n > MANY ? words("chat-many", { n: number(MANY) }) : number(n));
  write(find("[data-unread]", control), n ? words("chat-unread", { n: n > MANY ? words("chat-many", { n: number(MANY) }) : number(n) }) : "");
}
