// Served pages have the static files of all apps in one folder; here each app has its own. To be imported before them.

import { register } from "node:module";

const hook = `export const resolve = (specifier, context, next) =>
  /\\/moderation\\/static\\/moderation\\//.test(context.parentURL ?? "") && specifier.startsWith("../backstage/")
    ? next(new URL("../../../backstage/static/" + specifier.slice(3), context.parentURL).href, context)
    : next(specifier, context);`;
register(`data:text/javascript,${encodeURIComponent(hook)}`);
