// How a plan is written: in steps without script, handed in, sent back with remarks, changed, compared and passed on. Every page on the
// way stands at 1280 and at 320 pixels.

import assert from 'node:assert/strict';
import { expectFlash, look } from './money.mjs';
import { devSignIn, expectFormError } from './steps.mjs';
import { say, textOf } from './texts.mjs';

export const OWNER = 'owner@rotterdamse-douwers.example';
export const ROUND = 5;
export const SLUG = 'fietskeuken-west';
export const PLAN = `/nl/studio/projects/${SLUG}/plan`;
const REVIEWER = 'reviewer@drempel.example';
const DAY_MS = 86_400_000;

const button = (page, key) => page.getByRole('button', { name: say('nl', key), exact: true });
const save = ({ page }) => button(page, 'form-save').click();

async function open(who, part, shot) {
  await who.page.goto(`${PLAN}${part}`);
  await look(who, shot);
}

async function fill(page, values) {
  for (const [field, value] of Object.entries(values)) await page.locator(`[id="f-${field}"]`).fill(value);
}

export async function begin(owner) {
  const { page } = owner;
  await page.goto('/nl/studio');
  await page.getByRole('link', { name: say('nl', 'plans-new'), exact: true }).click();
  await look(owner, 'plan-new');
  await page.locator('#f-round').selectOption(String(ROUND));
  await fill(page, { title: 'Fietskeuken West', minimum: '1.000', full: '20000' });
  await button(page, 'plans-begin').click();
  await expectFormError(page, 'nl', 'minimum', say('nl', 'amount-ambiguous'));
  assert.equal(await page.locator('#f-title').inputValue(), 'Fietskeuken West', 'what was typed is kept');
  await look(owner, 'plan-new-wrong', { again: false });
  await page.locator('#f-minimum').fill('12500');
  await button(page, 'plans-begin').click();
  await expectFlash(page, 'nl', 'flash-plans-begun');
  await look(owner, 'plan-begun');
}

export async function write(owner) {
  const { page } = owner;
  const day = (days) => new Date(Date.now() + days * DAY_MS).toISOString().slice(0, 10);

  await open(owner, '/risks', 'plan-risks');
  await fill(page, {
    'risk_nl-1': 'Te weinig fietsen', 'measure_nl-1': 'We vragen mevrouw Jansen om wezen',
    'name_nl-1': 'Fietsenmaker', 'name_en-1': 'Bicycle maker',
  });
  await save(owner);
  await expectFormError(page, 'nl', 'measure_nl-1', say('nl', 'outcomes-note-name'));
  await page.locator('#f-measure_nl-1').fill('We vragen de gemeente om wezen');
  await button(page, 'plans-save-and-add').click();
  await expectFlash(page, 'nl', 'flash-plans-saved');
  assert.equal(await page.locator('#f-risk_nl-4').count(), 1, 'empty rows stand behind those that are filled in');

  await open(owner, '/budget', 'plan-budget');
  await fill(page, {
    'label_nl-1': 'Begeleiding', 'label_en-1': 'Guidance', 'minimum-1': '9000', 'full-1': '14000',
    'label_nl-2': 'Gereedschap', 'minimum-2': '3500', 'full-2': '3000', 'funder-1': 'Voorbeeldfonds', 'amount-1': '2500',
  });
  await page.locator('#f-state-1').selectOption('promised');
  await save(owner);
  await expectFormError(page, 'nl', 'full-2', say('nl', 'plans-full-below-minimum'));
  await page.locator('#f-full-2').fill('6000');
  await save(owner);
  await expectFlash(page, 'nl', 'flash-plans-saved');

  await open(owner, '/promises', 'plan-promises');
  for (const [row, code, share] of [[1, 'PI4060', '60'], [2, 'certificates', '40']]) {
    await page.locator(`#f-indicator-${row}`).selectOption(code);
    await fill(page, { [`target-${row}`]: '20', [`due-${row}`]: day(500), [`share-${row}`]: share });
  }
  await save(owner);

  await open(owner, '/planning', 'plan-planning');
  await fill(page, { start_day: day(200), months: '10', 'text_nl-1': 'Werkplaats openen', 'text_en-1': 'Open the workshop' });
  await save(owner);

  await open(owner, '/place', 'plan-place');
  await page.locator('#f-area-west').check();
  await page.locator('input[name=point][value=west]').check();
  await save(owner);
  await open(owner, '/place', 'plan-place-chosen');
  assert.equal(await page.locator('.map-point').count(), 1, 'the point is on the map');

  await open(owner, '/people', 'plan-people');
  await page.locator('#f-participants').fill('20');
  for (const term of ['method-mentoring', 'sector-bicycle-repair', 'theme-work-and-learning', 'track-learning-by-working', 'function-work']) {
    await page.locator(`#f-${term}`).check();
  }
  await save(owner);

  await page.goto(`/nl/studio/projects/${SLUG}/texts`);
  await look(owner, 'plan-texts');
  await fill(page, {
    title_en: 'Bicycle kitchen West', aim_nl: 'Twintig jongeren leren fietsen maken.', aim_en: 'Twenty young people learn to repair bicycles.',
    text_nl: 'In de fietskeuken leren jongeren een vak.', text_en: 'In the bicycle kitchen young people learn a trade.',
    target_group_nl: 'Jongeren zonder werk', target_group_en: 'Young people without work',
  });
  await save(owner);
}

