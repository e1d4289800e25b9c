// The page of this Stage has become another one: it says so, and loads itself anew.

import { find } from "../page.js";
import { announce } from "./announcer.js";

/** Milliseconds in which an audience comes back, so that it does not do so in one moment; the first may do it at once. */
const WITHIN_MS = 3_000;
/** Time to read why. */
const READ_MS = 700;

let isLoading = false;

export function loadAnew() {
  if (isLoading) return;
  isLoading = true;
  const said = find("#changed");
  said.hidden = false;
  announce(find("span", said).textContent ?? "");
  setTimeout(() => location.reload(), READ_MS + Math.random() * WITHIN_MS);
}
