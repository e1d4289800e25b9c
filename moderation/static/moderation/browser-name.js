// The name of a browser and its major version, for the organizer who reads the pre-flight card.

/** @typedef {{ brand: string, version: string }} Brand */

/** The wire allows so many characters. */
const LONGEST = 40;
/** In this order: all but the first also claim to be what stands below them. */
const BY_USER_AGENT = /** @type {[RegExp, string][]} */ ([
  [/\b(?:Firefox|FxiOS)\/(\d+)/, "Firefox"],
  [/\bEdg(?:A|iOS)?\/(\d+)/, "Edge"],
  [/\bOPR\/(\d+)/, "Opera"],
  [/\b(?:Chrome|CriOS)\/(\d+)/, "Chrome"],
  [/\bVersion\/(\d+).*\bSafari\//, "Safari"],
]);

/**
 * @param {{ userAgent: string, userAgentData?: { brands: Brand[] } }} browser  the `navigator`
 * @returns {string} "Firefox 140"; empty: another one
 */
export function browserName({ userAgent, userAgentData }) {
  // One brand is made up, so that nobody relies on the list: https://wicg.github.io/ua-client-hints/#grease
  const real = (userAgentData?.brands ?? []).filter(({ brand }) => !/not.*brand/i.test(brand));
  const brand = real.find((each) => each.brand !== "Chromium") ?? real[0];
  if (brand) return `${brand.brand} ${brand.version}`.slice(0, LONGEST);
  for (const [pattern, name] of BY_USER_AGENT) {
    const version = pattern.exec(userAgent)?.[1];
    if (version) return `${name} ${version}`;
  }
  return "";
}
