// Money leaves: a refund that could not arrive is claimed, an organisation is paid; always by two, and the statement confirms it.

import assert from 'node:assert/strict';
import {
  approvedByOther, bankAccount, control, download, expectFlash, handIn, look, press, treasurers,
} from '../money.mjs';
import { LEERWERK, REFUSALS, devSignIn, expectFormError, pledge, projectFacts } from '../steps.mjs';
import { euros, plain, say, textOf } from '../texts.mjs';
import { until } from '../tools.mjs';

export const name = 'money leaves by two treasurers';

const CATO = 'cato@voorbeeld.example';
const OWNER = 'owner@stichting-schouders-eronder.example';
const RUGDEKKING = 'rugdekking';
const HERS = 'BE68 5390 0754 7034';
const THEIRS = 'NL91ABNA0417164300';

export async function run({ app, visitor, step }) {
  const account = bankAccount(1_000_000);
  const cato = await visitor({ js: false, expected: REFUSALS });
  await step('a refund cannot arrive', () => unclaimed(app, cato));
  const [first, second] = await step('two treasurers sign in', () => treasurers(visitor));
  await step('the team sees whose money waits', async () => {
    await first.page.goto('/nl/staff/claims');
    await look(first, 'staff-claims');
    await first.page.goto('/nl/staff/refunds');
    await look(first, 'staff-refunds');
  });
  await step('by the link in the letter an account is given', () => claim(app, cato));
  await step('two people make a file for the bank', () => toTheBank(first, second, 'claim'));
  await step('the next statement confirms it', () => confirmed(first, account, { cents: 2_500, name: 'C. de Boer', iban: HERS }));
  await step('who claimed has the money', async () => {
    await look(first, 'staff-file-confirmed');
    await hasIt(app, cato);
  });
  const owner = await visitor({ expected: REFUSALS });
  await step('an owner enters an account', () => enterAccount(app, owner));
  await step('two treasurers check it', () => checkAccount(app, first, second));
  await step('start money is proposed and approved', () => tranche(first, second));
  await step('it goes to the bank and is confirmed', async () => {
    await toTheBank(first, second, 'tranche');
    await confirmed(first, account, { cents: 25_000, name: 'Stichting Schouders Eronder', iban: THEIRS });
    await app.mail.waitForLetter(OWNER, new RegExp(say('nl', 'letter-tranche_paid-subject', { amount: '.*', organisation: '.*' })));
    await owner.page.goto('/nl/studio/payouts');
    assert.ok((await textOf(owner.page)).includes(euros('nl', 250)));
    await look(owner, 'studio-payouts-paid');
  });
  await step('the project stops after its first tranche: the rest goes back to the cent', () => stop(app, first, second));
}

/** A paid pledge that is cancelled, whose refund the card does not take. */
async function unclaimed(app, cato) {
  const { page } = cato;
  await control(app, 'faults', { refunds: 'pending' });
  await pledge(page, 'nl', LEERWERK, { amount: '25', email: CATO, name: 'Cato de Boer' });
  const known = (await control(app, 'effects')).refunds.length;
  await press(page, 'nl', 'pledge-cancel-button');
  await look(cato, 'pledge-refunding');
  const refund = await until('the refund at the provider', 15_000, async () => (await control(app, 'effects')).refunds.slice(known).at(-1));
  await control(app, 'refund', { refund: refund.id, status: 'failed', failure_reason: 'expired_or_canceled_card' });
}

async function claim(app, cato) {
  const { page } = cato;
  const letter = await app.mail.waitForLetter(CATO, /terugsturen/);
  await page.goto(letter.links.find((link) => link.includes('/pledges/')));
  await look(cato, 'pledge-unclaimed');
  await page.getByRole('link', { name: say('nl', 'claim-give') }).click();
  await look(cato, 'claim');
  await page.locator('#f-iban').fill('NL91 ABNA 0417 1643 01');
  await page.locator('#f-holder').fill('C. de Boer');
  await press(page, 'nl', 'claim-to-check');
  await expectFormError(page, 'nl', 'iban', say('nl', 'claim-iban-wrong'));
  assert.equal(await page.locator('#f-iban').inputValue(), 'NL91 ABNA 0417 1643 01', 'what was typed is kept');
  assert.equal(await page.locator('#f-holder').inputValue(), 'C. de Boer');
  await look(cato, 'claim-wrong', { again: false });
  await page.locator('#f-iban').fill(HERS.toLowerCase());
  await press(page, 'nl', 'claim-to-check');
  assert.ok((await textOf(page)).includes(HERS), 'the account is shown once more');
  await look(cato, 'claim-check', { again: false });
  await press(page, 'nl', 'claim-confirm');
  await expectFlash(page, 'nl', 'flash-claim-given');
  await look(cato, 'pledge-claimed');
  await app.mail.waitForLetter(CATO, new RegExp(say('nl', 'letter-claim_received-subject')));
}

