// A round as it really ends, in five ways: one project is funded, one fails; one sells out while a match fund runs dry in a burst; two
// come close, and their backers decide what becomes of them: one is saved, one is not.

import assert from 'node:assert/strict';
import { look, press, treasurers } from '../money.mjs';
import { REFUSALS, awaitPledge, devSignIn, expectSound, moveClock, projectFacts } from '../steps.mjs';
import { plain, say, textOf } from '../texts.mjs';
import { until } from '../tools.mjs';

export const name = 'a round ends in five ways: funded, failed, sold out by a fund that runs dry, and two near misses';
export const isLong = true;

const SOLD_OUT = 'dam-nederland';
const SAVED = 'leerwerkpark-m4h';
const LOST = 'leerwerkcentrum-oud-mathenesse-witte-dorp';
const FUNDED = 'fietsenwerkplaats';
const FAILED = 'voedsel-van-de-tuin-naar-de-keuken';
const CLOSING = '/nl/staff/rounds/3/closing';
const DAY_SECONDS = 86_400;
/** What the demo's fund was given, and the most it adds to one pledge. */
const FUND_CENTS = 500_000;
const MATCH_CENTS = 10_000;
const STAYS = 'stays@voorbeeld.example';
const RAISES = 'raises@voorbeeld.example';
const SILENT = 'silent@voorbeeld.example';
const WINNER = 'winner@voorbeeld.example';
const LOSER = 'loser@voorbeeld.example';

export async function run({ app, visitor, step }) {
  const public_ = await visitor({ js: false, expected: REFUSALS });
  await step('a burst of pledges empties the fund, which gives no cent more than it has', () => burst(app, public_));
  await step('the project sells out and says so', () => sellOut(app, public_));
  await step('two others come close', async () => {
    await give(app, SAVED, STAYS, 3_000_000);
    await give(app, SAVED, RAISES, 2_400_000);
    const { held_cents: held, threshold_cents: threshold } = await projectFacts(app, LOST);
    await give(app, LOST, SILENT, Math.ceil((threshold * 0.81 - held) / 100) * 100);
  });
  await step('one reaches its threshold, one stays far below it', () => apart(app));
  await step('the round closes', async () => {
    const { closes_at: closes } = await projectFacts(app, SAVED);
    await moveClock(app, Math.ceil((new Date(closes) - Date.now()) / 1000) + 60);
  });
  const [first, second] = await treasurers(visitor);
  await step('two treasurers decide; what came close waits for its backers', () => decideFirst(app, first, second, public_));
  const owner = await visitor({ expected: REFUSALS });
  await step('each owner says how it goes on with less', () => tellBackers(app, owner));
  await step('one backer keeps, one adds, the others say nothing', () => choose(app, visitor));
  await step('a second plan decides by what was kept', () => decideLast(app, first, second));
  await step('the pages say what became of them', () => ended(app, public_, visitor));
}

/** A pledge by the JSON call, paid at the sandbox bank; answers what was answered. */
async function ask(app, slug, email, cents) {
  const answer = await fetch(`${app.base}/api/v1/projects/${slug}/pledges`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'idempotency-key': `${email}-${cents}` },
    body: JSON.stringify({ kind: 'gift', amount_cents: cents, email, name: '', language: 'nl' }),
  });
  const pledge = await answer.json();
  if (answer.status === 201) {
    await fetch(pledge.checkout_url, { method: 'POST', body: new URLSearchParams({ action: 'pay' }), redirect: 'manual' });
  }
  return { status: answer.status, pledge };
}

async function give(app, slug, email, cents) {
  const { status, pledge } = await ask(app, slug, email, cents);
  assert.equal(status, 201, JSON.stringify(pledge));
  await until(`the pledge of ${email} to be held`, 20_000, async () => (await state(app, pledge)) === 'held');
}

async function apart(app) {
  // the demo's round has but two projects below their threshold: this one needs all of its impact value
  await app.sql(`UPDATE projects SET threshold_hundredths = impact_hundredths WHERE slug = '${FAILED}'`);
  const { held_cents: held, threshold_cents: threshold } = await projectFacts(app, FUNDED);
  await give(app, FUNDED, WINNER, Math.max(2_500, threshold - held));
  await give(app, FAILED, LOSER, 2_500);
  const failing = await projectFacts(app, FAILED);
  assert.ok(failing.held_cents * 100 < failing.threshold_cents * 80, 'less than 80% of its threshold, no near miss');
}

async function state(app, { reference, key }) {
  return (await (await fetch(`${app.base}/api/v1/pledges/${reference}?key=${key}`)).json()).status;
}

