// Why something was not done, as one sentence.

import { words } from "../backstage/page.js";
import { Refusal } from "../backstage/protocol.js";
import { isLost } from "./unsent.js";

/** The server's sentence, or the page's own for a line that is lost. @param {unknown} error */
export function sentenceOf(error) {
  if (!(error instanceof Refusal)) throw error;
  if (error.text && !isLost(error)) return error.text;
  return words(error.code === "timeout" ? "chat-timed-out" : "chat-line-lost");
}
