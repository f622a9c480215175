// An organisation comes in: it registers, is confirmed, invites somebody and joins a coalition; and the start money of a funded project
// goes out by a plan.

import assert from 'node:assert/strict';
import { REFUSALS, connectApp, devSignIn, expectFormError } from '../steps.mjs';
import { expectFlash, look, press, treasurers } from '../money.mjs';
import { say, textOf } from '../texts.mjs';

export const name = 'an organisation registers, joins a coalition, and money goes out by a plan';

const ZOE = 'zoe@werkplaats.example';
const YAN = 'yan@werkplaats.example';
const ORGANISATION = '/nl/studio/organisations/stichting-de-werkplaats';
const CHAIN = '/nl/studio/organisations/pluspunt-rotterdam/coalitions/roffabriek';
const FUNDED = 'procesversneller'; // of hotspot-hutspot, in round 2

export async function run({ app, visitor, step }) {
  const zoe = await visitor({ expected: REFUSALS });
  await step('somebody who was never here registers an organisation', () => register(app, zoe));
  const reviewer = await visitor({ expected: REFUSALS });
  await step('the team looks it up and confirms it', () => confirm(app, reviewer));
  await step('a colleague is invited and joins by the letter', () => invite(app, zoe, visitor));
  const pluspunt = await visitor({ expected: REFUSALS });
  await step('it joins a coalition', () => join(app, zoe, pluspunt));
  await step('a funded project gets a plan, fixed by two', () => plan(app, visitor));
}

async function register(app, person) {
  const { page } = person;
  await page.goto('/nl/sign-in');
  await page.getByRole('link', { name: say('nl', 'users-sign-in-organisation') }).click();
  await page.locator('#f-email').fill(ZOE);
  await page.getByRole('button', { name: say('nl', 'users-sign-in-send') }).click();
  const letter = await app.mail.waitForLetter(ZOE, /: \S+$/);
  await page.locator('#f-code').fill(letter.subject.split(': ').pop());
  await page.getByRole('button', { name: say('nl', 'users-code-enter'), exact: true }).click();
  await page.waitForURL(/\/studio\/organisations\/new$/);
  await look(person, 'organisation-new');
  await page.locator('#f-name').fill('Stichting De Werkplaats');
  await page.locator('input[name=kind][value=partner]').check();
  await page.locator('#f-kvk_number').fill('1234');
  await page.locator('#f-legal_form').selectOption('stichting');
  await page.locator('#f-rsin').fill('123456782');
  await page.locator('#f-pso').selectOption('1');
  await page.locator('#f-pso_until').fill('2030-12-31');
  await page.locator('#f-description_nl').fill('Wij maken meubels met mensen uit de buurt.');
  await press(page, 'nl', 'organisation-register');
  await expectFormError(page, 'nl', 'kvk_number', say('nl', 'organisation-kvk-wrong'));
  await look(person, 'organisation-new-wrong', { again: false });
  await page.locator('#f-kvk_number').fill('12345678');
  await press(page, 'nl', 'organisation-register');
  await expectFlash(page, 'nl', 'flash-organisation-registered');
  assert.ok((await textOf(page)).includes(say('nl', 'organisation-means-registered')));
  await look(person, 'organisation');
}

async function confirm(app, person) {
  const { page } = person;
  await devSignIn(page, 'reviewer@drempel.example');
  await page.goto('/nl/staff/organisations?state=registered');
  await look(person, 'staff-organisations');
  await page.getByRole('link', { name: 'Stichting De Werkplaats' }).click();
  await look(person, 'staff-organisation');
  await press(page, 'nl', 'staff-organisation-confirm');
  await expectFlash(page, 'nl', 'flash-organisation-confirmed');
  await app.mail.waitForLetter(ZOE, /Stichting De Werkplaats/);
  await page.goto('/nl/organisations/stichting-de-werkplaats');
  assert.ok((await textOf(page)).includes('12345678'), 'the number is public');
  await look(person, 'organisation-public');
}