export async function handIn(owner) {
  const { page } = owner;
  await open(owner, '', 'plan-with-a-gap');
  const gap = say('nl', 'plans-gap-empty', { field: say('nl', 'plans-field-contact') });
  assert.ok((await textOf(page)).includes(gap), 'it says what is missing');
  assert.equal(await button(page, 'plans-submit').count(), 0);
  await page.locator('ol').getByRole('link', { name: say('nl', 'plans-step-texts'), exact: true }).click();
  await fill(page, { contact: 'fietskeuken@voorbeeld.example' });
  await save(owner);
  await open(owner, '', 'plan-whole');
  await page.getByRole('link', { name: say('nl', 'plans-preview') }).click();
  await look(owner, 'plan-preview');
  assert.ok((await textOf(page)).includes(say('nl', 'plans-preview-notice')));
  await page.goto(PLAN);
  await button(page, 'plans-submit').click();
  await expectFlash(page, 'nl', 'flash-plans-submitted');
  await look(owner, 'plan-handed-in');
  await open(owner, '/budget', 'plan-fixed');
  assert.equal(await page.locator('#f-label_nl-1').count(), 0, 'nothing can be changed now');
}

/** Answers the address of the plan in the team's pages. */
export async function sendBack(reviewer) {
  const { page } = reviewer;
  await devSignIn(page, REVIEWER);
  await page.goto('/nl/staff/projects');
  await look(reviewer, 'staff-plans');
  await page.getByRole('link', { name: 'Fietskeuken West', exact: true }).click();
  await look(reviewer, 'staff-plan');
  const plan = new URL(page.url()).pathname;
  await page.locator('#step-risks').locator('xpath=..').getByRole('link', { name: say('nl', 'remark-write') }).first().click();
  assert.equal(await page.locator('#f-field').inputValue(), 'risks', 'the form knows what it is about');
  await button(page, 'remark-save').click();
  await expectFormError(page, 'nl', 'text', say('nl', 'plans-remark-empty'));
  await page.locator('#f-text').fill('Wat als de huur stijgt?');
  await button(page, 'remark-save').click();
  await expectFlash(page, 'nl', 'flash-plans-comment-written');
  await page.locator('#f-field').selectOption('aim');
  await page.locator('#f-text').fill('Noem ook het aantal fietsen.');
  await button(page, 'remark-save').click();
  await look(reviewer, 'staff-plan-remarks');
  await button(page, 'plans-return').click();
  await expectFlash(page, 'nl', 'flash-plans-returned');
  return plan;
}

export async function answer(app, owner) {
  const { page } = owner;
  const subject = say('nl', 'letter-plan_returned-subject', { title: 'Fietskeuken West' });
  const letter = await app.mail.waitForLetter(OWNER, new RegExp(`^${subject}$`));
  assert.ok(letter.text.includes('Wat als de huur stijgt?') && letter.text.includes('Noem ook het aantal fietsen.'));
  assert.ok(letter.links.some((link) => link.endsWith(PLAN)), 'the letter leads to the plan');
  await open(owner, '', 'plan-came-back');
  await page.goto(`/nl/studio/projects/${SLUG}/texts`);
  await look(owner, 'plan-texts-remark');
  assert.ok((await textOf(page)).includes('Noem ook het aantal fietsen.'), 'it stands beside its field');
  await fill(page, { aim_nl: 'Twintig jongeren maken dertig fietsen.' });
  await save(owner);
  await page.goto(PLAN);
  for (const words of ['Dertig, het staat er nu bij.', '']) {
    const form = page.locator('form[action*="/plan/remarks/"]').last();
    await form.locator('textarea').fill(words);
    await form.getByRole('button').click();
    await expectFlash(page, 'nl', 'flash-plans-answered');
  }
  await look(owner, 'plan-answered');
  await button(page, 'plans-submit').click();
  await expectFlash(page, 'nl', 'flash-plans-submitted');
}

export async function compare(owner, reviewer, plan) {
  for (const [who, path] of [[owner, `${PLAN}/versions`], [reviewer, `${plan}/versions`]]) {
    await who.page.goto(path);
    await look(who, who === owner ? 'plan-versions' : 'staff-plan-versions');
    assert.equal(await who.page.locator('ins').first().innerText(), 'maken dertig fietsen.');
    await button(who.page, 'plans-compare').click();
    assert.equal(await who.page.locator('section h3').count(), 1, 'only what differs');
  }
}

export async function passOn(app, reviewer, plan) {
  const { page } = reviewer;
  await page.goto(plan);
  assert.ok((await textOf(page)).includes('Dertig, het staat er nu bij.'), 'the answer is there');
  await button(page, 'plans-accept').click();
  await expectFlash(page, 'nl', 'flash-plans-accepted');
  await look(reviewer, 'staff-plan-accepted');
  const subject = say('nl', 'letter-plan_accepted-subject', { title: 'Fietskeuken West' });
  await app.mail.waitForLetter(OWNER, new RegExp(`^${subject}$`));
}
