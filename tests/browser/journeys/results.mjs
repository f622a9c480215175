// What projects promised is measured, checked and paid for: a learning centre that reaches a part of it, a coalition of three that
// shares its money, thirteen workshops. What no result earned goes back to the cent, and a company gets its final statement.

import assert from 'node:assert/strict';
import { approvedByOther, expectFlash, look, press, treasurers } from '../money.mjs';
import { LEERWERK, REFUSALS, devSignIn, expectFormError, moveClock, pledge, projectFacts } from '../steps.mjs';
import { euros, plain, say, textOf } from '../texts.mjs';
import { sleep, until } from '../tools.mjs';

export const name = 'results are measured, checked and paid for';
export const isLong = true;

const CLOSING = '/nl/staff/rounds/3/closing';
const DAY_SECONDS = 86_400;
const KITCHEN = 'voedsel-van-de-tuin-naar-de-keuken';
const WORKSHOPS = 'alle-13-goed';
const COMPANY = { email: 'inkoop@voorbeeldbouw.example', company: 'Voorbeeld Bouw BV' };

export async function run({ app, visitor, step }) {
  const buyer = await visitor({ js: false, expected: REFUSALS });
  const owner = await visitor({ js: false, expected: REFUSALS, viewport: { width: 320, height: 640 } });
  const expert = await visitor({ expected: REFUSALS });
  const other = await visitor({ expected: REFUSALS });
  await step('a company buys all that is left of the learning centre', () => buy(app, buyer));
  const people = await step('two treasurers close the round', async () => {
    const both = await treasurers(visitor);
    await close(app, both);
    return both;
  });
  await step('three waves on a telephone', () => measure(app, owner));
  await step('the figures of the last are handed in and checked', () => check(owner, expert));
  await step('one of them is corrected with a reason and checked anew', () => correct(owner, expert));
  await step('the owner disputes one, somebody else decides', () => dispute(owner, expert, other));
  await step('two treasurers release what was earned', () => release(app, people, LEERWERK, { final: true }));
  await step('what was not earned goes back to the cent', () => rest(app, buyer, people));
  await step('the company has its final statement', () => statement(app, buyer));
  await step('everybody sees what was promised and reached', () => seen(visitor));
  await step('three organisations share 50, 30 and 20', () => kitchen(app, owner, expert, people));
  await step('thirteen workshops', () => workshops(app, owner, expert, people));
}

/** Whoever the clock has signed out comes back. */
const again = ({ page }, email) => devSignIn(page, email);

/** By iDEAL so much at once. */
const MOST_CENTS = 5_000_000;

async function buy(app, buyer) {
  const facts = await projectFacts(app, LEERWERK);
  let left = Number(facts.impact_value_rikx) * facts.unit_price_cents - facts.held_cents - facts.reserved_cents - facts.processing_cents;
  while (left > 0) {
    const cents = Math.min(left, MOST_CENTS);
    buyer.address = await pledge(buyer.page, 'nl', LEERWERK, { amount: String(cents / 100), ...COMPANY });
    left -= cents;
  }
}

async function close(app, [first, second]) {
  const { closes_at: closes } = await (await fetch(`${app.base}/api/v1/rounds/3`)).json();
  const { now } = await moveClock(app, 1);
  await moveClock(app, Math.ceil((Date.parse(closes) - Date.parse(now)) / 1000) + 60);
  // what was reserved and not paid has ended by then
  await moveClock(app, 4 * DAY_SECONDS);
  await again(first, 'treasurer1@drempel.example');
  let hash;
  await until('the list to stand still', 20_000, async () => {
    await first.page.goto(CLOSING);
    const before = hash;
    hash = await first.page.locator('[data-hash]').getAttribute('data-hash');
    await sleep(500);
    return hash === before;
  });
  await first.page.locator('#f-reason').fill('De lijst klopt met de bank.');
  await press(first.page, 'nl', 'settlement-propose');
  await again(second, 'treasurer2@drempel.example');
  await second.page.goto(CLOSING);
  await press(second.page, 'nl', 'settlement-approve', { round: 3 });
  await until('the learning centre to be funded', 30_000, async () => (await projectFacts(app, LEERWERK)).status === 'funded');
}

/** Fills in a wave and saves it; `fields` are the ends of the fields' names. */
async function wave(owner, slug, kind, day, fields, { looked = '' } = {}) {
  const { page } = owner;
  await page.goto(`/nl/studio/projects/${slug}/outcomes`);
  await page.locator('#f-kind').selectOption(kind);
  await page.locator('#f-day').fill(day);
  for (const [field, value] of Object.entries(fields)) await page.locator(`[id="f-${field}"]`).fill(value);
  if (looked) await look(owner, `${looked}-form`, { again: false });
  await press(page, 'nl', 'outcomes-to-check');
  if (looked) await look(owner, `${looked}-check`, { again: false });
  await press(page, 'nl', 'outcomes-save');
  await expectFlash(page, 'nl', 'flash-outcomes-entered');
}