async function invite(app, owner, visitor) {
  const { page } = owner;
  await connectApp(app, page, 'nl'); // members are changed with a second step
  await page.goto(`${ORGANISATION}/members`);
  await page.locator('#f-email').fill(YAN);
  await page.locator('input[name=role][value=editor]').check();
  await press(page, 'nl', 'members-invite');
  await expectFlash(page, 'nl', 'flash-member-invited');
  await look(owner, 'members');
  const letter = await app.mail.waitForLetter(YAN, /Stichting De Werkplaats/);
  const link = letter.links.find((address) => address.includes('/studio/invitations/'));
  const other = await visitor({ expected: REFUSALS });
  await devSignIn(other.page, 'backer1@drempel.example');
  await other.page.goto(link);
  assert.ok((await textOf(other.page)).includes(say('nl', 'invitation-other')), 'it is not for another address');
  await other.close();
  const yan = await visitor({ js: false, expected: REFUSALS });
  await yan.page.goto(link);
  await yan.page.locator('#f-email').fill(YAN);
  await yan.page.getByRole('button', { name: say('nl', 'users-sign-in-send') }).click();
  const code = (await app.mail.waitForLetter(YAN, /: \S+$/)).subject.split(': ').pop();
  await yan.page.locator('#f-code').fill(code);
  await yan.page.getByRole('button', { name: say('nl', 'users-code-enter'), exact: true }).click();
  await yan.page.waitForURL(/\/studio\/invitations\//);
  await look(yan, 'invitation');
  await press(yan.page, 'nl', 'invitation-accept');
  await expectFlash(yan.page, 'nl', 'flash-invitation-accepted');
  await yan.close();
}

async function join(app, zoe, pluspunt) {
  const { page } = pluspunt;
  await devSignIn(page, 'owner@pluspunt-rotterdam.example');
  await page.goto(CHAIN);
  await look(pluspunt, 'coalition-founder');
  await page.locator('#f-partner').fill('Iemand anders');
  await press(page, 'nl', 'coalition-invite');
  await expectFormError(page, 'nl', 'partner', say('nl', 'coalition-partner-unknown'));
  await page.locator('#f-partner').fill('12345678');
  await press(page, 'nl', 'coalition-invite');
  await expectFlash(page, 'nl', 'flash-coalition-invited');
  const letter = await app.mail.waitForLetter(ZOE, /samenwerking/);
  await zoe.page.goto(letter.links.find((address) => address.includes('/coalitions/')));
  await look(zoe, 'coalition-invited');
  await press(zoe.page, 'nl', 'coalition-join');
  await expectFlash(zoe.page, 'nl', 'flash-coalition-joined');
  await page.goto(CHAIN);
  await page.locator('#f-step_1_organisation').selectOption('stichting-de-werkplaats');
  await press(page, 'nl', 'form-save');
  await expectFlash(page, 'nl', 'flash-coalition-saved');
  await page.goto('/nl/coalitions/roffabriek');
  assert.ok((await textOf(page)).includes('Stichting De Werkplaats'));
  await look(pluspunt, 'coalition-public');
}

async function plan(app, visitor) {
  const owner = await visitor({ js: false, expected: REFUSALS });
  await devSignIn(owner.page, 'owner@hotspot-hutspot.example');
  const page = owner.page;
  await page.goto(`/nl/studio/projects/${FUNDED}/payouts`);
  await look(owner, 'payout-plan-none');
  await fill(page, 1, 'De eerste aankopen', '40', 'start');
  await fill(page, 2, 'De keuken is klaar', '50', 'milestone');
  await page.locator('input[name=unit][value=percent]').check();
  await press(page, 'nl', 'payplan-suggest');
  assert.ok((await textOf(page, '.error-summary')).includes('90'), 'ninety percent is not the whole');
  await look(owner, 'payout-plan-wrong', { again: false });
  await page.locator('#f-part_2_share').fill('60');
  await press(page, 'nl', 'payplan-suggest');
  await expectFlash(page, 'nl', 'flash-payplan-suggested');
  const [one, two] = await treasurers(visitor);
  await one.page.goto('/nl/staff/payouts');
  await one.page.locator('#ready + ul a').first().click();
  const address = one.page.url();
  await look(one, 'staff-payout-plan');
  await one.page.locator('#f-reason').fill('past bij de begroting');
  await press(one.page, 'nl', 'payplan-propose');
  await expectFlash(one.page, 'nl', 'flash-payplan-proposed');
  await two.page.goto(address);
  await press(two.page, 'nl', 'payplan-approve');
  await expectFlash(two.page, 'nl', 'flash-payplan-fixed');
  await look(two, 'staff-payout-plan-fixed');
  await page.goto(`/nl/studio/projects/${FUNDED}/payouts`);
  await page.locator('details summary').first().click();
  await page.locator('textarea[name=word]').first().fill('De keuken staat, met twee ovens.');
  await page.getByRole('button', { name: say('nl', 'payplan-report') }).first().click();
  await expectFlash(page, 'nl', 'flash-payplan-reported');
  await look(owner, 'payout-plan-reported');
  await page.goto(`/nl/projects/${FUNDED}/books`);
  assert.ok((await textOf(page)).includes('De keuken is klaar'), 'everybody sees what is still to come');
  await look(owner, 'books-with-plan');
}

async function fill(page, row, label, share, waits) {
  await page.locator(`#f-part_${row}_label_nl`).fill(label);
  await page.locator(`#f-part_${row}_share`).fill(share);
  await page.locator(`#f-part_${row}_waits_for`).selectOption(waits);
}
