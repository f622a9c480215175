// The team makes a round, with the night of the clock change explained.

import assert from 'node:assert/strict';
import { REFUSALS, devSignIn, expectFormError, expectSound } from '../steps.mjs';
import { say, textOf } from '../texts.mjs';

export const name = 'an admin makes a round';

export async function run({ visitor, step }) {
  const admin = await visitor({ js: false, expected: REFUSALS, width: 320, height: 700 });
  await devSignIn(admin.page, 'admin@drempel.example');
  await step('a time that does not exist is explained', () => makeRound(admin));
}

async function makeRound({ page, shot }) {
  await page.goto('/nl/staff/rounds/new');
  await expectSound(page);
  await page.locator('#f-title_nl').fill('Ronde zes');
  await page.locator('#f-title_en').fill('Round six');
  await page.locator('#f-unit_price').fill('100');
  await page.locator('#f-minimum').fill('5');
  await page.getByRole('button', { name: say('nl', 'round-propose'), exact: true }).click();
  assert.ok((await page.locator('#f-rule_nl').inputValue()).includes('kost één Rikx'));
  const year = new Date().getFullYear() + 1;
  const days = { submissions: `${year}-01-10`, valuation: `${year}-02-10`, selling: `${year}-03-10`, closes: lastSundayOfMarch(year) };
  for (const [step, day] of Object.entries(days)) await page.locator(`#f-${step}_day`).fill(day);
  await page.locator('#f-closes_time').fill('2:30');
  await page.locator('#f-confirm').check();
  await page.getByRole('button', { name: say('nl', 'round-save') }).click();
  await expectFormError(page, 'nl', 'closes_time', say('nl', 'moment-missing'));
  await expectSound(page);
  await shot('round-form-error-nl-320');
  await page.locator('#f-closes_time').fill('17:00');
  await page.getByRole('button', { name: say('nl', 'round-save') }).click();
  assert.equal(await textOf(page, '.flash'), say('nl', 'flash-round-saved'));
  await expectSound(page);
}

function lastSundayOfMarch(year) {
  const day = new Date(Date.UTC(year, 2, 31));
  day.setUTCDate(31 - day.getUTCDay());
  return day.toISOString().slice(0, 10);
}
