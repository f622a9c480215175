// The desk of the team: a list narrowed down without script, taken home as a file and kept as a view; cases closed together; the day of a
// treasurer; and the keys, which somebody can switch off.

import assert from 'node:assert/strict';
import { LEERWERK, REFUSALS, devSignIn, expectFormError, pledge } from '../steps.mjs';
import { download, expectFlash, look, press, treasurers } from '../money.mjs';
import { say, textOf } from '../texts.mjs';

export const name = 'the team finds, keeps and does many things at once at its desk';

const HELD = '/nl/staff/pledges?state=held';

export async function run({ visitor, step }) {
  const backer = await visitor({ expected: REFUSALS });
  await step('two people give', () => give(backer));
  const [first, second] = await step('two treasurers sign in', () => treasurers(visitor));
  await step('the day shows what waits', () => day(first));
  await step('a list is narrowed down, taken home and kept, without script', () => list(second));
  await step('the keys move through a list and can be switched off', () => keys(first));
  await step('nothing chosen is nothing done', () => nothing(second));
}

async function give(backer) {
  for (const [amount, email] of [['40', 'ella@voorbeeld.example'], ['25', 'finn@voorbeeld.example']]) {
    await pledge(backer.page, 'nl', LEERWERK, { amount, email });
  }
}

async function day(person) {
  const { page } = person;
  await page.goto('/nl/staff');
  await look(person, 'staff-day');
  for (const path of ['/nl/staff/payments', '/nl/staff/projects', '/nl/staff/rounds/3', '/nl/staff/organisations', '/nl/staff/bulk']) {
    await page.goto(path);
    await look(person, `staff${path.replace('/nl/staff', '').replaceAll('/', '-')}`);
  }
}

/** References of the rows, in order. */
const references = (page) => page.locator('main tbody th').allInnerTexts();

async function list(person) {
  const { page } = person;
  await page.goto(HELD);
  const before = await references(page);
  assert.ok(before.length >= 2, 'two pledges are held');
  await page.locator('main summary', { hasText: say('nl', 'list-choose') }).click();
  await page.locator('#c-made').uncheck();
  await page.locator('#c-kind').check();
  await press(page, 'nl', 'list-apply');
  await page.getByRole('link', { name: say('nl', 'settlement-amount'), exact: true }).click();
  assert.equal(await page.locator('th[aria-sort=descending]').innerText(), say('nl', 'settlement-amount'));
  await look(person, 'staff-pledges');
  const shown = await references(page);
  assert.equal(shown.length, before.length, 'as many on a page as before');
  const { bytes } = await download(page, page.getByRole('link', { name: say('nl', 'list-file') }));
  const rows = bytes.toString('utf8').trim().split('\r\n').slice(1);
  assert.deepEqual(rows.map((row) => row.split(',')[0]).slice(0, shown.length), shown, 'the file holds what the page shows');

  await page.locator('main summary', { hasText: say('nl', 'views-manage') }).click();
  await press(page, 'nl', 'views-keep');
  await expectFormError(page, 'nl', 'name', say('nl', 'views-name-missing'));
  await page.locator('#f-name').fill('Groot eerst');
  await press(page, 'nl', 'views-keep');
  await expectFlash(page, 'nl', 'flash-view-kept');
  await page.goto('/nl/staff/pledges');
  await page.getByRole('link', { name: 'Groot eerst', exact: true }).click();
  assert.deepEqual(await references(page), shown, 'the view is the list as it was');
}

async function keys(person) {
  const { page } = person;
  await page.goto(HELD);
  await page.keyboard.press('j');
  await page.keyboard.press('j');
  const [top, next] = await references(page);
  const focused = () => page.evaluate(() => document.activeElement.textContent);
  assert.equal(await focused(), next);
  await page.keyboard.press('k');
  assert.equal(await focused(), top);
  await page.keyboard.press('/');
  await page.keyboard.type('jo?');
  assert.equal(await page.locator('#f-q').inputValue(), 'jo?', 'keys do nothing while somebody types');
  await page.locator('main h1').click();
  await page.keyboard.press('?');
  await page.locator('#keys[open]').waitFor();
  await page.locator('#keys-off').check();
  await page.locator('#keys').getByRole('button', { name: say('nl', 'keys-close') }).click();
  await page.goto(HELD);
  await page.keyboard.press('j');
  assert.equal(await page.evaluate(() => document.activeElement.tagName), 'BODY', 'the keys are off');
  await press(page, 'nl', 'keys-title');
  await page.locator('#keys-off').uncheck();
  await page.locator('#keys').getByRole('button', { name: say('nl', 'keys-close') }).click();
  await page.goto(HELD);
  await page.keyboard.press('j');
  await page.keyboard.press('o');
  await page.waitForURL(/\/staff\/pledges\/DR-/);
  assert.ok((await textOf(page)).includes(top), 'the row was opened');
  await look(person, 'staff-pledge');
}

async function nothing(person) {
  const { page } = person;
  await devSignIn(page, 'treasurer2@drempel.example');
  await page.goto('/nl/staff/cases');
  if ((await page.locator('main tbody tr').count()) > 0) {
    await press(page, 'nl', 'bulk-chosen');
    await expectFlash(page, 'nl', 'flash-bulk-nothing-chosen');
  }
  await look(person, 'staff-cases');
}
