// The Stage page around another provider's player: present and counted, told of changes, and nothing of media.

import { config, find, number, write } from "./page.js";
import { Socket } from "./protocol.js";
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
function end(turned) {
  // What is no longer theirs to see does not go on behind the dialog.
  turnAway(turned, { signIn: settings.sign_in, clear: () => document.querySelector("iframe")?.remove() });
}
