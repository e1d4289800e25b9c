// Says changes politely to people who do not see them, and shows what went wrong to everybody.

import { copyOf, find, write } from "../page.js";

const TOAST_MS = 9_000;

/** @param {string} text */
export function announce(text) {
  write(find("#announcer"), text);
}

/** Says at once what cannot wait until the reader has finished: others do not see or hear me. @param {string} text */
export function alarm(text) {
  write(find("#alarm"), text);
}

/** Shows a sentence until it is closed, or for some seconds. The same sentence stands there once. @param {string} text */
export function complain(text) {
  if (!text) return;
  const list = find("#toasts");
  for (const old of list.children) if (old.querySelector("p")?.textContent === text) old.remove();
  const toast = copyOf("toast");
  write(find("p", toast), text);
  const close = () => toast.remove();
  find("button", toast).addEventListener("click", close);
  let timer = setTimeout(close, TOAST_MS);
  // Nobody's sentence goes away while it is read.
  toast.addEventListener("pointerenter", () => clearTimeout(timer));
  toast.addEventListener("pointerleave", () => {
    timer = setTimeout(close, TOAST_MS);
  });
  list.append(toast);
}

