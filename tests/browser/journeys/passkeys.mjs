// Passkeys, with a device that Chromium plays: the team adds one, signs in with it, decides with it, removes it; two admins let
// somebody who lost everything begin anew; an owner needs a second step for what is not public; and an account moves to another address.

import assert from 'node:assert/strict';
import { LEERWERK, REFUSALS, appCode, devSignIn, expectFormError, moveClock, signInByCode } from '../steps.mjs';
import { expectFlash, look, press } from '../money.mjs';
import { say, textOf } from '../texts.mjs';

export const name = 'passkeys, the second step, and beginning anew';

const TREASURER = 'treasurer1@drempel.example';
const OWNER = 'owner@de-verbindingskamer.example';
const BACKER = 'backer3@drempel.example';
const NEW = 'nieuw@voorbeeld.example';

export async function run({ app, visitor, step }) {
  const treasurer = await visitor({ expected: REFUSALS });
  await device(treasurer);
  await step('somebody of the team adds a passkey', () => add(treasurer));
  await step('signs in with it', () => signIn(app, treasurer));
  const admins = [await visitor({ expected: REFUSALS }), await visitor({ expected: REFUSALS })];
  const path = await step('an admin proposes to let a treasurer begin anew', () => propose(admins[0]));
  await step('another confirms with a passkey, and approves', () => approve(app, admins[1], path));
  await step('who lost everything enrols by the link in the letter', () => enrol(app, treasurer));
  await step('removes a passkey', () => remove(treasurer));
  const owner = await visitor({ js: false, expected: REFUSALS });
  await step('an owner without script confirms with an app to see the backers', () => backers(app, owner));
  const backer = await visitor({ expected: REFUSALS });
  await step('an account moves to another address, and the old one takes it back', () => move(app, backer, visitor));
}

/** A device for passkeys in this visitor's page, which knows who is there. */
async function device({ context, page }) {
  const browser = await context.newCDPSession(page);
  await browser.send('WebAuthn.enable');
  const options = { protocol: 'ctap2', transport: 'internal', hasResidentKey: true, hasUserVerification: true, isUserVerified: true };
  await browser.send('WebAuthn.addVirtualAuthenticator', { options: { ...options, automaticPresenceSimulation: true } });
}

async function addPasskey(page, called) {
  await page.goto('/nl/account/security');
  await page.locator('#f-name').fill(called);
  await press(page, 'nl', 'passkey-add');
  await expectFlash(page, 'nl', 'flash-passkey-added');
}

async function add(person) {
  const { page } = person;
  await devSignIn(page, TREASURER);
  await page.goto('/nl/account/security');
  await look(person, 'security');
  await press(page, 'nl', 'passkey-add');
  await expectFormError(page, 'nl', 'name', say('nl', 'passkey-name-wrong'));
  await addPasskey(page, 'mijn telefoon');
  assert.ok((await textOf(page)).includes('mijn telefoon'));
  await look(person, 'security-with-passkey');
}

async function signIn(app, person) {
  const { page } = person;
  await page.goto('/nl/account');
  await press(page, 'nl', 'users-sign-out');
  await page.goto('/nl/sign-in');
  await page.locator('#f-email').fill(TREASURER);
  await press(page, 'nl', 'users-sign-in-send');
  const letter = await app.mail.waitForLetter(TREASURER, /: \S+$/);
  await page.locator('#f-code').fill(letter.subject.split(': ').pop());
  await press(page, 'nl', 'users-code-enter');
  await page.waitForURL(/\/sign-in\/factor/);
  await look(person, 'factor');
  await press(page, 'nl', 'passkey-use-button');
  await page.waitForURL(/\/nl\/staff$/);
  await page.goto('/nl/account/sessions');
  assert.ok((await textOf(page)).includes('Chrome, Linux'), 'the browser is named');
  await look(person, 'sessions');
}

async function propose(person) {
  const { page } = person;
  await devSignIn(page, 'admin@drempel.example');
  await page.goto('/nl/staff/users');
  await look(person, 'staff-people');
  await page.getByRole('link', { name: TREASURER }).click();
  await press(page, 'nl', 'recovery-propose');
  await expectFormError(page, 'nl', 'reason', say('nl', 'approval-reason-missing'));
  await page.locator('#f-reason').fill('Gebeld op het bekende nummer: tas gestolen.');
  await press(page, 'nl', 'recovery-propose');
  await expectFlash(page, 'nl', 'flash-recovery-proposed');
  await look(person, 'staff-recovery-proposed');
  return new URL(page.url()).pathname;
}

