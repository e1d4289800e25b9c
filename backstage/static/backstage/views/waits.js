// A control that waits for the server: it shows that at once and cannot be pressed twice.

import { Refusal } from "../protocol.js";
import { words } from "../page.js";
import { complain } from "./announcer.js";
import { focusOn, isFocusLost } from "./focus.js";

/** What one presses next, whatever it was that has gone. */
export const NEXT = ["[data-share]", "#withdraw", "#my-screen", "#my-microphone", "#use-here"];

/**
 * @param {HTMLButtonElement} button
 * @param {() => Promise<unknown>} work
 * @param {string[]} [next]  selectors: where the focus goes if the button is gone afterwards
 * @returns {Promise<boolean>} whether it was done; if not, the person has been told why
 */
export async function waits(button, work, next = NEXT) {
  if (button.getAttribute("aria-busy") === "true") return false;
  const { disabled } = button;
  const hadFocus = document.activeElement === button;
  button.setAttribute("aria-busy", "true");
  button.disabled = true;
  try {
    await work();
    return true;
  } catch (error) {
    tell(error);
    return false;
  } finally {
    button.removeAttribute("aria-busy");
    button.disabled = disabled;
    // A disabled control loses the focus; give it back to whoever was on it and has not gone elsewhere.
    if (hadFocus && isFocusLost()) button.focus();
    if (hadFocus && isFocusLost()) focusOn(...next);
  }
}

/** Codes of what is nobody's rule, but a fault of the server or of the page. */
const FAULTS = new Set(["failed", "timeout", "not_understood", "unknown_command"]);

/** The server's sentence, or the page's own for a line that is lost. @param {unknown} error */
export function tell(error) {
  if (!(error instanceof Refusal)) throw error;
  const text = error.text || words(error.code === "timeout" ? "timed-out" : "line-lost");
  complain(text, { isFault: FAULTS.has(error.code) });
}
