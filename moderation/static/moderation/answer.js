// What stands on the page of somebody whose request was answered, for as long as it is true.

import { thisTab } from "../backstage/memory.js";

/** How a request may end without its person on screen; a withdrawn one was ended by the person, who knows. */
const ANSWERS = new Set(["declined", "dequeued", "ended"]);

/**
 * @param {ModerationWire.MyRequest | null} mine  my newest request
 * @param {string | null} asked  the request that this tab has seen waiting; that of a former visit is no news
 * @param {boolean} onScreen
 * @returns {"declined" | "dequeued" | "ended" | null}
 */
export function answerTo(mine, asked, onScreen) {
  if (!mine || onScreen || mine.request !== asked || !ANSWERS.has(mine.state)) return null;
  return /** @type {"declined" | "dequeued" | "ended"} */ (mine.state);
}

const KEY = "hopin:asked";

/** Of the request that this tab has seen waiting: a reload does not forget it. */
export class Asked {
  request = thisTab.recall(KEY);

  /** @param {string | null} request  null: whatever was answered has been read, or is no longer true */
  note(request) {
    if (this.request === request) return;
    this.request = request;
    thisTab.remember(KEY, request);
  }
}