async function approve(app, person, path) {
  const { page } = person;
  await device(person);
  await devSignIn(page, 'admin2@drempel.example');
  await addPasskey(page, 'sleutel');
  await moveClock(app, 301);
  await page.goto('/nl/staff/approvals');
  await page.getByRole('link', { name: say('nl', 'approval-kind-people-recover') }).click();
  await page.waitForURL((url) => url.pathname === path);
  await look(person, 'staff-recovery');
  await press(page, 'nl', 'recovery-approve');
  await page.waitForURL(/\/sign-in\/factor/);
  await press(page, 'nl', 'passkey-use-button');
  await page.getByRole('heading', { level: 1, name: say('nl', 'kept-title') }).waitFor();
  await look(person, 'kept-form', { again: false });
  await press(page, 'nl', 'kept-send');
  await page.waitForURL((url) => url.pathname === path);
  await expectFlash(page, 'nl', 'flash-recovery-approved');
  await app.mail.waitForLetter('admin@drempel.example', /treasurer1/);
}

async function enrol(app, person) {
  const { page } = person;
  await page.goto('/nl/staff');
  assert.match(page.url(), /\/nl\/sign-in/, 'every session ended');
  const letter = await app.mail.waitForLetter(TREASURER, new RegExp(say('nl', 'letter-account-recovered-subject')));
  await page.goto(letter.links.find((address) => address.includes('/sign-in/enrol/')));
  await look(person, 'enrol', { again: false });
  const secret = (await page.locator('main .mono').innerText()).replace(/\s/g, '');
  await page.locator('#f-code').fill(await appCode(app, secret));
  await press(page, 'nl', 'users-enrol-enter');
  await page.waitForURL(/\/nl\/staff$/);
  await addPasskey(page, 'nieuwe telefoon');
}

async function remove(person) {
  const { page } = person;
  await page.locator('form[action$="/remove"] button', { hasText: 'nieuwe telefoon' }).click();
  await expectFlash(page, 'nl', 'flash-passkey-removed');
  assert.ok((await textOf(page)).includes(say('nl', 'passkeys-empty')));
}

async function backers(app, person) {
  const { page } = person;
  await signInByCode(app, page, 'nl', OWNER);
  await page.goto('/nl/account/security');
  await look(person, 'security-no-script');
  await page.goto(`/nl/studio/projects/${LEERWERK}/backers`);
  assert.match(page.url(), /\/sign-in\/factor/);
  await look(person, 'factor-app');
  await page.locator('#f-code').fill(await appCode(app));
  await press(page, 'nl', 'users-factor-enter');
  await page.waitForURL(/\/backers$/);
}

async function move(app, person, visitor) {
  const { page } = person;
  await signInByCode(app, page, 'nl', BACKER);
  await page.goto('/nl/account/address');
  await look(person, 'address');
  await page.locator('#f-email').fill(NEW);
  await press(page, 'nl', 'address-ask');
  const code = (await app.mail.waitForLetter(NEW, /: \S+$/)).subject.split(': ').pop();
  await look(person, 'address-code');
  await page.locator('#f-code').fill(code);
  await press(page, 'nl', 'address-confirm');
  await expectFlash(page, 'nl', 'flash-address-changed');
  await app.mail.waitForLetter(NEW, new RegExp(say('nl', 'letter-account-address-changed-subject')));
  const letter = await app.mail.waitForLetter(BACKER, new RegExp(say('nl', 'letter-address-old-subject')));
  const old = await visitor({ js: false, expected: [/status of 410/] });
  await old.page.goto(letter.links.find((address) => address.includes('/sign-in/restore/')));
  await look(old, 'restore');
  await press(old.page, 'nl', 'restore-button');
  await expectFlash(old.page, 'nl', 'flash-address-restored');
  await page.goto('/nl/account');
  assert.match(page.url(), /\/nl\/sign-in/, 'everybody is signed out');
}
