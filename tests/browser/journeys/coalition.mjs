// A coalition's plan in one go: three organisations found a chain, divide a joint plan, write it, talk it over, have it valued, and sell
// it to somebody who sees who does what.

import assert from 'node:assert/strict';
import { expectFlash, look, press } from '../money.mjs';
import { OWNER, PLAN, ROUND, SLUG, answer, begin, compare, handIn, passOn, sendBack, write } from '../plan.mjs';
import { REFUSALS, devSignIn, expectFormError, moveClock, pledge, projectFacts } from '../steps.mjs';
import { say, textOf } from '../texts.mjs';
import { until } from '../tools.mjs';
import { ask, declare, experts, meet, readWhy, scores } from '../valuing.mjs';

export const name = "a coalition's plan goes from draft to listed, and somebody supports it";
export const isLong = true;

const COALITION = '/nl/studio/organisations/rotterdamse-douwers/coalitions/van-wrak-tot-fiets';
const COOKS = { slug: 'hotspot-hutspot', name: 'Hotspot Hutspot', email: 'owner@hotspot-hutspot.example' };
const TALENT = { slug: 'talentfabriek010', name: 'Talentfabriek010', email: 'owner@talentfabriek010.example' };
const TITLE = 'Fietskeuken West';

export async function run({ app, visitor, step }) {
  const owner = await visitor({ js: false, expected: REFUSALS });
  const cooks = await visitor({ expected: REFUSALS });
  const talent = await visitor({ js: false, expected: REFUSALS });
  await step('an organisation founds a chain', () => found(owner));
  await step('two others join it', async () => {
    for (const [person, partner] of [[cooks, COOKS], [talent, TALENT]]) await join(app, owner, person, partner);
    await assignSteps(owner);
  });
  await step('its owner begins a joint plan', () => begin(owner));
  await step('writes it in steps, in any order', () => write(owner));
  await step('divides it: 50, 30 and 20 percent', () => divide(app, owner));
  await step('each partner reads it; one agrees, one refuses and is asked again', () => agree(app, owner, cooks, talent));
  await step('the owner looks it over and hands it in', () => handIn(owner));
  const reviewer = await visitor({ expected: REFUSALS });
  const plan = await step('a reviewer reads it and sends it back with remarks', () => sendBack(reviewer));
  await step('the owner reads the remarks beside their fields and answers', () => answer(app, owner));
  await step('what was changed is marked', () => compare(owner, reviewer, plan));
  await step('the reviewer passes it on to the experts', () => passOn(app, reviewer, plan));
  await step('nobody else has seen any of it', () => hidden(visitor));
  const round = await step('the valuation begins', async () => {
    const dates = await (await fetch(`${app.base}/api/v1/rounds/${ROUND}`)).json();
    await moveTo(app, dates.valuation_at);
    return dates;
  });
  const [first, concerned, third] = await experts(app, visitor, { expected: REFUSALS });
  await step('three experts are asked', () => ask(reviewer, SLUG));
  await step('one has a conflict of interest, and sees nothing', () => declare(concerned, SLUG));
  await step('two score, and see only what is theirs', () => scores(first, third, reviewer, SLUG));
  await step('the spread is shown; one records the result, another confirms it', () => meet(first, concerned, reviewer, SLUG));
  await step('the owner reads figures, reasons and means, on a phone', async () => {
    await devSignIn(owner.page, OWNER);
    await readWhy(owner, SLUG);
  });
  await step('the round sells it', async () => {
    await moveTo(app, round.selling_at);
    await until('the project to sell', 20_000, async () => (await projectFacts(app, SLUG)).selling);
  });
  await step('everybody sees who does what; somebody supports it', () => support(app, visitor));
}

/** Moves the program's clock to a minute after this moment. */
async function moveTo(app, moment) {
  const { as_of: now } = await (await fetch(`${app.base}/api/v1/statistics`)).json();
  await moveClock(app, Math.ceil((new Date(moment) - new Date(now)) / 1000) + 60);
}