const ladder = (counts) => Object.fromEntries(counts.map((count, at) => [`cell-participation-ladder-${at + 1}`, String(count)]));

/** Moves the clock so many days and answers the day it is then. */
async function days(app, many) {
  const { now } = await moveClock(app, many * DAY_SECONDS);
  return now.slice(0, 10);
}

async function measure(app, owner) {
  const { page } = owner;
  const email = 'owner@de-verbindingskamer.example';
  // the project starts seventy days after the demo began, and runs for twelve months
  const first = await days(app, 50);
  await until('the project to run', 15_000, async () => (await projectFacts(app, LEERWERK)).status === 'running');
  await again(owner, email);
  await page.goto(`/nl/studio/projects/${LEERWERK}/outcomes`);
  await press(page, 'nl', 'outcomes-to-check');
  await expectFormError(page, 'nl', 'day', say('nl', 'outcomes-day-missing'));
  await look(owner, 'measuring-wrong', { again: false });
  await wave(owner, LEERWERK, 'intake', first, { 'count-certificates': '0', 'count-PI3527': '0', ...ladder([0, 12, 8, 0, 0, 0]) }, { looked: 'measuring' });
  const second = await days(app, 183);
  await again(owner, email);
  await wave(owner, LEERWERK, 'interim', second, { 'count-certificates': '5', 'count-PI3527': '3', ...ladder([0, 4, 8, 6, 2, 0]) });
  const third = await days(app, 184);
  await until('the project to report', 15_000, async () => (await projectFacts(app, LEERWERK)).status === 'reporting');
  await again(owner, email);
  await wave(owner, LEERWERK, 'end', third, { 'count-certificates': '9', 'count-PI3527': '6', ...ladder([0, 0, 7, 7, 2, 4]) });
  await page.goto(`/nl/studio/projects/${LEERWERK}/outcomes`);
  await look(owner, 'measured');
}

/** Hands in every figure of the newest wave of a project. */
async function handIn(owner, slug) {
  const { page } = owner;
  await page.goto(`/nl/studio/projects/${slug}/checking`);
  for (const box of await page.locator('fieldset').first().locator('input[type=checkbox]').all()) await box.check();
  await press(page, 'nl', 'verifying-hand-in');
}

/** Opens the figure with this name in the team's list. */
async function open({ page }, figure) {
  await page.goto('/nl/staff/verifications');
  await page.getByRole('link', { name: figure, exact: true }).first().click();
}

/** Somebody of the team finds so much. */
async function decide(expert, figure, value, { level = 'staff_checked', checker = '', remark = '' } = {}) {
  const { page } = expert;
  await open(expert, figure);
  await page.locator('#f-value').fill(value);
  await page.locator(`input[name=level][value=${level}]`).check();
  if (checker) await page.locator('#f-checker').fill(checker);
  if (remark) await page.locator('#f-remark').fill(remark);
  await press(page, 'nl', 'verifying-decide-button');
  await page.locator('.flash').waitFor();
}

const CERTIFICATES = 'Diploma\'s en certificaten';
const WORK = 'Begonnen in betaald werk';
const RUNGS = 'Stappen op de participatieladder, gemiddeld';

/** A report on the rungs, for everybody; the team looks at it first. */
async function evidence(owner, expert) {
  const { page } = owner;
  await page.goto(`/nl/studio/projects/${LEERWERK}/evidence`);
  await page.locator('#f-wave').selectOption({ index: 1 }); // the newest; the first is empty
  await page.locator('#f-indicator').selectOption('participation-ladder');
  await page.locator('#f-title').fill('Rapport van de hogeschool');
  const report = Buffer.from('%PDF-1.7\n1 0 obj\n<< /Type /Catalog >>\nendobj\ntrailer\n<< /Root 1 0 R >>\n%%EOF\n');
  const file = { name: 'rapport.pdf', mimeType: 'application/pdf', buffer: report };
  await page.locator('input[name=visibility][value=public]').check();
  await page.locator('#f-file').setInputFiles(file);
  await press(page, 'nl', 'evidence-send');
  assert.ok((await textOf(page, '.error-summary')).length > 0, 'it asks whether nobody is named in it');
  await page.locator('#f-nobody').check();
  await page.locator('#f-file').setInputFiles(file);
  await press(page, 'nl', 'evidence-send');
  await look(owner, 'evidence');
  await expert.page.goto('/nl/staff/moderation');
  await look(expert, 'staff-moderation');
  await press(expert.page, 'nl', 'moderation-accept');
}

