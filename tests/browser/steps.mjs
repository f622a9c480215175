// What several journeys do: look whether a page is sound, make a pledge, pay at the sandbox bank, sign in, move the clock.

import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { expectAccessible, expectNoSidewaysScroll } from './browser.mjs';
import { say, textOf } from './texts.mjs';
import { until } from './tools.mjs';

export const LEERWERK = 'leerwerkcentrum-oud-mathenesse-witte-dorp';

/** A refusal is an answer with a status of its own; browsers note such statuses in the console. */
export const REFUSALS = [/status of 4(22|09|03)/];

/** Throws unless the page has no violation, cannot be scrolled sideways, and its headings come in order. */
export async function expectSound(page) {
  await expectAccessible(page);
  await expectNoSidewaysScroll(page);
  await expectHeadings(page);
}

/** One h1, and no level left out on the way down. What stands before the h1 is the summary of errors. */
export async function expectHeadings(page) {
  const found = await page.locator('main :is(h1, h2, h3, h4, h5, h6)').evaluateAll((headings) =>
    headings.filter((h) => !h.closest('.error-summary')).map((h) => ({ level: Number(h.tagName[1]), text: h.textContent })),
  );
  const list = found.map(({ level, text }) => `h${level} ${text}`).join('\n    ');
  const jumps = found.some(({ level }, at) => level > (at === 0 ? 1 : found[at - 1].level + 1));
  if (jumps || found.filter(({ level }) => level === 1).length !== 1) {
    throw new Error(`${page.url()} has headings out of order:\n    ${list}`);
  }
}

/**
 * Throws unless the form came back with its errors as a form must: title, summary with the focus before the h1, a link to each
 * field, the same words beside it. `field` is the name of the field, `message` what is wrong with it.
 */
export async function expectFormError(page, lang, field, message) {
  const summary = page.locator('.error-summary');
  assert.match(await page.title(), new RegExp(`^${say(lang, 'form-error-prefix')} `));
  assert.equal(await summary.evaluate((e) => e === document.activeElement), true, 'the focus is on the summary of errors');
  const before = await summary.evaluate((e) => e.compareDocumentPosition(document.querySelector('h1')) & Node.DOCUMENT_POSITION_FOLLOWING);
  assert.ok(before, 'the summary of errors stands before the heading');
  const link = summary.getByRole('link', { name: message });
  assert.equal(await link.getAttribute('href'), `#f-${field}`);
  assert.ok((await textOf(page, `#f-${field}-error`)).endsWith(message));
  assert.equal(await page.locator(`#f-${field}`).getAttribute('aria-invalid'), 'true');
}

/** Fills the first two screens of a pledge and stands on the third. */
export async function fillPledge(page, lang, slug, { amount, email, name = '', updates = false, anonymous = false, company = '' }) {
  await page.goto(`/${lang}/projects/${slug}/pledge`);
  await page.locator('#f-amount').fill(amount);
  if (company) await page.locator('input[name=kind][value=purchase]').check();
  await next(page, lang);
  await page.locator('#f-email').fill(email);
  await page.locator('#f-name').fill(name);
  if (company) await page.locator('#f-company_name').fill(company);
  await page.locator('#f-updates').setChecked(updates);
  await page.locator('#f-anonymous').setChecked(anonymous);
  await next(page, lang);
}

/** The button that leads to the next screen. */
export const next = (page, lang) => page.getByRole('button', { name: say(lang, 'form-continue'), exact: true }).click();