/** A file with all that waits: proposed, approved, downloaded, brought to the bank. Stands on its page. Looks at the first one only. */
async function toTheBank(first, second, which) {
  const { page } = first;
  const glance = which === 'claim' ? look : async () => {};
  await page.goto('/nl/staff/transfers');
  await glance(first, 'staff-transfers');
  await page.locator('input[name=choice][value=picked]').check();
  await page.locator('#f-reason').fill('Wat deze week klaarstaat.');
  await press(page, 'nl', 'transfers-propose');
  assert.ok((await textOf(page, '.error-summary')).includes(say('nl', 'transfers-nothing-chosen')));
  assert.equal(await page.locator('#f-reason').inputValue(), 'Wat deze week klaarstaat.', 'what was typed is kept');
  await page.locator('input[name=choice][value=all]').check();
  await press(page, 'nl', 'transfers-propose');
  await expectFlash(page, 'nl', 'flash-transfers-proposed');
  await page.goto(page.url().split('?')[0]);
  await glance(first, 'staff-file-proposed');
  await second.page.goto(page.url());
  await glance(second, 'staff-file-to-approve');
  const button = await second.page.locator('button.danger').innerText();
  await approvedByOther(first, second, { own: 'settlement-wait-for-other', button });
  await page.reload();
  await glance(first, 'staff-file-approved');
  const { name: file, bytes } = await download(page, page.getByRole('button', { name: say('nl', 'transfers-download') }));
  assert.match(file, /\.xml$/);
  assert.ok(bytes.toString('utf8').includes('urn:iso:std:iso:20022:tech:xsd:pain.001.001.09'));
  await press(page, 'nl', 'transfers-mark-sent');
  await expectFlash(page, 'nl', 'flash-transfers-sent');
}

/** The bank booked the one transfer of the file whose page is open. */
async function confirmed(first, account, { cents, name: holder, iban }) {
  const { page } = first;
  const file = page.url().split('?')[0];
  const endToEnd = await page.locator('tbody code').last().innerText();
  const paid = { cents: -cents, name: holder, iban: iban.replaceAll(' ', ''), text: 'Drempel', endToEnd };
  const said = await handIn(first, account.statement([paid]));
  assert.ok(said.includes(say('nl', 'staff-bank-done-placed', { matched: '1', waiting: '0' })), said);
  await page.goto(file);
  await page.locator('.badge.is-confirmed').first().waitFor();
}

async function hasIt(app, cato) {
  const { page } = cato;
  const letter = await app.mail.waitForLetter(CATO, new RegExp(say('nl', 'letter-claim_paid-subject')));
  await page.goto(letter.links.find((link) => link.includes('/pledges/')));
  await page.locator('.letter .badge.is-refunded').first().waitFor();
  await look(cato, 'pledge-paid-by-bank');
}

async function enterAccount(app, owner) {
  const { page } = owner;
  await devSignIn(page, OWNER);
  await page.goto('/nl/studio/payouts');
  await look(owner, 'studio-payouts');
  await page.locator('details:not([open]) summary').first().click({ timeout: 500 }).catch(() => null); // open when there is no account yet
  await page.locator('details input[name=iban]').first().fill('NL91ABNA0417164301');
  await page.locator('details input[name=holder]').first().fill('Stichting Schouders Eronder');
  await press(page, 'nl', 'payouts-account-save');
  assert.equal(await textOf(page, '#f-iban'), `${say('nl', 'form-error-prefix')} ${say('nl', 'claim-iban-wrong')}`);
  assert.equal(await page.locator('details input[name=holder]').first().inputValue(), 'Stichting Schouders Eronder', 'what was typed is kept');
  await look(owner, 'studio-account-wrong', { again: false });
  await page.locator('details input[name=iban]').first().fill(THEIRS);
  await press(page, 'nl', 'payouts-account-save');
  await expectFlash(page, 'nl', 'flash-payouts-account-entered');
  await look(owner, 'studio-account-entered');
  await app.mail.waitForLetter(OWNER, new RegExp(say('nl', 'letter-account_entered-subject', { organisation: '' })));
}

