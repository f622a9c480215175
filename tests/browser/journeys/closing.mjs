// Two treasurers close the round that sells. What was not reached goes back, what was reached goes on, everybody is told.

import assert from 'node:assert/strict';
import { REFUSALS, awaitPledge, devSignIn, expectSound, fillPledge, moveClock, pledge, projectFacts } from '../steps.mjs';
import { euros, plain, say, textOf } from '../texts.mjs';
import { sleep, until } from '../tools.mjs';

export const name = 'two treasurers close a round';

const FUNDED = { slug: 'dam-nederland', title: { nl: 'DAM Nederland: achter het stuur naar werk', en: 'DAM Nederland: at the wheel towards work' } };
const FAILED = { slug: 'leerwerkpark-m4h', title: { nl: 'Leerwerkpark M4H', en: 'Learning and working park M4H' } };
const CLOSING = '/nl/staff/rounds/3/closing';
const SMALLEST = 500;
const DAY_SECONDS = 86_400;

export async function run({ app, visitor, step }) {
  const winner = { lang: 'en', email: 'winner@voorbeeld.example' };
  const loser = { lang: 'nl', email: 'loser@voorbeeld.example' };
  const backer = await visitor({ js: false, expected: REFUSALS });
  await step('one project passes its threshold, one does not', async () => {
    winner.cents = await missing(app, FUNDED.slug);
    winner.address = await pledge(backer.page, 'en', FUNDED.slug, {
      amount: String(winner.cents / 100), email: winner.email, company: 'Voorbeeld Vervoer BV',
    });
    loser.address = await pledge(backer.page, 'nl', FAILED.slug, { amount: '25', email: loser.email });
    const standing = await projectFacts(app, FAILED.slug);
    assert.ok(standing.held_cents < Number(standing.threshold_rikx) * standing.unit_price_cents, 'the other is below its threshold');
  });
  const unpaid = await step('somebody has not paid yet', () => leaveUnpaid(visitor));

  const first = await visitor({ js: false, expected: REFUSALS });
  const second = await visitor({ expected: REFUSALS });
  await step('the first treasurer ends the sale, with a reason', () => begin(first));
  await step('nobody can pledge any more, and the open payment page is ended', () => nothingSells(backer, unpaid));
  const hash = await step('the dry run is proposed', () => propose(first));
  await step('a proposal is not approved by who made it', () => approveOwn(first, hash));
  await step('nor by somebody who is no treasurer', () => approveAsReviewer(visitor, hash));
  await step('the other treasurer approves; the board runs until it is done', () => approve(app, second, hash));
  await step('who lost gets the money back and is told', () => lose(app, backer, loser));
  await step('who won is told', () => win(app, backer, winner));
  await step('the public pages say which is which', () => publicPages(visitor));
  await step('the protocol names every pledge', () => protocol(second, [winner, loser]));
}

/** What is missing to the threshold, in cents; the smallest pledge when nothing is. */
async function missing(app, slug) {
  const facts = await projectFacts(app, slug);
  const threshold = Number(facts.threshold_rikx) * facts.unit_price_cents;
  return Math.max(SMALLEST, threshold - facts.held_cents);
}

