// Drives one Firefox for the Python tests, over WebDriver BiDi: a command as a line of JSON on stdin, its answer as a
// line on stdout. `{"id": 1, "do": "open", …}` → `{"id": 1, "result": …}` or `{"id": 1, "error": "…"}`.
// The end of stdin ends Firefox, too.

import { createInterface } from "node:readline";
import puppeteer from "puppeteer-core";

/** Milliseconds until a control that is to be pressed has to be there, to be seen, and enabled. */
const CONTROL_WITHIN_MS = 15_000;
const PAGE_WITHIN_MS = 20_000;

const browser = await puppeteer.launch({
  browser: "firefox",
  executablePath: "/usr/bin/firefox-esr",
  headless: true,
  protocolTimeout: 30_000,
  defaultViewport: { width: 1280, height: 800 },
  extraPrefsFirefox: {
    // As people have it: sound only after a click, unless the page captures.
    "media.autoplay.default": 1,
    "media.autoplay.blocking_policy": 0,
    "media.navigator.streams.fake": true,
    "media.navigator.permission.disabled": true,
    // Addresses as they are, for nothing answers mDNS here.
    "media.peerconnection.ice.obfuscate_host_addresses": false,
    "media.peerconnection.ice.loopback": true,
    // Windows of several people at once: those that are not in front go on.
    "dom.min_background_timeout_value": 4,
    "network.captive-portal-service.enabled": false,
    "network.connectivity-service.enabled": false,
  },
});

/** @type {Map<string, { context: any, page: any, complaints: string[], told: string[] }>} */
const people = new Map();

const commands = {
  /** Someone with a cookie jar of their own. */
  async come({ who, cookies, scripts }) {
    const context = await browser.createBrowserContext();
    await context.setCookie(...cookies);
    const page = await context.newPage();
    /** @type {string[]} */
    const complaints = [];
    page.on("console", (message) => message.type() === "error" && complaints.push(message.text()));
    /** @type {string[]} */
    const told = [];
    page.on("console", (message) => message.type() === "info" && told.push(message.text()));
    page.on("pageerror", (error) => complaints.push(String(error)));
    for (const script of scripts) await page.evaluateOnNewDocument(script);
    people.set(who, { context, page, complaints, told });
  },
  async open({ who, url }) {
    await of(who).page.goto(url, { waitUntil: "load", timeout: PAGE_WITHIN_MS });
  },
  /** Presses with the mouse what people find by role and name. `within`: role of what it stands in. */
  async press({ who, role, name, within }) {
    const { page } = of(who);
    const selector = `${within ? `::-p-aria([role="${within}"]) >>>> ` : ""}::-p-aria([role="${role}"][name="${name}"])`;
    const deadline = Date.now() + CONTROL_WITHIN_MS;
    for (;;) {
      for (const found of await page.$$(selector)) {
        const ready = await found.evaluate((element) => element.checkVisibility() && !element.disabled);
        if (ready) return await found.click();
      }
      if (Date.now() > deadline) throw new Error(`no ${role} named ${name} to press`);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  },
  async key({ who, key }) {
    await of(who).page.keyboard.press(key);
  },
  /** Counts as a click for Firefox's autoplay. `expression` may be a promise; the result has to fit into JSON. */
  async evaluate({ who, expression }) {
    return of(who).page.evaluate(expression);
  },
  /** What the page wrote into its console as information. */
  async told({ who }) {
    return of(who).told;
  },
  async complaints({ who }) {
    return of(who).complaints;
  },
  async screenshot({ who, path }) {
    await of(who).page.screenshot({ path });
  },
  async leave({ who }) {
    await of(who).context.close();
    people.delete(who);
  },
};

function of(who) {
  const person = people.get(who);
  if (!person) throw new Error(`${who} has not come`);
  return person;
}

const say = (line) => process.stdout.write(`${JSON.stringify(line)}\n`);

say({ ready: await browser.version() });
for await (const line of createInterface({ input: process.stdin })) {
  const { id, do: name, ...parameters } = JSON.parse(line);
  try {
    say({ id, result: (await commands[name](parameters)) ?? null });
  } catch (error) {
    say({ id, error: String(error?.message ?? error) });
  }
}
await browser.close();