async function checkAccount(app, first, second) {
  const { page } = first;
  await page.goto('/nl/staff/payouts');
  await look(first, 'staff-payouts');
  await page.locator('[aria-labelledby=accounts] a').first().click();
  await look(first, 'staff-account');
  await press(page, 'nl', 'payouts-account-propose');
  await expectFormError(page, 'nl', 'reason', say('nl', 'approval-reason-missing'));
  await page.locator('#f-reason').fill('Gebeld met het nummer dat we al hadden.');
  await press(page, 'nl', 'payouts-account-propose');
  await expectFlash(page, 'nl', 'flash-payouts-account-proposed');
  await page.goto(page.url().split('?')[0]);
  await second.page.goto(page.url());
  await look(second, 'staff-account-to-approve');
  await approvedByOther(first, second, { own: 'settlement-wait-for-other', button: say('nl', 'payouts-account-approve') });
  await app.mail.waitForLetter(OWNER, new RegExp(say('nl', 'letter-account_verified-subject', { organisation: '.*' })));
}

async function tranche(first, second) {
  const { page } = first;
  await page.goto('/nl/staff/payouts');
  await page.locator('#f-project').selectOption(RUGDEKKING);
  await page.locator('#f-amount').fill('99999');
  await page.locator('#f-reason').fill('Eerste deel van het startgeld.');
  await press(page, 'nl', 'payouts-propose');
  await expectFormError(page, 'nl', 'amount', say('nl', 'payouts-too-much'));
  assert.equal(await page.locator('#f-reason').inputValue(), 'Eerste deel van het startgeld.', 'what was typed is kept');
  await page.locator('#f-amount').fill('250');
  await press(page, 'nl', 'payouts-propose');
  await expectFlash(page, 'nl', 'flash-payouts-proposed');
  await page.goto(page.url().split('?')[0]);
  await look(first, 'staff-payout-proposed');
  await second.page.goto(page.url());
  await look(second, 'staff-payout-to-approve');
  const button = await second.page.locator('button.danger').innerText();
  await approvedByOther(first, second, { own: 'settlement-wait-for-other', button });
  await page.reload();
  await look(first, 'staff-payout-approved');
  await until('the transfer to be planned', 15_000, async () => {
    await page.goto('/nl/staff/transfers');
    return (await textOf(page)).includes(euros('nl', 250));
  });
}

async function stop(app, first, second) {
  const { page } = first;
  await page.goto('/nl/staff/payouts');
  await page.locator('tr', { hasText: 'Rugdekking' }).locator('a[href$="/stop"]').first().click();
  await look(first, 'staff-stop');
  const goesBack = await textOf(page, 'dl[data-hash] strong >> nth=0');
  await press(page, 'nl', 'stop-propose');
  await expectFormError(page, 'nl', 'reason', say('nl', 'approval-reason-missing'));
  await page.locator('#f-reason').fill('De werkplaats is afgebrand.');
  await press(page, 'nl', 'stop-propose');
  await expectFlash(page, 'nl', 'flash-stop-proposed');
  await page.goto(page.url().split('?')[0]);
  await second.page.goto(page.url());
  await look(second, 'staff-stop-to-approve');
  const button = await second.page.locator('button.danger').innerText();
  assert.ok(plain(button).includes(plain(goesBack)), `${button} names what goes back: ${goesBack}`);
  await approvedByOther(first, second, { own: 'settlement-wait-for-other', button });
  await until('the project to be stopped', 15_000, async () => (await projectFacts(app, RUGDEKKING)).status === 'terminated');
  await until('its refunds to be made', 30_000, async () => {
    await page.reload();
    return plain(await textOf(page)).includes(plain(goesBack)) && (await page.locator('form').count()) === 0;
  });
  await look(first, 'staff-stopped');
  await app.mail.waitForLetter(OWNER, /is gestopt$/);
  await page.goto(`/nl/projects/${RUGDEKKING}`);
  assert.ok((await textOf(page)).includes(say('nl', 'site-was-terminated')));
  await look(first, 'project-terminated');
  await page.goto(`/nl/projects/${RUGDEKKING}/books`);
  await look(first, 'project-terminated-books');
}