async function check(owner, expert) {
  await again(expert, 'expert1@drempel.example');
  await evidence(owner, expert);
  await owner.page.goto(`/nl/studio/projects/${LEERWERK}/checking`);
  await look(owner, 'checking');
  await handIn(owner, LEERWERK);
  await expert.page.goto('/nl/staff/verifications');
  await look(expert, 'staff-verifications');
  await open(expert, WORK);
  await look(expert, 'staff-verification');
  await decide(expert, CERTIFICATES, '9');
  await decide(expert, WORK, '4', { remark: 'Van twee mensen zagen we geen contract.' });
  await decide(expert, RUNGS, '1,6', { level: 'third_party', checker: 'Hogeschool Rotterdam' });
}

/** Opens a figure of the newest wave on the owner's page. */
async function ownFigure(owner, figure) {
  await owner.page.goto(`/nl/studio/projects/${LEERWERK}/checking`);
  await owner.page.locator('fieldset').first().getByRole('link', { name: new RegExp(`^${figure}`) }).click();
}

async function correct(owner, expert) {
  const { page } = owner;
  // entering the wave again changes nothing that was checked
  await page.goto(`/nl/studio/projects/${LEERWERK}/outcomes`);
  await page.getByRole('link', { name: say('nl', 'outcomes-correct') }).last().click();
  assert.equal(await page.locator('[id="f-count-certificates"]').count(), 0, 'a checked figure has no field');
  await ownFigure(owner, CERTIFICATES);
  await page.getByRole('link', { name: say('nl', 'verifying-correct') }).click();
  await page.locator('[id="f-count-certificates"]').fill('10');
  await press(page, 'nl', 'verifying-correct-save');
  assert.ok((await page.locator('.error-summary').count()) > 0, 'a correction has a reason');
  await page.locator('#f-reason').fill('Een diploma kwam na de telling.');
  await look(owner, 'correcting', { again: false });
  await press(page, 'nl', 'verifying-correct-save');
  await decide(expert, CERTIFICATES, '10');
}

async function dispute(owner, expert, other) {
  const { page } = owner;
  await ownFigure(owner, WORK);
  await look(owner, 'figure-checked');
  await page.locator('#f-message').fill('Een van de twee contracten is er nu.');
  await press(page, 'nl', 'verifying-dispute-send');
  await open(expert, WORK);
  assert.equal(await expert.page.locator('#f-value').count(), 0, 'who decided does not decide again');
  await again(other, 'expert2@drempel.example');
  await decide(other, WORK, '5');
}

/** One treasurer proposes to release what was earned, the other approves; answers what the page showed before. */
async function release(app, [first, second], slug, { final = false } = {}) {
  await again(first, 'treasurer1@drempel.example');
  await again(second, 'treasurer2@drempel.example');
  const { page } = first;
  await page.goto(`/nl/staff/results/${slug}`);
  const shown = await textOf(page);
  await look(first, `release-${slug}`);
  if (final) assert.ok(shown.includes(say('nl', 'results-final-lead')));
  await page.locator('#f-reason').first().fill('Nagekeken en akkoord.');
  await page.locator('form[action$="/propose"] button').click();
  await expectFlash(page, 'nl', 'flash-results-proposed');
  await page.goto(page.url().split('?')[0]);
  await second.page.goto(page.url());
  await look(second, `release-${slug}-to-approve`);
  const button = await second.page.locator('button.danger').innerText();
  await approvedByOther(first, second, { own: 'settlement-wait-for-other', button });
  return shown;
}

/** What 30, 40 and 30 percent of all result money earn by ten of twelve, five of eight and 1,6 of two; and what is left. */
function earned(all) {
  const part = (percent) => (all * percent) / 100;
  const parts = [Math.floor((part(30) * 10) / 12), Math.floor((part(40) * 5) / 8), Math.floor((part(30) * 160) / 200)];
  return { parts, rest: all - parts.reduce((sum, cents) => sum + cents, 0) };
}

const THRESHOLD_CENTS = 11_630_000;

/** An amount in cents as the site writes it. */
const money = (cents) => `${euros('nl', Math.floor(cents / 100))}${cents % 100 ? `,${String(cents % 100).padStart(2, '0')}` : ''}`;

