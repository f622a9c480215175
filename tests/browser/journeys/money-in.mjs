// Money comes in by bank transfer: the instructions with their code, the statement, the papers; a wrong reference, and two who decide.

import assert from 'node:assert/strict';
import {
  BANK_IBAN, approvedByOther, bankAccount, download, expectFlash, handIn, look, press, scan, treasurers,
} from '../money.mjs';
import {
  LEERWERK, REFUSALS, awaitPledge, devSignIn, expectFormError, fillPledge, next, payAtBank, projectFacts, signInByCode,
} from '../steps.mjs';
import { euros, plain, say, textOf } from '../texts.mjs';
import { until } from '../tools.mjs';

export const name = 'money comes in by bank transfer';

const ANNA = 'anna@voorbeeld.example';
const BERT = 'bert@voorbeeld.example';
const BUYER = 'inkoop@voorbeeld.example';
const TYPED = 'voor het leerwerkcentrum, groet Bert Bakker';

export async function run({ app, visitor, step }) {
  const anna = await visitor({ js: false, expected: REFUSALS });
  const bert = await visitor({ locale: 'en-GB', expected: REFUSALS });
  const paid = await step('a backer chooses to transfer and reads how', () => instructed(app, anna, 'nl', ANNA));
  await step('the bank says that it is paid, and the pledge is held', () => paidAtTheBank(app, anna, paid));
  await step('the receipt on a page and as a file', () => receipt(app, anna, paid));
  const owing = await step('another backer chooses to transfer, with script', () => instructed(app, bert, 'en', BERT));
  const [first, second] = await step('two treasurers sign in', () => treasurers(visitor));
  const line = await step('a statement is refused, another brings money without a reference', () => strayMoney(first));
  await step('two treasurers give it to a pledge', () => given(app, bert, { first, second, line, owing }));
  await step('a company gets a pro forma and an invoice', () => purchase(app, visitor));
  await step('the open books of the project', () => openBooks(app, anna));
  await step('what a backer gave in a year', () => yearly(app, visitor));
}