async function found(owner) {
  const { page } = owner;
  await devSignIn(page, OWNER);
  await page.goto('/nl/studio/organisations/rotterdamse-douwers');
  await page.getByRole('link', { name: say('nl', 'coalition-new-title'), exact: true }).click();
  await look(owner, 'coalition-new');
  await page.locator('#f-title').fill('Van wrak tot fiets');
  await page.locator('input[name=kind][value=chain]').check();
  await page.locator('#f-description_nl').fill('Drie organisaties maken samen van oude fietsen nieuwe.');
  for (const [at, text] of [[1, 'Fietsen maken'], [2, 'Eten voor de ploeg'], [3, 'Werk zoeken']]) {
    await page.locator(`#f-step_${at}_nl`).fill(text);
  }
  await press(page, 'nl', 'coalition-found');
  await expectFlash(page, 'nl', 'flash-coalition-founded');
}

async function join(app, owner, person, { slug, email }) {
  await owner.page.goto(COALITION);
  await owner.page.locator('#f-partner').fill(slug);
  await press(owner.page, 'nl', 'coalition-invite');
  await expectFlash(owner.page, 'nl', 'flash-coalition-invited');
  const letter = await app.mail.waitForLetter(email, /samenwerking/);
  await devSignIn(person.page, email);
  await person.page.goto(letter.links.find((address) => address.includes('/coalitions/')));
  await press(person.page, 'nl', 'coalition-join');
  await expectFlash(person.page, 'nl', 'flash-coalition-joined');
}

async function assignSteps(owner) {
  const { page } = owner;
  await page.goto(COALITION);
  for (const [at, slug] of [[1, 'rotterdamse-douwers'], [2, COOKS.slug], [3, TALENT.slug]]) {
    await page.locator(`#f-step_${at}_organisation`).selectOption(slug);
  }
  await press(page, 'nl', 'form-save');
  await expectFlash(page, 'nl', 'flash-coalition-saved');
  await look(owner, 'coalition-of-three');
}

async function divide(app, owner) {
  const { page } = owner;
  await page.goto('/nl/studio');
  await page.locator(`a[href$="/${SLUG}/shares"]`).click();
  await page.locator('main').getByRole('link', { name: 'Van wrak tot fiets' }).click();
  await look(owner, 'shares');
  for (const [{ slug }, percent] of [[COOKS, '30'], [TALENT, 'veel']]) {
    await page.locator(`#f-with_${slug}`).check();
    await page.locator(`#f-share_${slug}`).fill(percent);
  }
  await press(page, 'nl', 'shares-save');
  await expectFormError(page, 'nl', `share_${TALENT.slug}`, say('nl', 'shares-wrong'));
  await page.locator(`#f-share_${TALENT.slug}`).fill('15');
  await press(page, 'nl', 'shares-save');
  await expectFlash(page, 'nl', 'flash-shares-saved');
  assert.ok((await textOf(page)).includes('55%'), 'the rest is the own part');
  await page.goto(PLAN);
  const text = await textOf(page);
  for (const [{ name }, percent] of [[COOKS, 30], [TALENT, 15]]) {
    assert.ok(text.includes(say('nl', 'plans-gap-partner', { name, percent })), `${name} has not agreed`);
  }
  await look(owner, 'plan-not-agreed');
}

/** By the letter to the plan, which is read before anything is said; answers the address. */
async function asked(app, person, { email }, shot) {
  const letter = await app.mail.waitForLetter(email, new RegExp(`Akkoord .*${TITLE}`));
  await person.page.goto(letter.links.find((address) => address.includes('/shares/')));
  const address = person.page.url();
  const text = await textOf(person.page);
  for (const words of ['Te weinig fietsen', 'Voorbeeldfonds', 'Rotterdamse Douwers']) assert.ok(text.includes(words), words);
  await look(person, shot);
  await person.page.getByRole('link', { name: say('nl', 'plans-preview') }).click();
  assert.ok((await textOf(person.page)).includes(say('nl', 'plans-preview-notice')));
  await look(person, `${shot}-preview`);
  await person.page.goto(address);
}

