// Every page there is: each address of the table of permissions that answers HTML is looked at as somebody who may open it, in both
// languages on a small telephone, and once in dark and in forced colours. The addresses are found by following links, so that a
// page that nothing leads to is noticed too.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expectAccessible, expectNoSidewaysScroll } from '../browser.mjs';
import { expectValid } from '../inspect.mjs';
import { bankAccount, handIn } from '../money.mjs';
import { LEERWERK, devSignIn, expectHeadings, pledge } from '../steps.mjs';
import { root } from '../tools.mjs';

export const name = 'every page of the table of permissions is sound in both languages and in every scheme';
export const isLong = true;

const NARROW = { width: 320, height: 640 };
const AT_ONCE = 3;
/** Addresses that are followed for one route: the first that is found may lead nowhere further. */
const FOLLOWED = 3;
const STATUSES = [/status of 4\d\d/];
/** What answers something else than a page, or only sends on. */
const NO_PAGE = /\.(csv|pdf|json|jsonld|zip|xlsx|txt|xml|webmanifest)\b|^\/(api|files|calendar|events|feeds|healthz|icons|oembed|og|readyz|static|$)|\/evidence\/\{id\}$|\/match-funds\/\{id\}\/used|\/dev\/mail\/\{id\}\/html|\/connected$/;
const MAKER = 'owner@hotspot-hutspot.example';
const GIVER = 'owner@woonstichting-de-kade.example';
/** What only a letter or another site links to, or lies deeper than links are followed: who opens it, and an address. */
const BY_HAND = [
  [null, `/embed/${LEERWERK}`], [null, '/dev'], [null, '/nl/sign-in/code'], [null, '/nl/social-return'], [null, '/nl/social-return/check'],
  [null, '/nl/projects/procesversneller/evidence'], ['backer1@drempel.example', '/nl/account/address/code'], ['treasurer1@drempel.example', '/nl/sign-in/factor'],
  [GIVER, '/nl/studio/match-funds'], [MAKER, '/nl/studio/projects/koken-voor-de-hele-straat/valuation'],
  [MAKER, '/nl/studio/projects/koken-voor-de-hele-straat/plan/versions'], [MAKER, '/nl/studio/projects/procesversneller/updates/98/edit'],
  ['treasurer1@drempel.example', '/nl/staff/payouts/accounts/acc_1'], ['treasurer1@drempel.example', '/nl/staff/transfers/bat_1'],
  ['treasurer1@drempel.example', '/nl/staff/match-funds/mfd_1/terms'],
];
/** The same with a word that opens nothing: a page that says so. */
const CLOSED = ['/nl/sign-in/enrol/', '/nl/sign-in/link/', '/nl/sign-in/restore/', '/nl/studio/invitations/', '/nl/follow/', '/nl/mail/changed/', '/nl/erasure/', '/unsubscribe/', '/nl/social-return/check/'];
/** What a fresh demo has none of, and no row alone makes. */
const ELSEWHERE = [
  '/{lang}/account/documents/{number}', '/{lang}/pledges/{reference}/certificate', '/{lang}/pledges/{reference}/iban', '/{lang}/pledges/{reference}/remainder',
  '/{lang}/pledges/{reference}/social-return', '/{lang}/pledges/{reference}/social-return/{number}', '/{lang}/pledges/{reference}/transfer',
  '/{lang}/studio/organisations/{slug}/shares/{id}', '/{lang}/studio/organisations/{slug}/shares/{id}/preview', '/{lang}/studio/projects/{slug}/near-miss',
];
const AT = "'2026-11-01T10:00:00.000Z'";
/** What nobody of the demo has done: money on its way out, a fund that is being written, an update that was not sent. */
const ROWS = [
  `INSERT INTO organisation_accounts (id, organisation_id, iban, holder, state, entered_by, entered_at, usable_at)
   SELECT 'acc_1', o.id, 'NL91ABNA0417164300', 'Hotspot', 'entered', u.id, ${AT}, ${AT} FROM organisations o, users u
   WHERE o.slug = 'hotspot-hutspot' AND u.email = '${MAKER}'`,
  `INSERT INTO transfer_batches (id, state, transfers, amount_cents, execution_day, proposed_by, proposed_at)
   SELECT 'bat_1', 'proposed', 1, 1000, '', id, ${AT} FROM users WHERE email = 'treasurer2@drempel.example'`,
  `INSERT INTO match_funds (id, round_id, giver_id, name_nl, name_en, ratio_percent, most_per_pledge_cents, most_per_project_percent, least_backers,
     starting_percent, state, received_cents, used_cents, given_back_cents, created_by, created_at)
   SELECT 'mfd_1', r.id, o.id, 'Fonds', 'Fund', 100, 1000, 50, 0, 0, 'draft', 0, 0, 0, u.id, ${AT} FROM rounds r, organisations o, users u
   WHERE r.number = 3 AND o.slug = 'hotspot-hutspot' AND u.email = 'treasurer2@drempel.example'`,
  `INSERT INTO updates (id, project_id, number, state, title_nl, title_en, body_nl, body_en, picture_alt, author_id, created_at)
   SELECT 'upd_98', p.id, 98, 'draft', 'Bericht', '', 'Tekst', '', '', u.id, ${AT} FROM projects p, users u
   WHERE p.slug = 'procesversneller' AND u.email = '${MAKER}'`,
];
const PEOPLE = [
  null, 'backer1@drempel.example', 'owner@pluspunt-rotterdam.example', 'owner@de-verbindingskamer.example', MAKER, GIVER,
  'reviewer@drempel.example', 'expert1@drempel.example', 'treasurer1@drempel.example', 'admin@drempel.example',
];

