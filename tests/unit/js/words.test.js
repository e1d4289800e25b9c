// Every sentence that a script asks for stands in the template that loads it, translated.

import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";

const ROOT = new URL("../../..", import.meta.url).pathname;
const ELSEWHERE = "stage-elsewhere.js";
const STAGE_ONLY = new Set(["stage.js", "stage-state.js", "player-controls.js", ELSEWHERE]);

/** @param {string} folder @returns {string[]} */
const scripts = (folder) =>
  readdirSync(join(ROOT, folder), { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".js"))
    .map((name) => join(folder, name));

const all = [...scripts("backstage/static/backstage"), ...scripts("moderation/static/moderation")];
const isStage = (/** @type {string} */ name) => STAGE_ONLY.has(name.split("/").at(-1) ?? "");

const isElsewhere = (/** @type {string} */ name) => name.endsWith(ELSEWHERE);

/** Keys, `*` where a part is computed. @param {string} source */
function asked(source) {
  const keys = [];
  for (const [call] of source.matchAll(/\bwords\((?:[^()]|\([^()]*\))*\)/g)) {
    const outside = call.replace(/`[^`]*`|=== "[^"]*"/g, "").split("{ ")[0];
    for (const [, plain] of outside.matchAll(/"([a-z_-]+)"/g)) keys.push(plain);
    for (const [, template] of call.matchAll(/`([^`]+)`/g)) keys.push(template.replace(/\$\{(?:[^{}])*\}/g, "*"));
  }
  return keys;
}

/** @param {string} template */
const given = (template) =>
  [...readFileSync(join(ROOT, "templates/backstage", template), "utf8").matchAll(/<data value="([^"]+)">/g)].map(
    ([, key]) => key,
  );

for (const [templates, files] of /** @type {const} */ ([
  [["includes/room_words.html"], all.filter((name) => !isStage(name))],
  [["stage.html", "stage_base.html"], all.filter((name) => isStage(name) && !isElsewhere(name))],
  [["stage_base.html"], all.filter(isElsewhere)],
])) {
  test(`${templates[0]} has every sentence`, () => {
    const keys = templates.flatMap(given);
    assert.ok(files.length);
    for (const file of files) {
      for (const key of asked(readFileSync(join(ROOT, file), "utf8"))) {
        const pattern = new RegExp(`^${key.replace("*", ".+")}$`);
        assert.ok(keys.some((one) => pattern.test(one)), `${file} asks for ${key}`);
      }
    }
  });
}

test("a problem with a device has a sentence for each device", () => {
  const keys = new Set(given("includes/room_words.html"));
  for (const problem of ["denied", "missing", "busy", "insecure", "unsupported", "failed"]) {
    for (const device of ["both", "camera", "microphone"]) {
      assert.ok(keys.has(`device-${device}-${problem}`), `${device} ${problem}`);
    }
  }
});