/** Pledges 25 euros by transfer; answers what the page says to fill in at the bank. */
async function instructed(app, person, lang, email) {
  const { page } = person;
  await fillPledge(page, lang, LEERWERK, { amount: '25', email, name: email === ANNA ? 'Anna Visser' : 'Bert Bakker' });
  await page.getByRole('button', { name: new RegExp(say(lang, 'pledge-method-label').replace('?', '\\?')) }).click();
  await page.locator('#f-method').selectOption('transfer');
  await next(page, lang);
  assert.ok((await textOf(page)).includes(say(lang, 'transfer-next')), 'the last screen says what comes next');
  await page.locator('button[name=confirm]').click();
  await page.waitForURL(/\/pledges\/[^/]+\/transfer\?key=/);
  const address = page.url();
  const [, reference] = address.match(/\/pledges\/(DR-[^/]+)\//);
  const lines = await scan(page.locator('main svg[role=img]'));
  assert.deepEqual(lines.slice(0, 4), ['BCD', '002', '1', 'SCT'], 'EPC 069-12: service, version, character set, identification');
  const [bic, receiver, iban, amount, purpose, creditor] = lines.slice(4);
  assert.match(bic, /^[A-Z0-9]{8,11}$/);
  assert.deepEqual([iban, amount, purpose], [BANK_IBAN, 'EUR25.00', '']);
  assert.match(creditor, new RegExp(`^RF\\d\\d${reference.replaceAll('-', '')}$`));
  const text = await textOf(page);
  const squeezed = text.replaceAll(' ', '');
  for (const words of [receiver, euros(lang, 25), say(lang, 'transfer-only-reference')]) assert.ok(text.includes(words), words);
  for (const words of [BANK_IBAN, creditor, bic]) assert.ok(squeezed.includes(words), `the page says ${words} too`);
  await look(person, `transfer-${lang}`);
  const letter = await app.mail.waitForLetter(email, new RegExp(euros(lang, 25).replace('€', '')));
  assert.ok(letter.text.replaceAll(' ', '').includes(creditor), 'the letter says the reference');
  assert.ok(letter.links.includes(address), 'the letter leads to the code');
  return { reference, creditor, address, pledge: address.replace('/transfer', '') };
}

/** The bank of the development, whose form is tried with wrong input first. */
async function paidAtTheBank(app, person, { creditor, pledge, address, reference }) {
  const { page } = person;
  await page.goto('/dev/bank-statement');
  await page.locator('#f-reference').fill(creditor);
  await page.locator('#f-amount').fill('veel');
  await press(page, 'nl', 'dev-statement-import');
  await expectFormError(page, 'nl', 'amount', say('nl', 'amount-not-a-number'));
  assert.equal(await page.locator('#f-reference').inputValue(), creditor, 'what was typed is kept');
  await page.getByRole('link', { name: new RegExp(reference) }).click();
  assert.equal(await page.locator('#f-reference').inputValue(), creditor, 'the pledge fills the form in');
  await press(page, 'nl', 'dev-statement-import');
  assert.equal(await textOf(page, '[role=status]'), say('nl', 'dev-statement-done', { lines: '1', matched: '1' }));
  await look(person, 'dev-statement', { again: false });
  await page.goto(pledge);
  await awaitPledge(page, 'held');
  await page.goto(address);
  assert.ok((await textOf(page)).includes(say('nl', 'transfer-not-waiting')), 'nobody is asked to pay twice');
  await look(person, 'transfer-over');
  await page.goto(pledge);
}

async function receipt(app, person, { pledge }) {
  const { page } = person;
  await look(person, 'pledge-held');
  const letter = await app.mail.waitForLetter(ANNA, /ontvangen/);
  const link = letter.links.find((found) => found.includes('/documents?key='));
  await page.goto(link);
  await awaitPapers(page, 1);
  await look(person, 'papers');
  await page.locator('main table th a').first().click();
  const text = await textOf(page);
  for (const words of [euros('nl', 25), 'Anna Visser', say('nl', 'paper-nothing'), say('nl', 'method-transfer')]) {
    assert.ok(text.includes(words), `the receipt says ${words}`);
  }
  await look(person, 'gift-receipt');
  await expectPdf(page, page.getByRole('link', { name: say('nl', 'paper-pdf') }));
  await page.goto(pledge);
}

/** Loads the list of papers again until it has so many and waits for no other. */
const awaitPapers = (page, count) =>
  until(`${count} papers`, 15_000, async () => {
    const isWaiting = (await page.locator('meta[http-equiv=refresh]').count()) > 0;
    if (!isWaiting && (await page.locator('main tbody tr').count()) === count) return true;
    await page.reload();
    return false;
  });

/** A PDF that says its language and that it has a structure. */
async function expectPdf(page, link) {
  const answer = await page.request.get(await link.getAttribute('href'));
  assert.equal(answer.headers()['content-type'], 'application/pdf');
  const text = (await answer.body()).toString('latin1');
  assert.ok(text.startsWith('%PDF-'));
  assert.ok(text.includes('/Lang') && text.includes('/StructTreeRoot'), 'the file can be read aloud');
}

/** Answers the address of the payment that waits. */
async function strayMoney(first) {
  const { page } = first;
  await page.goto('/nl/staff/bank');
  await look(first, 'staff-bank');
  await press(page, 'nl', 'staff-bank-import');
  await expectFormError(page, 'nl', 'file', say('nl', 'bank-no-file'));
  await page.locator('#f-file').setInputFiles({ name: 'hack.xml', mimeType: 'text/xml', buffer: Buffer.from('<!DOCTYPE x [<!ENTITY a "b">]><x>&a;</x>') });
  await press(page, 'nl', 'staff-bank-import');
  assert.ok((await textOf(page, '#f-file-error')).includes(say('nl', 'bank-file-doctype')));
  await look(first, 'staff-bank-refused', { again: false });
  const file = bankAccount(2_500).statement([{ cents: 2_500, name: 'B Bakker', iban: 'BE68539007547034', text: TYPED }]);
  assert.ok((await handIn(first, file)).includes(say('nl', 'staff-bank-done-placed', { matched: '0', waiting: '1' })));
  await look(first, 'staff-bank-upload');
  await page.goto('/nl/staff/bank');
  await look(first, 'staff-bank-waiting', { again: false });
  const again = await handIn(first, file);
  assert.ok(again.includes(say('nl', 'staff-bank-done-known', { lines: '0', statements: '1' })), `twice changes nothing: ${again}`);
  await page.goto('/nl/staff/bank');
  await page.locator('table').last().locator('tbody a').first().click();
  await look(first, 'staff-statement');
  await page.goto('/nl/staff/bank');
  await page.locator('[aria-labelledby=waiting] a').first().click();
  return page.url();
}

async function given(app, bert, { first, second, line, owing }) {
  const { page } = first;
  const suggestions = await textOf(page, '[aria-labelledby=suggestions]');
  for (const words of [owing.reference, 'Bert Bakker', say('nl', 'staff-bank-same-amount'), say('nl', 'staff-bank-like-name')]) {
    assert.ok(suggestions.includes(words), `${words} is suggested: ${suggestions}`);
  }
  await look(first, 'staff-bank-line');
  await page.locator('#f-pledge').fill('DR-0000-0000-00');
  await page.locator('#f-reason').fill('De naam en het bedrag kloppen, en Bert bevestigde het per mail.');
  await press(page, 'nl', 'staff-bank-propose');
  await expectFormError(page, 'nl', 'pledge', say('nl', 'bank-no-such-pledge'));
  assert.ok((await page.locator('#f-reason').inputValue()).includes('per mail'), 'what was typed is kept');
  await page.locator('#f-pledge').fill(owing.reference);
  await press(page, 'nl', 'staff-bank-propose');
  await expectFlash(page, 'nl', 'flash-bank-proposed');
  await page.goto(line);
  await look(first, 'staff-bank-line-proposed');
  await second.page.goto('/nl/staff/approvals');
  await look(second, 'staff-approvals');
  await approvedByOther(first, second, { own: 'staff-bank-wait-for-other', button: say('nl', 'staff-bank-approve') });
  await second.page.goto(line);
  await look(second, 'staff-bank-line-given');
  await bert.page.goto(owing.pledge);
  await awaitPledge(bert.page, 'held');
  await app.mail.waitForLetter(BERT, /received/);
  await page.goto('/nl/staff/cases');
  assert.ok(!(await textOf(page)).includes(say('nl', 'case-bank_unknown')), 'the case is closed');
}

async function purchase(app, visitor) {
  const person = await visitor({ js: false, expected: REFUSALS });
  const { page } = person;
  await fillPledge(page, 'nl', LEERWERK, { amount: '100', email: BUYER, company: 'Voorbeeld Vervoer BV' });
  await payAtBank(page, 'cancel');
  await page.waitForURL(/\/pledges\//);
  await page.reload();
  const address = page.url();
  await page.goto(address.replace('?key=', '/documents?key='));
  await awaitPapers(page, 1);
  await page.locator('main tbody th a').first().click();
  assert.ok((await textOf(page)).includes('Voorbeeld Vervoer BV'));
  await look(person, 'pro-forma');
  await page.goto(address);
  await press(page, 'nl', 'pledge-pay-button', { amount: euros('nl', 100) });
  await page.locator('button[name=action][value=pay]').click();
  await awaitPledge(page, 'held');
  await page.goto(address.replace('?key=', '/documents?key='));
  await awaitPapers(page, 2);
  await look(person, 'papers-purchase');
  await page.locator('main tbody th a').filter({ hasText: /^Factuur/ }).click();
  const text = await textOf(page);
  for (const words of ['Voorbeeld Vervoer BV', euros('nl', 100), say('nl', 'paper-pay-invoice')]) assert.ok(text.includes(words), words);
  await look(person, 'invoice');
  await expectPdf(page, page.getByRole('link', { name: say('nl', 'paper-pdf') }));
  await person.close();
}

async function openBooks(app, person) {
  const { page } = person;
  await page.goto(`/nl/projects/${LEERWERK}/books`);
  const { held_cents: held } = await projectFacts(app, LEERWERK);
  assert.ok((await textOf(page, 'dl.stats')).includes(euros('nl', held / 100)), 'the books say what is held');
  await look(person, 'books');
  const { bytes } = await download(page, page.getByRole('link', { name: say('nl', 'site-books-csv') }));
  const rows = bytes.toString('utf8').trim().split(/\r?\n/);
  assert.ok(rows.length >= 2 && rows.every((row) => row.split(',').length === rows[0].split(',').length), rows.join('\n'));
}

async function yearly(app, visitor) {
  const person = await visitor({ js: false, expected: REFUSALS });
  const { page } = person;
  await signInByCode(app, page, 'nl', ANNA);
  await page.goto('/nl/account/statements');
  await look(person, 'years');
  await page.locator('main li a').first().click();
  const text = await textOf(page);
  assert.ok(text.includes(plain(euros('nl', 25))) && text.includes(say('nl', 'paper-waiting-heading')));
  await look(person, 'year');
  await person.close();
  const older = await visitor({ js: false, expected: REFUSALS });
  await devSignIn(older.page, 'backer1@drempel.example');
  await older.page.goto('/nl/account/statements');
  await look(older, 'years-of-a-demo-backer');
  await older.close();
}
