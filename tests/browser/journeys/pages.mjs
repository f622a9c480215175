// Every kind of page, in both languages: accessible, narrow enough for a small telephone, headings in order, light enough, and
// without dead links.

import assert from 'node:assert/strict';
import { axe, expectAccessible, expectNoSidewaysScroll } from '../lib.mjs';
import { LEERWERK, devSignIn, expectHeadings, pledge } from '../steps.mjs';

export const name = 'every page is accessible, narrow, light and leads somewhere';

const WIDE = { width: 1280, height: 900 };
const NARROW = { width: 320, height: 640 };
const HTML_BYTES = 30 * 1024;
const CRAWLED_PAGES = 250;
const AT_ONCE = 2;
const STATUSES = [/status of 4(04|03|22)/];

const PUBLIC = [
  '', '/projects', '/projects?status=funded', '/projects?q=niets-van-dit-al', `/projects/${LEERWERK}`, `/projects/${LEERWERK}/updates`,
  `/projects/${LEERWERK}/updates/1`, `/projects/${LEERWERK}/outcomes`, `/projects/${LEERWERK}/books`, `/projects/${LEERWERK}/follow`,
  '/projects/bakkerswerkplaats', '/projects/bakkerswerkplaats/outcomes', '/projects/leer-werkhub-voor-jongeren',
  `/projects/${LEERWERK}/pledge`, '/rounds', '/rounds/1', '/rounds/3', '/organisations/pluspunt-rotterdam', '/impact', '/learning',
  '/how-it-works', '/privacy', '/terms', '/accessibility', '/contact', '/complaints', '/security', '/sign-in', '/sign-in/code',
];
const DEVELOPMENT = ['/dev', '/dev/sign-in', '/dev/clock', '/dev/mail'];
const ERRORS = ['/nl/projects/no-such-project', '/en/nowhere', '/nl/rounds/99', '/nl/pledges/DR-0000-0000-00?key=x'];
const ACCOUNT = ['/account', '/account/pledges', '/account/mail', '/studio'];
const STUDIO = ['', '/texts', '/picture', '/updates', '/updates/new', '/outcomes'].map((part) => `/studio/projects/${LEERWERK}${part}`);
const STAFF = ['', '/rounds', '/rounds/3', '/rounds/3/closing', '/rounds/1/closing', '/pledges', '/payments', '/refunds', '/jobs'];

export async function run({ app, visitor, step }) {
  const faults = [];
  const look = (person, pages, wanted) => inspect(person, pages, wanted, faults);
  const inBoth = (pages) => ['nl', 'en'].flatMap((lang) => pages.map((page) => `/${lang}${page}`));

  await step('public pages, in Dutch and English, wide and narrow', async () => {
    const pages = inBoth(PUBLIC);
    const share = (at) => pages.filter((_, index) => index % AT_ONCE === at);
    await Promise.all(
      Array.from({ length: AT_ONCE }, async (_, at) => look(await visitor({ expected: STATUSES }), share(at))),
    );
  });
  const person = await visitor({ expected: STATUSES });
  await step('pages that say something is not there', () => look(person, ERRORS, { status: 404 }));
  await step('development pages', () => look(person, DEVELOPMENT));
  await step('a backer, an owner and the team', async () => {
    const address = await pledge(person.page, 'nl', LEERWERK, { amount: '25', email: 'backer1@drempel.example' });
    const { pathname, search } = new URL(address);
    await look(person, [pathname + search]);
    const roles = [
      ['backer1@drempel.example', inBoth(ACCOUNT)],
      ['owner@de-verbindingskamer.example', inBoth(STUDIO)],
      ['treasurer1@drempel.example', inBoth(STAFF.map((part) => `/staff${part}`))],
    ];
    await Promise.all(
      roles.map(async ([email, pages]) => {
        const worker = await visitor({ expected: STATUSES });
        await devSignIn(worker.page, email);
        await look(worker, pages);
        await worker.close();
      }),
    );
  });
  await step('contrast in a dark colour scheme', () => darkPass(visitor, faults));
  await step('project and list pages weigh little', () => weigh(app, faults));
  await step('no dead links', () => crawl(app, faults));
  assert.equal(faults.length, 0, `\n${faults.join('\n')}`);
  await step('pictures for people', () => pictures(visitor));
}

/** Looks at each page wide and narrow; faults are collected, so that one run names them all. */
async function inspect({ page }, paths, { status = 200 } = {}, faults) {
  for (const path of paths) {
    await page.setViewportSize(WIDE);
    const answer = await page.goto(path);
    const checks = [
      () => assert.equal(answer.status(), status, `${path} answers ${answer.status()}`),
      () => expectHeadings(page),
      () => expectAccessible(page),
      async () => {
        await page.setViewportSize(NARROW);
        await expectNoSidewaysScroll(page);
        await expectAccessible(page);
      },
      async () => assert.ok((await page.title()).endsWith(' - Drempel'), `${path} has the title ${await page.title()}`),
      async () => {
        const [, wanted] = path.match(/^\/(nl|en)\b/) ?? [];
        const lang = await page.locator('html').getAttribute('lang');
        assert.ok(!wanted || lang === wanted, `${path} says that its language is ${lang}`);
      },
    ];
    for (const check of checks) {
      await Promise.resolve().then(check).catch((error) => {
        faults.push(error.message);
        console.log(`    ! ${path}: ${error.message}`); // said at once too, in case time runs out
      });
    }
  }
}

async function darkPass(visitor, faults) {
  const { page, close } = await visitor({ dark: true, expected: STATUSES });
  const paths = PUBLIC.filter((path) => !path.includes('?')).map((path) => `/nl${path}`);
  for (const path of [...paths, ERRORS[0]]) {
    await page.goto(path);
    const found = await axe(page, { tags: ['cat.color'] });
    faults.push(...found.flatMap(({ id, targets }) => targets.map((target) => `${path} in dark: ${id}: ${target}`)));
  }
  await devSignIn(page, 'treasurer1@drempel.example');
  await page.goto('/nl/staff/rounds/3/closing');
  const found = await axe(page, { tags: ['cat.color'] });
  faults.push(...found.flatMap(({ id, targets }) => targets.map((target) => `closing in dark: ${id}: ${target}`)));
  await close();
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

/** For the eye only: nothing is compared. */
async function pictures(visitor) {
  const main = { home: '/nl', projects: '/nl/projects', project: `/nl/projects/${LEERWERK}`, round: '/nl/rounds/3', impact: '/nl/impact' };
  for (const [way, options] of [['dark', { dark: true }], ['contrast', { forcedColours: true }]]) {
    const { page, shot, close } = await visitor(options);
    for (const [file, path] of Object.entries(main)) {
      await page.goto(path);
      await shot(`look-${file}-${way}`);
    }
    await close();
  }
}
