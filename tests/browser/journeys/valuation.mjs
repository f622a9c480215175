// The team values projects: experts score blind, one has a conflict of interest, a meeting decides with two people, and the owner
// reads why. And a round is made, with the night of the clock change explained.

import assert from 'node:assert/strict';
import { REFUSALS, devSignIn, expectFormError, expectSound } from '../steps.mjs';
import { say, textOf } from '../texts.mjs';

export const name = 'two experts and a conflict: valuation from scores to a listed project';

const COOKING = 'koken-voor-de-hele-straat';
const BICYCLES = 'monteurs-van-morgen';
const SECRET = 'Deze groep blijft anders vaak buiten beeld.';

export async function run({ visitor, step }) {
  const person = async (email, wishes = {}) => {
    const who = await visitor({ js: false, expected: REFUSALS, ...wishes });
    await devSignIn(who.page, `${email}.example`);
    return who;
  };

  const first = await person('expert1@drempel');
  await step('an expert who has handed in sees only their own scores', async () => {
    await first.page.goto(`/nl/staff/valuation/${BICYCLES}`);
    await expectSound(first.page);
    await first.shot('valuation-own-nl-1280');
    assert.ok((await textOf(first.page)).includes(SECRET));
    assert.equal(await first.page.locator('#spread').count(), 0);
  });

  const second = await person('expert2@drempel');
  await step('one with a conflict of interest sees none', async () => {
    await second.page.goto(`/nl/staff/valuation/${BICYCLES}`);
    await expectSound(second.page);
    assert.ok((await textOf(second.page)).includes(say('nl', 'valuation-you-are-excluded')));
    assert.ok(!(await textOf(second.page)).includes(SECRET));
    await second.close();
  });

  const reviewer = await person('reviewer@drempel');
  await step('the reviewer sees who is waited for, but no score', async () => {
    await reviewer.page.goto('/nl/staff/valuation');
    await expectSound(reviewer.page);
    await reviewer.shot('valuation-list-nl-1280');
    await reviewer.page.getByRole('link', { name: 'Monteurs van morgen' }).click();
    await expectSound(reviewer.page);
    assert.ok(!(await textOf(reviewer.page)).includes(SECRET));
    assert.ok((await textOf(reviewer.page)).includes(say('nl', 'valuation-spread-waits')));
  });

  await step('where all are in, the spread is shown and the meeting recorded', async () => {
    await reviewer.page.goto(`/nl/staff/valuation/${COOKING}`);
    await expectSound(reviewer.page);
    await reviewer.shot('valuation-spread-nl-1280');
    assert.equal(await reviewer.page.getByText(say('nl', 'valuation-wide')).count(), 1);
    await reviewer.page.locator('input[name=verdict][value=listed]').check();
    await reviewer.page.locator('#f-impact').fill('900');
    await reviewer.page.locator('#f-threshold').fill('950');
    await reviewer.page.locator('#f-reason_nl').fill('Sterk plan.');
    await reviewer.page.locator('#f-reason_en').fill('A strong plan.');
    await reviewer.page.getByRole('button', { name: say('nl', 'valuation-record') }).click();
    await expectFormError(reviewer.page, 'nl', 'threshold', say('nl', 'valuation-threshold-wrong'));
    await expectSound(reviewer.page);
    await reviewer.page.locator('#f-threshold').fill('600');
    await reviewer.page.getByRole('button', { name: say('nl', 'valuation-record') }).click();
    assert.equal(await textOf(reviewer.page, '.flash'), say('nl', 'flash-valuation-recorded'));
    assert.ok((await textOf(reviewer.page)).includes(say('nl', 'valuation-wait-for-other')));
    await reviewer.close();
  });

  await step('one of its experts confirms', async () => {
    await first.page.goto(`/nl/staff/valuation/${COOKING}`);
    await first.page.getByRole('button', { name: say('nl', 'valuation-confirm') }).click();
    assert.equal(await textOf(first.page, '.flash'), say('nl', 'flash-valuation-confirmed'));
    await expectSound(first.page);
    await first.close();
  });

  await step('the owner reads figures, reasons and means, on a phone', async () => {
    const owner = await person('owner@hotspot-hutspot', { width: 320, height: 700 });
    await owner.page.goto(`/nl/studio/projects/${COOKING}`);
    await owner.page.getByRole('link', { name: say('nl', 'valuation-studio-link') }).click();
    await expectSound(owner.page);
    await owner.shot('valuation-owner-nl-320');
    const text = await textOf(owner.page);
    for (const words of ['900 Rikx', '600 Rikx', 'Sterk plan.', '4,50']) assert.ok(text.includes(words), words);
    await owner.close();
  });

  const admin = await person('admin@drempel', { width: 320, height: 700 });
  await step('an admin makes a round; a time that does not exist is explained', () => makeRound(admin));
  await admin.close();
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
