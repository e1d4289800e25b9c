// The entry of the Backstage page for those who moderate nothing: most of the house, who fetch nothing of it.

import { Preflight as Uplink } from "../backstage/media/preflight.js";
import { openBackstage } from "./page.js";
import { Preflight } from "./preflight.js";

openBackstage({
  measure(socket, media) {
    media.preflight = new Uplink(media.socket);
    return new Preflight(socket, media.preflight);
  },
});
