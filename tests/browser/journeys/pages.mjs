// Every kind of page that anybody can see, in both languages: accessible, narrow enough for a small telephone, headings in order, light
// enough, and without dead links.

import assert from 'node:assert/strict';
import { PUBLIC, STATUSES, inBoth, inspect } from '../inspect.mjs';
import { LEERWERK } from '../steps.mjs';

export const name = 'every public page is accessible, narrow, light and leads somewhere';
export const isLong = true;

const HTML_BYTES = 30 * 1024;
const CRAWLED_PAGES = 250;
const DEVELOPMENT = ['/dev', '/dev/sign-in', '/dev/clock', '/dev/mail', '/dev/components'];
const CARDS = [`/embed/${LEERWERK}`, `/embed/${LEERWERK}?lang=en`];
const ERRORS = ['/nl/projects/no-such-project', '/en/nowhere', '/nl/rounds/99', '/nl/pledges/DR-0000-0000-00?key=x'];

export async function run({ app, engine, visitor, step }) {
  const isShort = engine !== 'sqlite'; // pages do not depend on the database
  const faults = [];
  const person = await visitor({ expected: STATUSES });
  await step('public pages, in Dutch and English, wide and narrow, in light, dark and forced colours', () => inspect(person, inBoth(PUBLIC), { isShort }, faults));
  await step('the card for other sites', () => inspect(person, CARDS, { isShort }, faults));
  await step('pages that say something is not there', () => inspect(person, ERRORS, { status: 404, isShort }, faults));
  await step('development pages', () => inspect(person, DEVELOPMENT, { isShort }, faults));
  await step('project and list pages weigh little', () => weigh(app, faults));
  await step('no dead links', () => crawl(app, faults));
  assert.equal(faults.length, 0, `\n${faults.join('\n')}`);
}

/** Bytes of HTML before they are compressed. */
async function weigh(app, faults) {
  for (const path of ['/nl', '/nl/projects', '/en/projects', `/nl/projects/${LEERWERK}`, '/nl/rounds/3', '/nl/impact']) {
    const bytes = (await (await fetch(app.base + path)).arrayBuffer()).byteLength;
    if (bytes > HTML_BYTES) faults.push(`${path} weighs ${bytes} bytes, more than ${HTML_BYTES}`);
  }
}

/** Follows links from the front page over pages that anybody can see. */
async function crawl(app, faults) {
  const waiting = ['/nl', '/en', '/dev'];
  const from = new Map(waiting.map((path) => [path, 'the start']));
  for (let seen = 0; seen < CRAWLED_PAGES && waiting.length > 0; seen += 1) {
    const path = waiting.shift();
    const answer = await fetch(app.base + path);
    const type = answer.headers.get('content-type') ?? '';
    const body = await answer.text();
    if (!answer.ok) faults.push(`${path} answers ${answer.status}, linked from ${from.get(path)}`);
    if (!answer.ok || !type.startsWith('text/html')) continue;
    for (const [, href] of body.matchAll(/(?:href|src)="([^"#]*)[^"]*"/g)) {
      const url = new URL(href.replaceAll('&amp;', '&'), answer.url);
      const target = url.pathname + url.search;
      if (url.origin !== app.base || from.has(target)) continue;
      from.set(target, path);
      waiting.push(target);
    }
  }
}
