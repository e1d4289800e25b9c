// The Stage page around another provider's player: present and counted, told of changes, and nothing of media.

import { config, find, number, words, write } from "./page.js";
import { isMisunderstanding, SIGNED_OUT, Socket } from "./protocol.js";
import { loadAnew } from "./views/anew.js";
import { turnAway } from "./views/turned-away.js";

/** @type {StageConfig} */
const settings = config();

new Socket(settings.socket, { notice: told, end }).open();

/** @param {BackstageWire.AnyNotice} notice */
function told(notice) {
  switch (notice.type) {
    case "stage.snapshot":
      if (notice.body.shown !== settings.shown) loadAnew();
      renderWatching(notice.body.watching);
      break;
    case "watching.changed":
      renderWatching(notice.body.watching);
      break;
    case "stage.changed":
      loadAnew();
      break;
  }
}

/** @param {number} watching */
function renderWatching(watching) {
  write(find("#watching-number"), number(watching));
  find("#watching").hidden = false;
}

/** Turned away for good. @param {{ code: number, text: string }} turned */
function end({ code, text }) {
  if (code === SIGNED_OUT) {
    location.assign(settings.sign_in);
    return;
  }
  // What is no longer theirs to see does not go on behind the dialog.
  document.querySelector("iframe")?.remove();
  const why = isMisunderstanding(code) ? words("reload") : text;
  if (why) write(find("#turned-away-text"), why);
  turnAway();
}
