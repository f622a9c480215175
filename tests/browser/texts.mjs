// The site's own words, read from its text files: a journey names a text by its key, so that a better wording breaks nothing.

import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { root } from './tools.mjs';

const all = Object.fromEntries(['nl', 'en'].map((lang) => [lang, read(path.join(root, 'templates/texts', lang))]));

/** The text of a key in 'nl' or 'en'; `args` fill its places. Only for texts of one line. */
export function say(lang, key, args = {}) {
  const text = all[lang].get(key);
  if (!text) throw new Error(`there is no text ${key} in ${lang}, or it has more than one line`);
  return text.replace(/\{\s*\$(\w+)\s*\}/g, (_, name) => {
    if (args[name] === undefined) throw new Error(`the text ${key} needs ${name}`);
    return args[name];
  });
}

/** An amount of whole euros as the site writes it; blanks that do not break count as blanks. */
export function euros(lang, whole) {
  const digits = String(whole).replace(/\B(?=(\d{3})+$)/g, lang === 'nl' ? '.' : ',');
  return lang === 'nl' ? `€ ${digits}` : `€${digits}`;
}

/** Text with every kind of blank turned into one plain blank. */
export const plain = (text) => text.replace(/\s+/g, ' ').trim();

/** What stands on the page, as plain text. */
export const textOf = async (page, selector = 'main') => plain(await page.locator(selector).innerText());

function read(folder) {
  const texts = new Map();
  for (const file of readdirSync(folder)) {
    for (const line of readFileSync(path.join(folder, file), 'utf8').split('\n')) {
      const [, key, text] = line.match(/^([a-z][\w-]*) = (.+)$/) ?? [];
      if (key) texts.set(key, text);
    }
  }
  return texts;
}
