// What a message is made of: text, links of http and https, and mentions. Nothing of it is ever fetched.

/** @typedef {{ kind: "text", text: string } | { kind: "link", text: string, href: string } | { kind: "mention", text: string, person: number }} Part */

const LINK = /(?<![\p{L}\p{N}])https?:\/\/[^\s<>"“”«»]+/giu;
/** What ends a sentence, and is no part of the address in it. */
const TRAILING = /[.,:;!?'’…*_~]+$/u;
const BRACKETS = /** @type {const} */ ([
  ["(", ")"],
  ["[", "]"],
  ["{", "}"],
]);

/** @param {string} text @param {ChatWire.Mention[]} [mentions] @returns {Part[]} */
export function partsOf(text, mentions = []) {
  /** @type {Part[]} */
  const parts = [];
  let from = 0;
  for (const { 0: found, index } of text.matchAll(LINK)) {
    const address = trimmed(found);
    const href = addressOf(address);
    if (!href) continue;
    parts.push(...withMentions(text.slice(from, index), mentions));
    parts.push({ kind: "link", text: address, href });
    from = index + address.length;
  }
  parts.push(...withMentions(text.slice(from), mentions));
  return parts;
}

/** Without the punctuation behind it; a bracket stays if it was opened in the address. @param {string} address */
function trimmed(address) {
  for (;;) {
    let shorter = address.replace(TRAILING, "");
    for (const [open, close] of BRACKETS) {
      if (shorter.endsWith(close) && count(shorter, close) > count(shorter, open)) shorter = shorter.slice(0, -1);
    }
    if (shorter === address) return address;
    address = shorter;
  }
}

/** @param {string} text @param {string} sign */
const count = (text, sign) => text.split(sign).length - 1;

/** Empty: no browser can go there. @param {string} address  of http or https, as LINK has found it */
function addressOf(address) {
  try {
    return new URL(address).href;
  } catch {
    return "";
  }
}

/** @param {string} text @param {ChatWire.Mention[]} mentions @returns {Part[]} */
function withMentions(text, mentions) {
  /** @type {Part[]} */
  const parts = [];
  // The longest first: "@Ada Kovač" is not "@Ada".
  const names = mentions.filter(({ name }) => name).sort((one, other) => other.name.length - one.name.length);
  let from = 0;
  for (let at = text.indexOf("@"); at >= 0; at = text.indexOf("@", at + 1)) {
    if (at < from || isWord(text.slice(0, at).at(-1))) continue;
    const named = names.find(({ name }) => text.startsWith(name, at + 1) && !isWord(text[at + 1 + name.length]));
    if (!named) continue;
    if (at > from) parts.push({ kind: "text", text: text.slice(from, at) });
    from = at + 1 + named.name.length;
    parts.push({ kind: "mention", text: text.slice(at, from), person: named.person });
  }
  if (from < text.length) parts.push({ kind: "text", text: text.slice(from) });
  return parts;
}

/** @param {string | undefined} sign */
function isWord(sign) {
  return sign !== undefined && /[\p{L}\p{N}\p{M}_]/u.test(sign);
}
