// Served pages have the static files of all apps in one folder; here each app has its own. To be imported before them.

import { register } from "node:module";

const hook = `export const resolve = (specifier, context, next) =>
  /\\/(chat|moderation)\\/static\\//.test(context.parentURL ?? "") && /^\\.\\.\\/(backstage|chat)\\//.test(specifier)
    ? next(new URL("../../../" + specifier.split("/")[1] + "/static/" + specifier.slice(3), context.parentURL).href, context)
    : next(specifier, context);`;
register(`data:text/javascript,${encodeURIComponent(hook)}`);