async function rest(app, buyer, [first]) {
  const { page } = first;
  await page.goto(`/nl/staff/results/${LEERWERK}`);
  const said = plain(await textOf(page));
  const { parts, rest: left } = earned((await projectFacts(app, LEERWERK)).held_cents - THRESHOLD_CENTS);
  for (const cents of parts) assert.ok(said.includes(money(cents)), `${cents} cents were earned: ${said}`);
  await until('the project to be completed', 15_000, async () => (await projectFacts(app, LEERWERK)).status === 'completed');
  await until('all of the rest to be on its way', 30_000, async () => {
    const csv = await (await fetch(`${app.base}/api/v1/projects/${LEERWERK}/books.csv`)).text();
    const [head, ...lines] = csv.trim().split('\r\n').map((line) => line.split(','));
    const sum = (column) => lines.reduce((total, line) => total + Number(line[head.indexOf(column)] ?? 0), 0);
    return sum('refunded_cents') === left;
  });
  const letter = await app.mail.waitForLetter(COMPANY.email, new RegExp(say('nl', 'letter-results_told-subject', { title: '.*' })));
  await buyer.page.goto(letter.links.find((link) => link.includes('/pledges/')) ?? buyer.address);
  await look(buyer, 'pledge-with-results');
  await first.page.goto(`/nl/projects/${LEERWERK}/books`);
  await look(first, 'books-with-results');
}

async function statement(app, buyer) {
  const { page } = buyer;
  await page.goto(buyer.address);
  await page.locator('a[href*="/social-return"]').first().click();
  const link = page.getByRole('link', { name: /^PDF/ }).first();
  await until('the final statement', 20_000, async () => {
    await page.reload();
    const isWaiting = (await page.locator('meta[http-equiv=refresh]').count()) > 0; // for another paper of the same pledge
    return !isWaiting && plain(await textOf(page)).includes('Definitieve verklaring');
  });
  await look(buyer, 'social-return');
  const paper = await (await page.request.get(new URL(await link.getAttribute('href'), page.url()).href)).body();
  assert.ok(paper.subarray(0, 5).equals(Buffer.from('%PDF-')));
}

async function seen(visitor) {
  for (const colorScheme of ['light', 'dark']) {
    const anybody = await visitor({ js: false, colorScheme });
    await anybody.page.goto(`/nl/projects/${LEERWERK}/outcomes`);
    await look(anybody, `outcomes-${colorScheme}`);
    const text = await textOf(anybody.page);
    assert.ok(text.includes(say('nl', 'outcomes-below-10')), 'five people in paid work are not told');
    await anybody.page.goto('/nl/impact');
    await look(anybody, `impact-${colorScheme}`);
    await anybody.close();
  }
}

async function kitchen(app, owner, expert, people) {
  await again(owner, 'owner@pluspunt-rotterdam.example');
  const today = await days(app, 1);
  await again(owner, 'owner@pluspunt-rotterdam.example');
  const counts = { 'count-PI4060': '18', 'count-PI2998': '10', 'count-volunteer-work': '6', 'count-meals-served': '1500' };
  await wave(owner, KITCHEN, 'end', today, counts);
  await handIn(owner, KITCHEN);
  await again(expert, 'expert1@drempel.example');
  for (const [figure, value] of [['Deelnemers bereikt', '18'], ['Training afgemaakt', '10'], ['Vrijwilligerswerk (trede 4)', '6'], ['Maaltijden geserveerd', '1500']]) {
    await decide(expert, figure, value);
  }
  const shown = plain(await release(app, people, KITCHEN, { final: true }));
  const all = Number((await projectFacts(app, KITCHEN)).held_cents) - 3_400_000;
  for (const [organisation, percent] of [['Pluspunt', 50], ['Voedseltuin', 30], ['Wijkkeuken', 20]]) {
    const part = (all * percent) / 100;
    assert.ok(new RegExp(`${organisation}[^€]*${money(part).replace(/[.$]/g, '\\$&')}`).test(shown), `${organisation} gets ${part} cents: ${shown}`);
  }
}

async function workshops(app, owner, expert, people) {
  const today = await days(app, 1);
  await again(owner, 'owner@pluspunt-rotterdam.example');
  await wave(owner, WORKSHOPS, 'end', today, { 'count-workshops-renovated': '13', 'count-PI4060': '26', 'count-PI2998': '12' });
  await handIn(owner, WORKSHOPS);
  await again(expert, 'expert1@drempel.example');
  await decide(expert, 'Werkplaatsen opgeknapt', '13');
  await decide(expert, 'Deelnemers bereikt', '26');
  await decide(expert, 'Training afgemaakt', '12');
  await release(app, people, WORKSHOPS, { final: true });
  await owner.page.goto(`/nl/projects/${WORKSHOPS}/outcomes`);
  assert.ok((await textOf(owner.page)).includes('13'));
  await look(owner, 'outcomes-milestones');
}
