// Pages for who is signed in, as a backer, an owner or one of the team, looked at like the public ones; and all of them in dark colours.

import assert from 'node:assert/strict';
import { axe } from '../lib.mjs';
import { PUBLIC, STATUSES, inBoth, inspect } from '../inspect.mjs';
import { LEERWERK, devSignIn, pledge } from '../steps.mjs';

export const name = 'pages for who is signed in are accessible and narrow; all pages have contrast in the dark';
export const isLong = true;

const ACCOUNT = ['/account', '/account/pledges', '/account/mail', '/studio'];
const STUDIO = ['', '/texts', '/picture', '/updates', '/updates/new', '/outcomes', '/outcomes/tracked', '/outcomes/file', '/checking', '/evidence'].map((part) => `/studio/projects/${LEERWERK}${part}`);
const STAFF = ['', '/rounds', '/rounds/3', '/rounds/3/closing', '/rounds/1/closing', '/pledges', '/payments', '/refunds', '/jobs', '/verifications', '/moderation'];

export async function run({ visitor, step }) {
  const faults = [];
  await step('a backer, an owner and the team', async () => {
    const person = await visitor({ expected: STATUSES });
    const address = await pledge(person.page, 'nl', LEERWERK, { amount: '25', email: 'backer1@drempel.example' });
    const { pathname, search } = new URL(address);
    await inspect(person, [pathname + search], {}, faults);
    const roles = [
      ['backer1@drempel.example', inBoth(ACCOUNT)],
      ['owner@de-verbindingskamer.example', inBoth(STUDIO)],
      ['treasurer1@drempel.example', inBoth(STAFF.map((part) => `/staff${part}`))],
    ];
    for (const [email, pages] of roles) {
      const worker = await visitor({ expected: STATUSES });
      await devSignIn(worker.page, email);
      await inspect(worker, pages, {}, faults);
      await worker.close();
    }
  });
  await step('contrast in a dark colour scheme', () => darkPass(visitor, faults));
  assert.equal(faults.length, 0, `\n${faults.join('\n')}`);
  await step('pictures for people', () => pictures(visitor));
}

async function darkPass(visitor, faults) {
  const { page, close } = await visitor({ dark: true, expected: STATUSES });
  const paths = PUBLIC.filter((path) => !path.includes('?')).map((path) => `/nl${path}`);
  for (const path of [...paths, '/nl/projects/no-such-project']) {
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
