// A form goes to the server once, however often its button is pressed; with as much of a page as that takes.

import assert from "node:assert/strict";
import { beforeEach, mock, test } from "node:test";

/** @type {Map<string, (happened?: any) => void>} */
const listeners = new Map();
const page = /** @type {any} */ (globalThis);
page.addEventListener = (/** @type {string} */ type, /** @type {() => void} */ heard) => listeners.set(type, heard);
await import("../../../hopin_backstage/static/js/sends-once.js");
delete page.addEventListener;

/** @param {Record<string, string>} attributes @returns {any} */
const element = (attributes = {}) => ({
  attributes,
  getAttribute: (/** @type {string} */ name) => attributes[name] ?? null,
  setAttribute: (/** @type {string} */ name, /** @type {string} */ value) => (attributes[name] = value),
  removeAttribute: (/** @type {string} */ name) => delete attributes[name],
});

/** Whether the browser sends it. @param {any} form @param {any} submitter @param {boolean} [prevented] */
function submit(form, submitter, prevented = false) {
  const happened = {
    target: form,
    submitter,
    defaultPrevented: prevented,
    preventDefault() {
      this.defaultPrevented = true;
    },
  };
  listeners.get("submit")?.(happened);
  return !happened.defaultPrevented;
}

const isBusy = (/** @type {any} */ button) => button.attributes["aria-busy"] === "true";

beforeEach(() => {
  listeners.get("pageshow")?.({ persisted: true }); // what the test before has sent
  mock.timers.reset();
  mock.timers.enable({ apis: ["setTimeout"] });
});

test("a second press sends nothing, whichever button it is of", () => {
  const [form, save, preview] = [element({ method: "post" }), element(), element()];
  assert.equal(submit(form, save), true);
  assert.equal(isBusy(save), true);
  assert.equal(submit(form, save), false);
  assert.equal(submit(form, preview), false);
  assert.equal(isBusy(preview), false);
  assert.equal(submit(element({ method: "POST" }), element()), true, "another form is another matter");
  assert.equal(submit(element({ method: "post" }), null), true, "sent by a script");
});

test("what a search, a dialog or a module of its own does with its form is left alone", () => {
  const button = element();
  for (const form of [element(), element({ method: "get" }), element({ method: "dialog" })]) {
    assert.deepEqual([submit(form, button), submit(form, button), isBusy(button)], [true, true, false]);
  }
  const cancel = element({ formmethod: "dialog" });
  const post = element({ method: "post" });
  assert.deepEqual([submit(post, cancel), submit(post, cancel), isBusy(cancel)], [true, true, false]);
  submit(post, button, true);
  assert.equal(isBusy(button), false, "its submit was prevented");
  assert.equal(submit(post, button), true, "so that it can be sent now");
});

test("whoever comes back to the page can send its form again", () => {
  const [form, button] = [element({ method: "post" }), element()];
  submit(form, button);
  listeners.get("pageshow")?.({ persisted: false });
  assert.equal(submit(form, button), false, "it has only just been loaded");
  listeners.get("pageshow")?.({ persisted: true });
  assert.equal(isBusy(button), false);
  assert.equal(submit(form, button), true);
});

test("whoever is asked whether to leave, and stays, can send the form again", () => {
  const [form, button] = [element({ method: "post" }), element()];
  submit(form, button);
  listeners.get("beforeunload")?.({ defaultPrevented: false });
  mock.timers.tick(0);
  assert.equal(submit(form, button), false, "nobody was asked: it is on its way");
  listeners.get("beforeunload")?.({ defaultPrevented: true });
  mock.timers.tick(0);
  assert.equal(isBusy(button), false);
  assert.equal(submit(form, button), true);
});

test("whoever stopped the page from loading can send its form again, after a while", () => {
  const [form, button] = [element({ method: "post" }), element()];
  submit(form, button);
  mock.timers.tick(29_000);
  assert.equal(submit(form, button), false);
  mock.timers.tick(1_000);
  assert.equal(isBusy(button), false);
  assert.equal(submit(form, button), true);
  mock.timers.tick(29_000);
  assert.equal(isBusy(button), true, "its patience begins anew");
});
