// How a plan is valued: three experts are asked, one of whom has a conflict of interest; two score without seeing each other; a meeting
// decides with two people, and the owner reads why.

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expectFlash, look, press } from './money.mjs';
import { devSignIn, expectFormError } from './steps.mjs';
import { say, textOf } from './texts.mjs';

const FIRST = 'expert1@drempel.example';
const CONCERNED = 'expert2@drempel.example';
const THIRD = 'expert3@drempel.example';
const REVIEWER = 'reviewer@drempel.example';
/** Words that only a score of the first expert has. */
const SECRET = 'Deze groep blijft anders vaak buiten beeld.';
const CONFLICT = 'Mijn zus werkt bij deze organisatie.';

/** The three experts, the third of whom joins the team today. */
export async function experts(app, visitor, options) {
  const settings = { PATH: process.env.PATH, DATABASE_URL: app.databaseUrl, PUBLIC_URL: app.base };
  await promisify(execFile)(app.binary, ['staff', 'add', THIRD, '--role', 'expert'], { cwd: app.folder, env: settings });
  const people = [];
  for (const email of [FIRST, CONCERNED, THIRD]) {
    const person = await visitor({ js: email === THIRD, ...options });
    await devSignIn(person.page, email);
    people.push(person);
  }
  return people;
}

/** A reviewer asks all three. */
export async function ask(reviewer, slug) {
  const { page } = reviewer;
  await devSignIn(page, REVIEWER); // the clock has moved: the team's sessions are short
  await page.goto('/nl/staff/valuation');
  await look(reviewer, 'valuation-list');
  await page.goto(`/nl/staff/valuation/${slug}`);
  for (const email of [FIRST, CONCERNED, THIRD]) {
    const options = page.locator('#f-expert option');
    const choices = await options.evaluateAll((all) => all.map(({ value, text }) => ({ value, text })));
    const choice = choices.find(({ text }) => text.includes(email)) ?? choices.find(({ value }) => value !== '');
    await page.locator('#f-expert').selectOption(choice.value);
    await press(page, 'nl', 'valuation-assign-button');
    await expectFlash(page, 'nl', 'flash-valuation-assigned');
  }
  await look(reviewer, 'valuation-asked');
}

/** The second says that there is a conflict, and sees nothing from then on. */
export async function declare(concerned, slug) {
  const { page } = concerned;
  await page.goto(`/nl/staff/valuation/${slug}`);
  await press(page, 'nl', 'valuation-declare');
  assert.ok((await textOf(page, '.error-summary')).includes(say('nl', 'valuation-conflict-missing')));
  await page.locator('input[name=conflict][value=yes]').check();
  await page.locator('#f-conflict_reason').fill(CONFLICT);
  await press(page, 'nl', 'valuation-declare');
  await expectFlash(page, 'nl', 'flash-valuation-declared');
  await excluded(concerned, slug);
  await look(concerned, 'valuation-excluded');
}

async function excluded({ page }, slug) {
  await page.goto(`/nl/staff/valuation/${slug}`);
  const text = await textOf(page);
  assert.ok(text.includes(say('nl', 'valuation-you-are-excluded')));
  assert.ok(!text.includes(SECRET), 'who has an interest sees no score');
  assert.equal(await page.locator('input[id^=f-score_]').count(), 0, 'and gives none');
}

/** Scores for all criteria: for the first one `score`, for the others 4. */
async function score(person, slug, score, reason) {
  const { page } = person;
  await page.goto(`/nl/staff/valuation/${slug}`);
  await page.locator('input[name=conflict][value=no]').check();
  await press(page, 'nl', 'valuation-declare');
  const count = await page.locator('input[id^=f-score_]').count();
  assert.ok(count > 1, 'there are several criteria');
  for (let at = 1; at <= count; at += 1) {
    await page.locator(`#f-score_${at}`).fill(String(at === 1 ? score : 4));
    await page.locator(`#f-reason_${at}`).fill(reason);
  }
}

/** The first hands in, and sees only what is his; the reviewer sees whom one waits for, and no score; then the third hands in. */
export async function scores(first, third, reviewer, slug) {
  const { page } = first;
  await score(first, slug, 5, SECRET);
  await page.locator('#f-reason_1').fill('');
  await press(page, 'nl', 'valuation-hand-in');
  assert.equal(await page.locator('#f-reason_1-error').count(), 1, 'a score has a reason');
  await look(first, 'valuation-scores-wrong', { again: false });
  await page.locator('#f-reason_1').fill(SECRET);
  await press(page, 'nl', 'valuation-hand-in');
  await expectFlash(page, 'nl', 'flash-valuation-handed-in');
  await page.goto(`/nl/staff/valuation/${slug}`);
  assert.ok((await textOf(page)).includes(SECRET));
  assert.equal(await page.locator('#spread').count(), 0);
  await look(first, 'valuation-own');

  await reviewer.page.goto(`/nl/staff/valuation/${slug}`);
  const waits = await textOf(reviewer.page);
  assert.ok(!waits.includes(SECRET) && waits.includes(say('nl', 'valuation-spread-waits')));

  await score(third, slug, 2, 'De planning is krap.');
  assert.ok(!(await textOf(third.page)).includes(SECRET), 'blind until both are in');
  await look(third, 'valuation-scores', { again: false });
  await press(third.page, 'nl', 'valuation-hand-in');
  await expectFlash(third.page, 'nl', 'flash-valuation-handed-in');
}

/** The spread is there for the meeting, not for who was excluded; one records, another confirms. */
export async function meet(first, concerned, reviewer, slug) {
  const { page } = reviewer;
  await excluded(concerned, slug);
  await page.goto(`/nl/staff/valuation/${slug}`);
  assert.ok((await textOf(page)).includes(SECRET));
  assert.equal(await page.getByText(say('nl', 'valuation-wide')).count(), 1);
  await look(reviewer, 'valuation-spread');
  await page.locator('input[name=verdict][value=listed]').check();
  await page.locator('#f-impact').fill('180');
  await page.locator('#f-threshold').fill('190');
  await page.locator('#f-reason_nl').fill('Sterk plan.');
  await page.locator('#f-reason_en').fill('A strong plan.');
  await press(page, 'nl', 'valuation-record');
  await expectFormError(page, 'nl', 'threshold', say('nl', 'valuation-threshold-wrong'));
  await page.locator('#f-threshold').fill('120');
  await press(page, 'nl', 'valuation-record');
  await expectFlash(page, 'nl', 'flash-valuation-recorded');
  assert.ok((await textOf(page)).includes(say('nl', 'valuation-wait-for-other')));
  await first.page.goto(`/nl/staff/valuation/${slug}`);
  await press(first.page, 'nl', 'valuation-confirm');
  await expectFlash(first.page, 'nl', 'flash-valuation-confirmed');
  await look(first, 'valuation-confirmed');
}

/** On a telephone. */
export async function readWhy(owner, slug) {
  const { page } = owner;
  await page.setViewportSize({ width: 320, height: 700 });
  await page.goto(`/nl/studio/projects/${slug}`);
  await page.getByRole('link', { name: say('nl', 'valuation-studio-link') }).click();
  const text = await textOf(page);
  for (const words of ['180 Rikx', '120 Rikx', 'Sterk plan.', '3,50']) assert.ok(text.includes(words), words);
  assert.ok(!text.includes(SECRET), 'not who wrote what');
  await look(owner, 'valuation-owner');
}
