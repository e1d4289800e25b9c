// What a message is made of, how long it is, and the name that is being typed in it.

import assert from "node:assert/strict";
import { test } from "node:test";

import { cleaned, leftOf } from "../../../chat/static/chat/counting.js";
import { completed, mentionAt, stillNamed } from "../../../chat/static/chat/mention-at.js";
import { partsOf } from "../../../chat/static/chat/text-parts.js";

/** In code points. @param {string} text */
const lengthOf = (text) => [...cleaned(text)].length;
/** @param {string} text */
const links = (text) => partsOf(text).filter(({ kind }) => kind === "link").map((part) => part.text);
/** @param {string} text @param {string[]} names */
const mentions = (text, ...names) =>
  partsOf(text, names.map((name, person) => ({ name, person })))
    .filter(({ kind }) => kind === "mention")
    .map((part) => part.text);

// --- links ---
test("links of http and https, and of nothing else", () => {
  assert.deepEqual(links("see https://example.com/a?b=c#d and HTTP://example.org"), ["https://example.com/a?b=c#d", "HTTP://example.org"]);
  for (const none of [
    "javascript:alert(1)",
    "data:text/html,x",
    "ftp://example.com",
    "www.example.com",
    "xhttps://example.com",
    "https://",
    "https:// example.com",
    "http://[",
  ]) {
    assert.deepEqual(links(none), [], none);
  }
});

test("what ends the sentence is no part of the link", () => {
  assert.deepEqual(links("(https://example.com/a_(b)), https://example.com/c. https://example.com/d?!"), [
    "https://example.com/a_(b)",
    "https://example.com/c",
    "https://example.com/d",
  ]);
  assert.deepEqual(links("„https://example.com“ <https://example.org>"), ["https://example.com", "https://example.org"]);
});

test("all parts together are the text, and a link goes where it says", () => {
  for (const text of ["", "a", "https://a.example.", "x @Ada https://a.example/@Ada @Ada", "👩‍💻 @Ada\n\nhttp://b.example)"]) {
    const parts = partsOf(text, [{ person: 1, name: "Ada" }]);
    assert.equal(parts.map((part) => part.text).join(""), text);
    for (const part of parts) if (part.kind === "link") assert.equal(new URL(part.text).href, part.href);
  }
});

// --- mentions ---
test("a mention is the whole name behind an @, the longest that fits, and no e-mail address", () => {
  assert.deepEqual(mentions("@Ada Kovač, look", "Ada", "Ada Kovač"), ["@Ada Kovač"]);
  assert.deepEqual(mentions("(@Ada) @Ada!", "Ada"), ["@Ada", "@Ada"]);
  assert.deepEqual(mentions("mail@Ada @Adam @ Ada Ada", "Ada"), []);
  assert.deepEqual(mentions("https://example.com/@Ada", "Ada"), []);
  assert.deepEqual(mentions("@Ada", ""), []);
});

test("the name that is being typed", () => {
  assert.deepEqual(mentionAt("Hello @ad", 9), { start: 6, beginning: "ad" });
  assert.deepEqual(mentionAt("@", 1), { start: 0, beginning: "" });
  assert.deepEqual(mentionAt("@Ada Ko", 7), { start: 0, beginning: "Ada Ko" });
  assert.deepEqual(mentionAt("@Ada is here", 4), { start: 0, beginning: "Ada" });
  for (const [text, caret] of /** @type {const} */ ([
    ["ada@example", 11],
    ["@ ", 2],
    ["@a\nb", 4],
    ["@one two three four five", 24],
    [`@${"x".repeat(41)}`, 42],
    ["a@", 0],
    ["", 0],
  ])) {
    assert.equal(mentionAt(text, caret), null, text);
  }
});

test("the chosen name stands in place of its beginning, and one writes on behind it", () => {
  assert.deepEqual(completed("Hello @ad", 9, 6, "Ada Kovač"), { text: "Hello @Ada Kovač ", caret: 17 });
  assert.deepEqual(completed("@a, look", 2, 0, "Ada"), { text: "@Ada , look", caret: 5 });
  assert.deepEqual(completed("@a look", 2, 0, "Ada"), { text: "@Ada look", caret: 5 });
});

// --- counting ---
test("a sign is one, however many units it has here, and blanks around it are none", () => {
  assert.equal(lengthOf("  a\n"), 1);
  assert.equal(lengthOf("😀"), 1);
  assert.equal(lengthOf("e\u0301"), 1, "composed");
  assert.equal(lengthOf("👩‍💻"), 3);
  assert.equal(lengthOf("漢".repeat(500)), 500);
});

test("what nobody sees is neither counted nor sent, and blank lines are single", () => {
  assert.equal(cleaned(" a\u202eb\u200bc\u0000\r\n \n\n\nd\ud800 "), "abc\n\nd");
  assert.equal(cleaned("a\tb"), "a b");
  assert.equal(cleaned("می\u200cخواهم \u200fא"), "می\u200cخواهم \u200fא");
  assert.equal(lengthOf("\n".repeat(3000)), 0);
  for (const sign of "\u3164 \u2800 \u200c \u200d \u200e \u061c \u115f \uffa0 \u034f \ufe0f \u{e0067}".split(" ")) {
    assert.equal(cleaned(` ${sign}\n\u3164\n${sign}`), "", "a message of blanks is none");
    assert.equal(cleaned(`a${sign}`), `a${sign}`);
  }
});

test("near the end one is told what is left, and then what is too much", () => {
  assert.equal(leftOf("x".repeat(449)), null);
  assert.equal(leftOf("x".repeat(450)), 50);
  assert.equal(leftOf("😀".repeat(500)), 0);
  assert.equal(leftOf("x".repeat(512)), -12);
});

test("of those who were chosen the text names whom it still names, each once", () => {
  const [one, other, sam] = [{ person: 1, name: "Ada" }, { person: 2, name: "Ada" }, { person: 3, name: "Sam" }];
  assert.deepEqual(stillNamed("@Ada and", [one, other, one, sam]), [one, other]);
  assert.deepEqual(stillNamed("", [one]), []);
  const many = Array.from({ length: 30 }, (_, index) => ({ person: index, name: "Ada" }));
  assert.equal(stillNamed("@Ada", many).length, 20);
});
