// The entry of the Backstage page for those who moderate nothing: most of the house, who fetch nothing of it.

import { openBackstage } from "./page.js";

openBackstage(null);