async function agree(app, owner, cooks, talent) {
  await asked(app, cooks, COOKS, 'joint-plan');
  await press(cooks.page, 'nl', 'shares-agree', { percent: 30 });
  await expectFlash(cooks.page, 'nl', 'flash-shares-agreed');
  await look(cooks, 'joint-plan-agreed');

  await asked(app, talent, TALENT, 'joint-plan-scriptless');
  await press(talent.page, 'nl', 'shares-refuse');
  await expectFormError(talent.page, 'nl', 'reason', say('nl', 'shares-reason-missing'));
  await talent.page.locator('#f-reason').fill('Met 20% doen we wel mee.');
  await press(talent.page, 'nl', 'shares-refuse');
  await expectFlash(talent.page, 'nl', 'flash-shares-refused');
  const subject = say('nl', 'letter-share-refused-subject', { partner: TALENT.name, title: TITLE });
  const letter = await app.mail.waitForLetter(OWNER, new RegExp(`^${subject}$`));
  assert.ok(letter.text.includes('Met 20% doen we wel mee.'));
  const { page } = owner;
  await page.goto(PLAN);
  const gap = say('nl', 'plans-gap-partner-refused', { name: TALENT.name, reason: 'Met 20% doen we wel mee.' });
  assert.ok((await textOf(page)).includes(gap));
  await page.goto(letter.links.find((address) => address.endsWith('/shares')));
  await look(owner, 'shares-refused');
  await page.locator(`#f-with_${TALENT.slug}`).check();
  await page.locator(`#f-share_${TALENT.slug}`).fill('20');
  await press(page, 'nl', 'shares-save');
  await expectFlash(page, 'nl', 'flash-shares-saved');

  const again = await app.mail.waitForLetter(TALENT.email, new RegExp(`Akkoord .*${TITLE}`));
  await talent.page.goto('/nl/studio');
  await look(talent, 'studio-asked');
  await talent.page.goto(again.links.find((address) => address.includes('/shares/')));
  await press(talent.page, 'nl', 'shares-agree', { percent: 20 });
  await expectFlash(talent.page, 'nl', 'flash-shares-agreed');
  await page.reload();
  assert.ok((await textOf(page)).includes(say('nl', 'shares-all-agreed')));
  await look(owner, 'shares-agreed');
}

async function hidden(visitor) {
  const anybody = await visitor({ js: false, expected: [/status of 404/] });
  for (const path of ['/nl/projects', `/nl/rounds/${ROUND}`, '/nl/organisations/rotterdamse-douwers', '/nl/coalitions/van-wrak-tot-fiets']) {
    await anybody.page.goto(path);
    assert.ok(!(await textOf(anybody.page)).includes('Fietskeuken'), path);
  }
  assert.equal((await anybody.page.goto(`/nl/projects/${SLUG}`)).status(), 404);
  await anybody.close();
}

async function support(app, visitor) {
  const citizen = await visitor({ js: false });
  const { page } = citizen;
  await page.goto(`/nl/projects/${SLUG}`);
  const text = await textOf(page);
  for (const [name, percent] of [['Rotterdamse Douwers', 50], [COOKS.name, 30], [TALENT.name, 20]]) {
    assert.ok(text.includes(`${name}, ${say('nl', 'site-share', { percent })}`), `${name} gets ${percent}%: ${text}`);
  }
  for (const words of ['Eten voor de ploeg: Hotspot Hutspot', 'Werk zoeken: Talentfabriek010', '180 Rikx', '120 Rikx']) {
    assert.ok(text.includes(words), words);
  }
  await look(citizen, 'joint-project');
  await pledge(page, 'nl', SLUG, { amount: '25', email: 'citizen@voorbeeld.example' });
  const { held_cents: held } = await projectFacts(app, SLUG);
  assert.equal(held, 2_500, 'what came through valuation takes pledges');
}