async function burst(app, { page, shot }) {
  await page.goto(`/nl/projects/${SOLD_OUT}`);
  await expectSound(page);
  await shot('match-fund-gives-nl-1280');
  const { matched_cents: before } = await projectFacts(app, SOLD_OUT);
  assert.ok(before > 0 && before < FUND_CENTS, `the fund has added ${before} and has some left`);
  const people = Math.ceil((FUND_CENTS - before) / MATCH_CENTS) + 5;
  const made = await Promise.all(
    Array.from({ length: people }, (_, at) => ask(app, SOLD_OUT, `burst${at}@voorbeeld.example`, MATCH_CENTS)),
  );
  assert.deepEqual(new Set(made.map(({ status }) => status)), new Set([201]));
  await until('all of them to be held', 60_000, async () => {
    const states = await Promise.all(made.map(({ pledge }) => state(app, pledge)));
    return states.every((one) => one === 'held');
  });
  const { matched_cents: after } = await projectFacts(app, SOLD_OUT);
  assert.equal(after, FUND_CENTS, 'all of the fund is used, and no cent more');
  await page.reload();
  await expectSound(page);
  await shot('match-fund-dry-nl-1280');
}

async function sellOut(app, { page, shot }) {
  // pledges that somebody has not paid yet keep their place for a while
  const { available_cents: available } = await projectFacts(app, SOLD_OUT);
  await give(app, SOLD_OUT, 'last@voorbeeld.example', available);
  const { available_cents: left, status } = await projectFacts(app, SOLD_OUT);
  assert.deepEqual([left, status], [0, 'listed'], 'sold out is shown, not decided');
  await page.goto(`/nl/projects/${SOLD_OUT}`);
  const text = await textOf(page);
  assert.ok(['site-closed-sold-out', 'site-closed-all-reserved'].some((key) => text.includes(say('nl', key))));
  await expectSound(page);
  await shot('sold-out-nl-1280');
  assert.equal((await ask(app, SOLD_OUT, 'late@voorbeeld.example', 1_000)).status, 409);
}

/** Proposes and approves the plan of the page, and waits until it is carried out. */
async function decide(first, second) {
  let hash;
  await until('the list to stand still', 20_000, async () => {
    await first.page.goto(CLOSING);
    const before = hash;
    hash = await first.page.locator('[data-hash]').getAttribute('data-hash');
    return hash === before;
  });
  await first.page.locator('#f-reason').fill('Gezien en in orde.');
  await press(first.page, 'nl', 'settlement-propose');
  await second.page.goto(CLOSING);
  await press(second.page, 'nl', 'settlement-approve', { round: 3 });
  assert.equal(await textOf(second.page, '.flash'), say('nl', 'flash-closing-approved'));
}

async function signInTreasurers(...people) {
  for (const [at, { page }] of people.entries()) await devSignIn(page, `treasurer${at + 1}@drempel.example`);
}

async function decideFirst(app, first, second, { page, shot }) {
  await signInTreasurers(first, second); // the clock has moved: the team's sessions are short
  await first.page.goto(CLOSING);
  await look(first, 'closing-near-miss');
  await decide(first, second);
  await until('the projects to be near misses', 20_000, async () => (await projectFacts(app, SAVED)).status === 'near_miss');
  for (const [slug, status] of [[LOST, 'near_miss'], [FUNDED, 'funded'], [SOLD_OUT, 'funded'], [FAILED, 'failed']]) {
    await until(`${slug} to be ${status}`, 20_000, async () => (await projectFacts(app, slug)).status === status);
  }
  await page.goto(`/nl/projects/${SAVED}`);
  assert.ok((await textOf(page)).includes(say('nl', 'near-title')));
  await expectSound(page);
  await shot('near-miss-asked-nl-1280');
}

async function tellBackers(app, owner) {
  for (const slug of [SAVED, LOST]) {
    const { organisation_slug: maker } = await projectFacts(app, slug);
    const address = `owner@${maker}.example`;
    await app.mail.waitForLetter(address, /nu ben jij aan zet$/);
    await devSignIn(owner.page, address);
    await owner.page.goto(`/nl/studio/projects/${slug}/near-miss`);
    await look(owner, `near-miss-owner-${slug}`);
    await press(owner.page, 'nl', 'consent-button');
    assert.ok((await textOf(owner.page, '.error-summary')).includes(say('nl', 'consent-words-missing')));
    await owner.page.locator('#f-words_nl').fill('We beginnen met een groep minder.\n\nDe werkplaats komt er wel.');
    await press(owner.page, 'nl', 'consent-button');
    assert.equal(await textOf(owner.page, '.flash'), say('nl', 'flash-consent-said'));
    await look(owner, `near-miss-said-${slug}`);
  }
}

