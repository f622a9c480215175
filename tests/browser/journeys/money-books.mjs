// The team looks after the money: comparing, cases, disputes, what happens by itself, and the books for the bookkeeper.

import assert from 'node:assert/strict';
import { approvedByOther, bankAccount, control, download, expectFlash, handIn, look, press, treasurers } from '../money.mjs';
import { LEERWERK, REFUSALS, expectFormError, pledge } from '../steps.mjs';
import { euros, say, textOf } from '../texts.mjs';
import { until } from '../tools.mjs';

export const name = 'the team looks after the books';

const STRAY = 1_234;

export async function run({ app, visitor, step }) {
  const backer = await visitor({ js: false, expected: REFUSALS });
  const [first, second] = await step('two treasurers sign in', () => treasurers(visitor));
  await step('there are no disputes, and then there is one', () => dispute(app, backer, first));
  await step('money that nobody explains is a case, settled by two', () => settleCase(app, first, second));
  await step('the books are compared now', () => compare(first));
  await step('a task is switched off and on', () => switchTask(first));
  await step('the bookkeeper takes an account with them', () => exportAccount(first));
}

async function dispute(app, backer, first) {
  const { page } = first;
  await page.goto('/nl/staff/disputes');
  await look(first, 'staff-disputes-none');
  const address = await pledge(backer.page, 'nl', LEERWERK, { amount: '40', email: 'dirk@voorbeeld.example' });
  const [, reference] = address.match(/\/pledges\/(DR-[^?]+)/);
  await page.goto(`/nl/staff/pledges/${reference}`);
  const [intent] = (await page.content()).match(/pi_[A-Za-z0-9]+/);
  await control(app, 'dispute', { payment_intent: intent, status: 'needs_response' });
  await until('the dispute to be known', 15_000, async () => {
    await page.goto('/nl/staff/disputes');
    return (await textOf(page)).includes(reference);
  });
  await look(first, 'staff-disputes');
  await backer.page.goto(address);
  await backer.page.locator('.letter .badge.is-disputed').waitFor();
  await look(backer, 'pledge-disputed');
}

/** Money on the statement without a word to it: not explained away while it is there, but booked by two. */
async function settleCase(app, first, second) {
  const { page } = first;
  const stray = { cents: STRAY, name: 'Onbekende Afzender', iban: 'BE68539007547034', text: 'geen idee' };
  await handIn(first, bankAccount().statement([stray]));
  await page.goto('/nl/staff/cases');
  await look(first, 'staff-cases');
  await page.getByRole('link', { name: say('nl', 'case-bank_unknown') }).first().click();
  await look(first, 'staff-case');
  assert.ok((await textOf(page)).includes(say('nl', 'case-money-in-suspense')));
  await page.locator('#f-credit').fill('kerstpakket');
  await page.locator('#f-reason').fill('Geschenk aan de stichting.');
  await press(page, 'nl', 'case-propose');
  await expectFormError(page, 'nl', 'credit', say('nl', 'case-account-unknown', { account: 'kerstpakket' }));
  assert.equal(await page.locator('#f-reason').inputValue(), 'Geschenk aan de stichting.', 'what was typed is kept');
  await page.locator('#f-credit').fill('platform_fees');
  await press(page, 'nl', 'case-propose');
  await expectFlash(page, 'nl', 'flash-case-proposed');
  await page.goto(page.url().split('?')[0]);
  await second.page.goto(page.url());
  await look(second, 'staff-case-to-approve');
  await approvedByOther(first, second, { own: 'case-own-proposal', button: say('nl', 'case-approve') });
  await page.reload();
  await look(first, 'staff-case-closed');
}

async function compare(first) {
  const { page } = first;
  await page.goto('/nl/staff/reconciliation');
  await page.locator('#f-day').fill('morgen');
  await press(page, 'nl', 'reconciliation-run');
  await expectFormError(page, 'nl', 'day', say('nl', 'reconciliation-no-day'));
  assert.equal(await page.locator('#f-day').inputValue(), 'morgen', 'what was typed is kept');
  await page.goto('/nl/staff/reconciliation');
  await press(page, 'nl', 'reconciliation-run');
  await expectFlash(page, 'nl', 'flash-reconciliation-done');
  await page.goto('/nl/staff/reconciliation');
  await look(first, 'staff-reconciliation');
}

async function switchTask(first) {
  const { page } = first;
  await page.goto('/nl/staff/jobs');
  await look(first, 'staff-jobs');
  await page.getByRole('link', { name: say('nl', 'task-alarms'), exact: true }).click();
  await look(first, 'staff-task');
  await press(page, 'nl', 'staff-task-turn-off');
  await expectFormError(page, 'nl', 'reason', say('nl', 'approval-reason-missing'));
  await page.locator('#f-reason').fill('Onderhoud aan de bank, tot vanavond.');
  await press(page, 'nl', 'staff-task-turn-off');
  await expectFlash(page, 'nl', 'flash-task-off');
  await page.goto(page.url().split('?')[0]);
  await look(first, 'staff-task-off');
  await page.locator('#f-reason').fill('Het onderhoud is klaar.');
  await press(page, 'nl', 'staff-task-turn-on');
  await expectFlash(page, 'nl', 'flash-task-on');
}

async function exportAccount(first) {
  const { page } = first;
  await page.goto('/nl/staff/books');
  await page.locator('#f-from').fill('32-13-2026');
  await press(page, 'nl', 'books-show');
  await expectFormError(page, 'nl', 'from', say('nl', 'books-day-wrong'));
  assert.equal(await page.locator('#f-from').inputValue(), '32-13-2026', 'what was typed is kept');
  await page.goto('/nl/staff/books?account=bank');
  assert.ok((await textOf(page)).includes(`${euros('nl', 12)},34`), 'what came in stands in the books');
  await look(first, 'staff-books');
  const csv = await download(page, page.getByRole('link', { name: say('nl', 'books-csv') }));
  assert.match(csv.name, /\.csv$/);
  assert.ok(csv.bytes.toString('utf8').includes('12.34') || csv.bytes.toString('utf8').includes('12,34'), csv.bytes.toString('utf8'));
  const book = await download(page, page.getByRole('link', { name: say('nl', 'books-xlsx') }));
  assert.match(book.name, /\.xlsx$/);
  assert.equal(book.bytes.subarray(0, 2).toString(), 'PK', 'a workbook is a zip');
}
