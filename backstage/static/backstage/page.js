// What the template wrote for the script: configuration, words, and elements that must be there.

/** A json_script of the template. @template T @param {string} id @returns {T} */
export function config(id = "config") {
  return JSON.parse(find(`#${id}`).textContent ?? "");
}

/**
 * The element; its absence is a mistake of ours, and said so at once.
 *
 * @template {HTMLElement} [T=HTMLElement]
 * @param {string} selector
 * @param {ParentNode} [within]
 * @returns {T}
 */
export function find(selector, within = document) {
  const element = /** @type {T | null} */ (within.querySelector(selector));
  if (!element) throw new Error(`The page has no ${selector}.`);
  return element;
}

/** The first element of a copy of a `<template>`. @param {string} id @returns {HTMLElement} */
export function copyOf(id) {
  const template = /** @type {HTMLTemplateElement} */ (find(`template#${id}`));
  return /** @type {HTMLElement} */ (template.content.firstElementChild?.cloneNode(true));
}

/** @type {Map<string, string>} */
const sentences = new Map();

/**
 * A translated sentence of the `<template id="words">`, or of a `<template data-words>` beside it, with `{name}` filled in.
 *
 * @param {string} key
 * @param {Record<string, string | number>} [values]
 */
export function words(key, values = {}) {
  if (!sentences.size) {
    for (const template of document.querySelectorAll("template#words, template[data-words]")) {
      for (const element of /** @type {HTMLTemplateElement} */ (template).content.querySelectorAll("data")) {
        sentences.set(element.value, element.textContent?.trim() ?? "");
      }
    }
  }
  const sentence = sentences.get(key);
  if (sentence === undefined) throw new Error(`The page has no words for ${key}.`);
  return sentence.replace(/\{(\w+)\}/g, (_, name) => String(values[name] ?? ""));
}

/** Writes only what differs, so that nothing is drawn or spoken twice. @param {Element} element @param {string} text */
export function write(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

/** As the language of the page writes it: 1,240. @param {number} n */
export function number(n) {
  return n.toLocaleString(document.documentElement.lang);
}

/** Minutes and seconds, hours only when asked for: 00:12, 01:02:03. @param {number} ms @param {boolean} [hours] */
export function clock(ms, hours = false) {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  const parts = [Math.floor(seconds / 60) % (hours ? 60 : 6000), seconds % 60];
  if (hours) parts.unshift(Math.floor(seconds / 3600));
  return parts.map((part) => String(part).padStart(2, "0")).join(":");
}