/** The page of the pledge that the letter to this person leads to. */
async function letterPage(app, visitor, email, options) {
  const letter = await app.mail.waitForLetter(email, /laat je je bijdrage van/);
  assert.ok(letter.text.includes('De werkplaats komt er wel.'), 'the letter says what the owner wrote');
  const person = await visitor({ expected: REFUSALS, ...options });
  await person.page.goto(letter.links.find((link) => link.includes('/pledges/')));
  return person;
}

async function choose(app, visitor) {
  const stays = await letterPage(app, visitor, STAYS, { js: false });
  await look(stays, 'choice', { again: false });
  await press(stays.page, 'nl', 'choice-button');
  assert.equal(await stays.page.locator('.error-summary').count(), 1, 'nothing is chosen for anybody');
  await stays.page.getByLabel(say('nl', 'choice-keep'), { exact: true }).check();
  await press(stays.page, 'nl', 'choice-button');
  assert.ok((await textOf(stays.page)).includes(say('nl', 'choice-made-keep')));
  await stays.close();

  const raises = await letterPage(app, visitor, RAISES, {});
  await raises.page.getByLabel(say('nl', 'choice-raise'), { exact: true }).check();
  await raises.page.locator('#f-amount').fill('2500');
  await press(raises.page, 'nl', 'choice-button');
  await raises.page.waitForURL(/\/dev\/bank\/pay\//);
  await raises.page.locator('button[name=action][value=pay]').click();
  await awaitPledge(raises.page, 'held');
  await expectSound(raises.page);
  await raises.shot('choice-raised-nl-1280');
  await raises.close();
}

async function decideLast(app, first, second) {
  await moveClock(app, 4.5 * DAY_SECONDS); // less than a day is left
  await app.mail.waitForLetter(SILENT, /nog één dag/);
  await moveClock(app, 1.5 * DAY_SECONDS);
  assert.equal(app.mail.letters(SILENT).filter(({ subject }) => /nog één dag/.test(plain(subject))).length, 1, 'reminded once');
  await signInTreasurers(first, second);
  await first.page.goto(CLOSING);
  await look(first, 'closing-second-plan');
  await decide(first, second);
  await moveClock(app, 4 * DAY_SECONDS);
  await signInTreasurers(first, second);
  await until('the round to be settled', 60_000, async () => {
    await second.page.goto('/nl/rounds/3');
    return (await textOf(second.page, '.badge >> nth=0')) === say('nl', 'round-state-settled');
  });
  await second.page.goto(CLOSING);
  await look(second, 'closing-after-two-plans');
}

async function ended(app, { page, shot }, visitor) {
  const facts = await Promise.all([SAVED, LOST, SOLD_OUT, FUNDED, FAILED].map((slug) => projectFacts(app, slug)));
  assert.deepEqual(facts.map(({ status }) => status), ['funded', 'failed', 'funded', 'funded', 'failed']);
  for (const [slug, state] of [[FUNDED, 'funded'], [FAILED, 'failed'], [SOLD_OUT, 'funded']]) {
    await page.goto(`/nl/projects/${slug}`);
    assert.equal(await textOf(page, `.badge.is-${state} >> nth=0`), say('nl', `project-state-${state}`));
    assert.ok((await textOf(page)).includes(say('nl', `site-closed-${state}`)), `${slug} says what became of it`);
    await expectSound(page);
    await shot(`ended-${slug}-nl-1280`);
  }
  for (const [slug, key] of [[SAVED, 'near-saved'], [LOST, 'near-failed']]) {
    await page.goto(`/nl/projects/${slug}`);
    assert.ok((await textOf(page)).includes(say('nl', key)), `${slug} says how it ended`);
    await expectSound(page);
    await shot(`${key}-nl-1280`);
  }
  await app.mail.waitForLetter(STAYS, /het project begint, met jouw/);
  await app.mail.waitForLetter(SILENT, /het project begint niet, je krijgt/);
  await app.mail.waitForLetter(WINNER, /het project begint, met jouw/);
  await app.mail.waitForLetter(LOSER, /niet gehaald/);
  for (const email of [LOSER, SILENT]) await app.mail.waitForLetter(email, /teruggestuurd/);
  const narrow = await visitor({ js: false, width: 320 });
  await narrow.page.setViewportSize({ width: 320, height: 640 });
  await narrow.page.goto(`/en/projects/${SAVED}/books`);
  await expectSound(narrow.page);
  await narrow.shot('near-saved-books-en-320');
  await narrow.close();
}