/** Goes as far as the bank's page and stays there; answers that visitor. */
async function leaveUnpaid(visitor) {
  const person = await visitor({ js: false, expected: REFUSALS });
  await fillPledge(person.page, 'nl', FAILED.slug, { amount: '30', email: 'late@voorbeeld.example' });
  await person.page.locator('button[name=confirm]').click();
  await person.page.waitForURL(/\/dev\/bank\/pay\//);
  return person;
}

async function begin({ page, shot }) {
  await devSignIn(page, 'treasurer1@drempel.example');
  await expectSound(page);
  await shot('staff-nl-1280');
  await page.goto('/nl/staff/rounds/3');
  await expectSound(page);
  await shot('staff-round-nl-1280');
  await page.getByRole('link', { name: say('nl', 'staff-closing'), exact: true }).click();
  await expectSound(page);
  await shot('closing-1-selling-nl-1280');
  const end = () => page.getByRole('button', { name: say('nl', 'settlement-begin'), exact: true }).click();
  await end();
  assert.ok((await textOf(page, '.error-summary')).includes(say('nl', 'settlement-reason-missing')));
  await page.locator('#f-reason').fill('Afgesproken met de projecten in de vergadering van maandag.');
  await end();
  assert.equal(await textOf(page, '.flash'), say('nl', 'flash-closing-begun'));
}

async function nothingSells({ page }, unpaid) {
  const answer = await page.goto(`/nl/projects/${FAILED.slug}/pledge`);
  assert.equal(answer.status(), 409);
  assert.ok((await textOf(page)).includes(say('nl', 'pledge-not-selling')));
  await expectSound(page);
  await until('the open payment page to be ended', 15_000, async () => {
    await unpaid.page.reload();
    return (await unpaid.page.locator('button[name=action]').count()) === 0;
  });
  await unpaid.close();
}

async function propose({ page, shot }) {
  let hash;
  await until('the list to stand still', 15_000, async () => {
    await page.goto(CLOSING);
    const before = hash;
    hash = await page.locator('[data-hash]').getAttribute('data-hash');
    await sleep(500);
    return hash === before;
  });
  const text = await textOf(page);
  for (const key of ['settlement-readiness', 'settlement-dry-run', 'settlement-effects']) assert.ok(text.includes(say('nl', key)));
  await expectSound(page);
  await shot('closing-2-dry-run-nl-1280');
  assert.match(hash, /^[0-9a-f]{64}$/);
  await page.locator('#f-reason').fill('De lijst klopt met de bank. Wat nog onderweg is, gaat terug als het alsnog komt.');
  await page.getByRole('button', { name: say('nl', 'settlement-propose'), exact: true }).click();
  assert.equal(await textOf(page, '.flash'), say('nl', 'flash-closing-proposed'));
  assert.equal(await page.locator('[data-hash]').getAttribute('data-hash'), hash);
  return hash;
}

async function approveOwn({ page, shot }, hash) {
  assert.ok((await textOf(page)).includes(say('nl', 'settlement-wait-for-other')));
  assert.equal(await page.locator('form[action$="/approve"]').count(), 0, 'there is no button for it');
  await shot('closing-3-proposed-nl-1280');
  const answer = await page.request.post(`${CLOSING}/approve`, { form: { hash } });
  assert.ok([403, 409].includes(answer.status()), `the same person's approval answers ${answer.status()}`);
  assert.ok(plain(await answer.text()).includes(say('nl', 'settlement-own-proposal')));
  await page.goto(CLOSING);
  assert.equal(await page.locator('.badge.is-proposed').count(), 1, 'it is still a proposal');
}

async function approveAsReviewer(visitor, hash) {
  const { page, close } = await visitor({ expected: REFUSALS });
  await devSignIn(page, 'reviewer@drempel.example');
  const answer = await page.request.post(`${CLOSING}/approve`, { form: { hash } });
  assert.equal(answer.status(), 403);
  await page.goto(CLOSING);
  assert.equal(await page.locator('.badge.is-proposed').count(), 1, 'it is still a proposal');
  await close();
}

async function approve(app, { page, shot }, hash) {
  await devSignIn(page, 'treasurer2@drempel.example');
  const todo = page.getByRole('link', { name: say('nl', 'staff-todo-approve', { round: 3 }) });
  await todo.click();
  await expectSound(page);
  await shot('closing-4-approve-nl-1280');
  const stale = await page.request.post(`${CLOSING}/approve`, { form: { hash: hash.replace(/./g, '0') } });
  assert.equal(stale.status(), 409, 'another list is not what was proposed');
  await page.getByRole('button', { name: say('nl', 'settlement-approve', { round: 3 }) }).click();
  assert.equal(await textOf(page, '.flash'), say('nl', 'flash-closing-approved'));
  await until('every pledge to be processed', 30_000, async () => {
    await page.goto(CLOSING);
    const progress = page.locator('#board-progress');
    return (await progress.getAttribute('value')) === (await progress.getAttribute('max'));
  });
  await shot('closing-5-board-nl-1280');
  // pledges of the demo that still wait for their bank end within days; only then is the round settled
  await moveClock(app, 4 * DAY_SECONDS);
  await devSignIn(page, 'treasurer2@drempel.example'); // the team's sessions are short
  await until('the settlement to be done', 30_000, async () => {
    await page.goto(CLOSING);
    return (await page.locator('.badge.is-done').count()) > 0;
  });
  await expectSound(page);
  await shot('closing-6-done-nl-1280');
  await page.goto('/nl/staff/refunds');
  await expectSound(page);
  await shot('staff-refunds-nl-1280');
}

async function lose(app, { page, shot }, { lang, email, address }) {
  const told = say(lang, 'letter-round_lost-subject', { title: FAILED.title[lang], amount: euros(lang, 25) });
  const lost = await app.mail.waitForLetter(email, /niet gehaald/);
  assert.equal(plain(lost.subject), told);
  assert.ok(lost.text.includes(say(lang, 'letter-round_lost-text')));
  assert.ok(lost.links.includes(address), 'the letter leads to the page of the pledge');
  await page.goto(address);
  await awaitPledge(page, 'refunded');
  const text = await textOf(page);
  assert.ok(text.includes(say(lang, 'pledge-page-refunded')));
  assert.ok(text.includes(say(lang, 'pledge-next-refunded')));
  await app.mail.waitForLetter(email, /teruggestuurd/);
  await expectSound(page);
  await shot('receipt-refunded-nl-1280');
  assert.equal(app.mail.letters(email).length, 4, 'received, paid, lost, sent back');
}

async function win(app, { page, shot }, { lang, email, address, cents }) {
  const letter = await app.mail.waitForLetter(email, /the project starts/);
  const amount = euros(lang, cents / 100);
  assert.equal(plain(letter.subject), say(lang, 'letter-round_won-subject', { title: FUNDED.title[lang], amount }));
  await page.goto(address);
  await awaitPledge(page, 'released');
  assert.ok((await textOf(page)).includes(say(lang, 'pledge-page-released')));
  await expectSound(page);
  await shot('receipt-released-en-1280');
  assert.equal(app.mail.letters(email).length, 3, 'received, paid, won');
}

async function publicPages(visitor) {
  const words = { [FUNDED.slug]: 'funded', [FAILED.slug]: 'failed' };
  for (const lang of ['nl', 'en']) {
    const { page, shot, close } = await visitor({ js: false, locale: lang === 'nl' ? 'nl-NL' : 'en-GB' });
    const seen = [];
    for (const [slug, state] of Object.entries(words)) {
      await page.goto(`/${lang}/projects/${slug}`);
      const text = await textOf(page);
      const badge = await textOf(page, `.badge.is-${state} >> nth=0`);
      assert.equal(badge, say(lang, `project-state-${state}`));
      assert.ok(text.includes(say(lang, `site-closed-${state}`)), `${slug} says what became of it`);
      assert.equal(await page.getByRole('link', { name: say(lang, 'site-pledge'), exact: true }).count(), 0);
      await expectSound(page);
      await shot(`project-${state}-${lang}-1280`);
      seen.push(badge);
    }
    assert.notEqual(seen[0], seen[1]);
    await page.goto(`/${lang}/rounds/3`);
    assert.equal(await textOf(page, '.badge >> nth=0'), say(lang, 'round-state-settled'));
    await expectSound(page);
    await close();
  }
}

async function protocol({ page }, people) {
  await page.goto(CLOSING);
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('link', { name: say('nl', 'settlement-protocol') }).click(),
  ]);
  assert.equal(download.suggestedFilename(), 'protocol-round-3.csv');
  const answer = await page.request.get(`${CLOSING}/protocol.csv`);
  assert.match(answer.headers()['content-type'], /^text\/csv/);
  const [head, ...lines] = (await answer.text()).trim().split('\r\n');
  assert.match(head, /^reference,project,decision,effect,amount_cents,/);
  for (const { address } of people) {
    const reference = new URL(address).pathname.split('/').pop();
    assert.equal(lines.filter((line) => line.startsWith(`${reference},`)).length, 1, `${reference} is in it once`);
  }
}
