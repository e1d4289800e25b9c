// The entry of the Backstage page for those who moderate nothing: most of the house, who fetch nothing of it.

import { openBackstage } from "./page.js";
import { Preflight } from "./preflight.js";

openBackstage({ measure: (socket, uplink) => new Preflight(socket, uplink) });