/** Presses the last button of a pledge and one of the bank's: pay, fail, cancel or wait. */
export async function payAtBank(page, action = 'pay') {
  await page.locator('button[name=confirm]').click();
  await page.waitForURL(/\/dev\/bank\/pay\//);
  await page.locator(`button[name=action][value=${action}]`).click();
}

/** Loads the page of a pledge again until it has this state. */
export async function awaitPledge(page, state) {
  await page.waitForURL(/\/pledges\/[^/]+\?key=/);
  await until(`the pledge at ${page.url()} to be ${state}`, 20_000, async () => {
    if ((await page.locator(`.letter .badge.is-${state}`).count()) > 0) return true;
    // the page asks again by itself: it is looked at from beside, so that two loads of it do not cross
    const shown = await (await page.request.get(page.url())).text();
    if (shown.includes(`badge is-${state}`)) await page.reload();
    return false;
  });
}

/** All three screens, the bank, and the bank's word; answers the address of the pledge's page. */
export async function pledge(page, lang, slug, backer) {
  await fillPledge(page, lang, slug, backer);
  await payAtBank(page);
  await awaitPledge(page, 'held');
  return page.url();
}

/** Signs in as somebody of the demo, second factor included. */
export async function devSignIn(page, email) {
  await page.goto('/dev/sign-in');
  const form = page.locator('form', { has: page.locator('#f-email') });
  await form.locator('#f-email').fill(email);
  await form.getByRole('button').click();
  await page.waitForURL(/\/(staff|studio|account)$/);
}

/** Signs in the way everybody does: asks for a letter, types its code over. */
export async function signInByCode(app, page, lang, email) {
  await page.goto(`/${lang}/sign-in`);
  await page.locator('#f-email').fill(email);
  await page.getByRole('button', { name: say(lang, 'users-sign-in-send') }).click();
  const letter = await app.mail.waitForLetter(email, /: \S+$/);
  const code = letter.subject.split(': ').pop();
  assert.ok(letter.text.includes(code), 'the code stands in the letter too');
  await page.locator('#f-code').fill(code);
  await page.getByRole('button', { name: say(lang, 'users-code-enter'), exact: true }).click();
  await page.waitForURL((url) => !url.pathname.includes('/sign-in'));
}

/** The secret of everybody's app in the demo. */
export const DEMO_SECRET = 'DREMPELDEMODREMPELDEMODREMPELDEM';

/** What an authenticator app with this secret shows (RFC 6238), half a minute on: each code is used once. */
export async function appCode(app, secret = DEMO_SECRET) {
  const { now } = await moveClock(app, 31);
  const bits = [...secret].map((c) => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(c).toString(2).padStart(5, '0')).join('');
  const key = Buffer.from(bits.match(/.{8}/g).map((byte) => Number.parseInt(byte, 2)));
  const step = Buffer.alloc(8);
  step.writeBigUInt64BE(BigInt(Math.floor(Date.parse(now) / 30_000)));
  const digest = createHmac('sha1', key).update(step).digest();
  const number = digest.readUInt32BE(digest[19] & 15) & 0x7fffffff;
  return String(number % 1_000_000).padStart(6, '0');
}

/** On the page that asks for the second step: a code of the app. */
export async function confirmByApp(app, page, lang, secret) {
  await page.locator('#f-code').fill(await appCode(app, secret));
  await page.getByRole('button', { name: say(lang, 'users-factor-enter'), exact: true }).click();
  await page.waitForURL((url) => !url.pathname.includes('/sign-in'));
}

/** Connects an app to the account of who is signed in; answers its secret. */
export async function connectApp(app, page, lang) {
  await page.goto(`/${lang}/account/app`);
  const secret = (await page.locator('main .mono').innerText()).replace(/\s/g, '');
  await page.locator('#f-code').fill(await appCode(app, secret));
  await page.getByRole('button', { name: say(lang, 'users-enrol-connect'), exact: true }).click();
  await page.waitForURL(/\/account\/security/);
  return secret;
}

/** Moves the program's clock; what has become due by then has happened when this is done. Answers its new time. */
export async function moveClock(app, seconds) {
  const answer = await fetch(`${app.base}/dev/clock`, {
    method: 'POST',
    headers: { accept: 'application/json' },
    body: new URLSearchParams({ advance_seconds: String(seconds) }),
  });
  const text = await answer.text();
  assert.equal(answer.status, 200, text);
  return JSON.parse(text);
}

/** Waits for the demo, which a program on an empty database goes on writing after its first page. */
export async function awaitDemo(app) {
  await until('the demo to be there', 60_000, async () => app.log().includes('the demo is complete'));
}

/** What the interface for programs says of a project. */
export async function projectFacts(app, slug) {
  const answer = await fetch(`${app.base}/api/v1/projects/${slug}`);
  assert.equal(answer.status, 200);
  return answer.json();
}
