// Nobody needs a mouse: a pledge, an update and the first step of a closing, with the keys alone. What has the focus is always seen.

import assert from 'node:assert/strict';
import { LEERWERK, REFUSALS, awaitPledge, devSignIn } from '../steps.mjs';
import { say, textOf } from '../texts.mjs';

export const name = 'everything goes with the keyboard alone';

/** So many presses of Tab at most until something is reached. */
const LONGEST_WAY = 120;

export async function run({ visitor, step }) {
  const citizen = await visitor({ expected: REFUSALS });
  await step('the first press leads past the menu', () => skip(citizen));
  await step('a citizen pledges and pays', () => pledge(citizen));
  await citizen.close();
  const owner = await visitor({ expected: REFUSALS });
  await devSignIn(owner.page, 'owner@de-verbindingskamer.example');
  await step('an owner writes an update and publishes it', () => update(owner));
  await owner.close();
  const treasurer = await visitor({ expected: REFUSALS });
  await devSignIn(treasurer.page, 'treasurer1@drempel.example');
  await step('a treasurer ends the sale of a round', () => close(treasurer));
  await treasurer.close();
}

/** Presses Tab until what has the focus is what `is` looks for; each stop on the way must be seen. */
async function tabTo(page, what, is) {
  for (let presses = 0; presses < LONGEST_WAY; presses += 1) {
    const found = await page.evaluate(is.test, is.value);
    if (found) return;
    await page.keyboard.press('Tab');
    await expectSeen(page);
  }
  throw new Error(`${what} is not reached with ${LONGEST_WAY} presses of Tab at ${page.url()}`);
}

/** What has the focus lies in the window, is not hidden behind something, and has a visible outline or another border. */
async function expectSeen(page) {
  const problem = await page.evaluate(() => {
    const element = document.activeElement;
    if (!element || element === document.body) return '';
    const name = `${element.tagName.toLowerCase()} ${element.id || element.textContent.trim().slice(0, 40)}`;
    const box = element.getBoundingClientRect();
    if (box.width === 0 || box.height === 0) return `${name} has no size`;
    if (box.bottom <= 0 || box.top >= innerHeight) return `${name} lies outside the window`;
    const style = getComputedStyle(element);
    const outlined = style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 1;
    return outlined || style.boxShadow !== 'none' ? '' : `${name} has no visible focus`;
  });
  assert.equal(problem, '', page.url());
}

const byId = (id) => ({ test: (id) => document.activeElement?.id === id, value: id });
const byText = (text) => ({
  test: (text) => ['A', 'BUTTON', 'SUMMARY'].includes(document.activeElement?.tagName) && document.activeElement.textContent.replace(/\s+/g, ' ').trim() === text,
  value: text,
});
const bySelector = (selector) => ({ test: (selector) => document.activeElement?.matches(selector), value: selector });

/** Types into the field that has the focus, over what stands there. */
async function type(page, text) {
  await page.keyboard.press('Control+A');
  await page.keyboard.type(text);
}

/** Presses what has the focus and waits for the page that comes. */
async function press(page, key = 'Enter') {
  await Promise.all([page.waitForNavigation(), page.keyboard.press(key)]);
}

async function skip({ page }) {
  await page.goto('/nl');
  await page.keyboard.press('Tab');
  assert.equal(await page.evaluate(() => document.activeElement.className), 'skip-link');
  await expectSeen(page);
  await page.keyboard.press('Enter');
  await page.keyboard.press('Tab');
  assert.ok(await page.evaluate(() => Boolean(document.activeElement.closest('main'))), 'the focus is behind the menu');
}

async function pledge({ page }) {
  await page.goto(`/nl/projects/${LEERWERK}`);
  await tabTo(page, 'the button to pledge', byText(say('nl', 'site-pledge')));
  await press(page);
  await tabTo(page, 'the amount', byId('f-amount'));
  await type(page, '25');
  await press(page);
  await tabTo(page, 'the address', byId('f-email'));
  await type(page, 'toetsen@voorbeeld.example');
  await press(page);
  await tabTo(page, 'the button to pay', bySelector('button[name=confirm]'));
  await press(page);
  await page.waitForURL(/\/dev\/bank\/pay\//);
  await page.keyboard.press('Tab');
  for (let presses = 0; presses < LONGEST_WAY; presses += 1) {
    if (await page.evaluate(() => document.activeElement?.matches('button[name=action][value=pay]'))) break;
    await page.keyboard.press('Tab');
  }
  await page.keyboard.press('Enter');
  await awaitPledge(page, 'held');
}

async function update({ page }) {
  await page.goto(`/nl/studio/projects/${LEERWERK}/updates/new`);
  await tabTo(page, 'the title', byId('f-title_nl'));
  await type(page, 'Zonder muis geschreven');
  await tabTo(page, 'the text', byId('f-body_nl'));
  await type(page, 'Dit bericht is met toetsen gemaakt.');
  await tabTo(page, 'the button to save', byText(say('nl', 'updates-save')));
  await press(page);
  assert.equal(await textOf(page, '.flash'), say('nl', 'flash-update-saved'));
  await tabTo(page, 'the button to publish', byText(say('nl', 'updates-publish')));
  await press(page, 'Space');
  assert.equal(await textOf(page, '.flash'), say('nl', 'flash-update-scheduled'));
}

async function close({ page }) {
  await page.goto('/nl/staff/rounds/3/closing');
  await tabTo(page, 'the reason', byId('f-reason'));
  await type(page, 'De vergadering heeft dit zo besloten.');
  await tabTo(page, 'the button that ends the sale', byText(say('nl', 'settlement-begin')));
  await press(page);
  assert.equal(await textOf(page, '.flash'), say('nl', 'flash-closing-begun'));
}
