// Pages for who is signed in, as a backer, an owner or one of the team, looked at like the public ones.

import assert from 'node:assert/strict';
import { STATUSES, inBoth, inspect } from '../inspect.mjs';
import { LEERWERK, devSignIn, pledge } from '../steps.mjs';

export const name = 'pages for who is signed in are accessible and narrow';
export const isLong = true;

export const ACCOUNT = ['/account', '/account/pledges', '/account/mail', '/studio'];
export const STUDIO = ['', '/texts', '/picture', '/updates', '/updates/new', '/outcomes', '/outcomes/tracked', '/outcomes/file', '/checking', '/evidence'].map((part) => `/studio/projects/${LEERWERK}${part}`);
export const STAFF = ['', '/rounds', '/rounds/3', '/rounds/3/closing', '/rounds/1/closing', '/pledges', '/payments', '/refunds', '/jobs', '/verifications', '/moderation'];

export async function run({ engine, visitor, step }) {
  const isShort = engine !== 'sqlite';
  const faults = [];
  await step('a backer, an owner and the team', async () => {
    const person = await visitor({ expected: STATUSES });
    const address = await pledge(person.page, 'nl', LEERWERK, { amount: '25', email: 'backer1@drempel.example' });
    const { pathname, search } = new URL(address);
    await inspect(person, [pathname + search], { isShort }, faults);
    const roles = [
      ['backer1@drempel.example', inBoth(ACCOUNT)],
      ['owner@de-verbindingskamer.example', inBoth(STUDIO)],
      ['treasurer1@drempel.example', inBoth(STAFF.map((part) => `/staff${part}`))],
    ];
    for (const [email, pages] of roles) {
      const worker = await visitor({ expected: STATUSES });
      await devSignIn(worker.page, email);
      await inspect(worker, pages, { isShort }, faults);
      await worker.close();
    }
  });
  assert.equal(faults.length, 0, `\n${faults.join('\n')}`);
  await step('pictures for people', () => pictures(visitor));
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