/** The routes of pages, those with the fewest places first, as an address belongs to the one that says most of it. */
function routes() {
  const table = readFileSync(path.join(root, 'tests/it/permissions/matrix.txt'), 'utf8');
  const paths = [...table.matchAll(/^GET +(\S+?)(?:\?key)? :/gm)].map(([, route]) => route).filter((route) => !NO_PAGE.test(route));
  const places = (route) => route.match(/\{/g)?.length ?? 0;
  return [...new Set(paths)].sort((a, b) => places(a) - places(b)).map((route) => {
    const pattern = route.replace(/[.?]/g, '\\$&').replaceAll('{lang}', '(?:nl|en)').replace(/\{\w+\}/g, '[^/]+');
    return { route, pattern: new RegExp(`^${pattern}$`) };
  });
}

export async function run({ app, engine, visitor, step }) {
  const all = routes();
  const found = new Map(); // route: { address, worker }
  const faults = [];
  const workers = [];
  await step('money without a word to it, and what was done to many things', async () => {
    for (const row of ROWS) await app.sql(row);
    const first = await visitor({ expected: STATUSES });
    await devSignIn(first.page, 'treasurer1@drempel.example');
    await handIn(first, bankAccount().statement([{ cents: 1_234, name: 'E. Niemand', iban: 'BE68539007547034', text: 'wie weet' }]));
    await first.page.goto('/nl/staff/cases');
    await first.page.locator('button[name=which][value=all]').click();
    await first.page.waitForURL(/\/staff\/bulk\//);
    await first.close();
  });
  await step('who may open what', async () => {
    for (const email of PEOPLE) {
      const worker = { ...(await visitor({ expected: STATUSES })), email };
      if (email === 'backer1@drempel.example') {
        const address = new URL(await pledge(worker.page, 'nl', LEERWERK, { amount: '25', email }));
        await devSignIn(worker.page, email);
        await follow(app, all, found, worker, [address.pathname + address.search, '/nl/account']);
      } else {
        if (email) await devSignIn(worker.page, email);
        await follow(app, all, found, worker, email ? ['/nl/account', '/nl/studio', '/nl/staff'] : ['/nl', '/dev']);
      }
      workers.push(worker);
    }
    for (const [who, address] of BY_HAND) {
      const worker = workers.find(({ email }) => email === who);
      const answer = await worker.page.request.get(app.base + address);
      assert.equal(answer.status(), 200, `${address} as ${who}`);
      add(all, found, worker, address);
    }
    for (const address of CLOSED) add(all, found, workers[0], `${address}wrong`);
  });
  const missing = all.map(({ route }) => route).filter((route) => !found.has(route) && !ELSEWHERE.includes(route));
  if (missing.length > 0) {
    faults.push(`nothing leads to\n    ${missing.join('\n    ')}`);
    console.log(`    ! ${faults[0]}`);
  }
  // pages do not depend on the engine: on the second one they are looked at once
  const ways = engine === 'sqlite' ? [{ lang: 'nl', schemes: true }, { lang: 'en', schemes: false }] : [{ lang: 'nl', schemes: false }];
  for (const way of ways) {
    await step(`${found.size} pages in ${way.lang}`, () => lookAt(workers, found, way, faults));
  }
  assert.equal(faults.length, 0, `\n${faults.join('\n')}`);
}

const routeOf = (all, address) => all.find(({ pattern }) => pattern.test(address.split(/[?#]/)[0]))?.route;

/** Notes an address when it is the first of its route; answers whether it is. */
function add(all, found, worker, address) {
  const route = routeOf(all, address);
  if (!route || found.has(route)) return false;
  found.set(route, { address, worker });
  return true;
}

/** Follows links from some pages, each route a few times, and notes the first page of each that this person may open. */
async function follow(app, all, found, worker, from) {
  const waiting = [...from];
  const seen = new Set(from);
  const times = new Map();
  while (waiting.length > 0) {
    const address = waiting.shift();
    const route = routeOf(all, address);
    if (!route || (times.get(route) ?? 0) >= FOLLOWED) continue;
    times.set(route, (times.get(route) ?? 0) + 1);
    const answer = await worker.page.request.get(app.base + address);
    const landed = new URL(answer.url());
    const isPage = answer.ok() && (answer.headers()['content-type'] ?? '').startsWith('text/html');
    if (!isPage || landed.origin !== app.base) continue;
    add(all, found, worker, landed.pathname + landed.search);
    for (const [, href] of (await answer.text()).matchAll(/href="([^"#]+)/g)) {
      const url = new URL(href.replaceAll('&amp;', '&'), landed);
      const next = url.pathname + url.search;
      if (url.origin !== app.base || seen.has(next) || next.startsWith('/en')) continue;
      seen.add(next);
      waiting.push(next);
    }
  }
}

/** Looks at the page of each route, some at once: everybody with pages of their own. */
async function lookAt(workers, found, way, faults) {
  const waiting = workers.map((worker) => [worker, [...found.values()].filter((one) => one.worker === worker)]);
  const work = async () => {
    for (let next = waiting.shift(); next; next = waiting.shift()) {
      const [{ page }, pages] = next;
      for (const { address } of pages) await look(page, address, way, faults);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
}

async function look(page, found, { lang, schemes }, faults) {
  const address = found.replace(/^\/nl(?=\/|$|\?)/, `/${lang}`);
  if (address === found && lang === 'en') return; // it has one language
  const check = async (what) => {
    await Promise.resolve().then(what).catch((error) => {
      faults.push(`${address}: ${error.message}`);
      console.log(`    ! ${address}: ${error.message}`); // said at once too, in case time runs out
    });
  };
  await page.setViewportSize(NARROW);
  await check(async () => {
    const answer = await page.goto(address);
    assert.ok(answer.status() < 500, `it answers ${answer.status()}`);
    await expectValid(await answer.text(), address);
  });
  await check(() => expectHeadings(page));
  await check(() => expectNoSidewaysScroll(page));
  await check(() => expectAccessible(page));
  if (!schemes) return;
  for (const [scheme, media] of [['dark', { colorScheme: 'dark', forcedColors: 'none' }], ['forced colours', { colorScheme: 'light', forcedColors: 'active' }]]) {
    await page.emulateMedia(media);
    await check(() => expectAccessible(page, { tags: ['cat.color'] }).catch((error) => Promise.reject(new Error(`in ${scheme}: ${error.message}`))));
  }
  await page.emulateMedia({ colorScheme: 'light', forcedColors: 'none' });
}
