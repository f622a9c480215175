// What is on the pages goes elsewhere: somebody watches a project while another pledges, another site shows its card, the map leads
// to a project, and a backer takes all papers along.

import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { LEERWERK, REFUSALS, expectSound, pledge, signInByCode } from '../steps.mjs';
import { euros, plain, say, textOf } from '../texts.mjs';
import { until } from '../tools.mjs';

export const name = 'what is on the pages goes elsewhere';

const BACKER = 'deler@voorbeeld.example';

export async function run({ app, visitor, step }) {
  const backer = await visitor({ expected: REFUSALS });
  await step('who watches a project sees what comes in', () => watch(visitor, backer));
  await step('and can switch that off', () => switchOff(visitor));
  await step('the list is narrowed at once with script', () => narrow(visitor));
  await step('the map leads to a project, without script', () => lookAtMap(visitor));
  await step('the card stands on the page of another site', () => frame(app, visitor));
  await step('the backer takes all papers along', () => takePapers(app, backer));
}

async function watch(visitor, backer) {
  const watcher = await visitor({ js: true });
  const { page } = watcher;
  await page.goto(`/nl/projects/${LEERWERK}`);
  const held = () => textOf(page, '[data-live]');
  const before = await held();
  await pledge(backer.page, 'nl', LEERWERK, { amount: '35', email: BACKER });
  await until('the watcher to see it', 15_000, async () => (await held()) !== before);
  await until('the watcher to see the same as who comes now', 15_000, async () => {
    const seen = await held();
    await backer.page.goto(`/nl/projects/${LEERWERK}`);
    return seen === (await textOf(backer.page, '[data-live]'));
  });
  await expectSound(page);
  await watcher.shot('project-live-nl-1280');
  await watcher.close();
}

async function switchOff(visitor) {
  const { page, close } = await visitor({ js: true });
  await page.goto(`/en/projects/${LEERWERK}`);
  const button = page.getByRole('button', { name: say('en', 'site-live') });
  assert.equal(await button.getAttribute('aria-pressed'), 'true');
  await button.click();
  assert.equal(await button.getAttribute('aria-pressed'), 'false');
  await close();
}

async function narrow(visitor) {
  const { page, close } = await visitor({ js: true });
  await page.goto('/nl/projects');
  const all = await page.locator('.cards > li').count();
  await page.locator('.filters summary').click();
  await page.locator('#f-status').focus();
  await page.locator('#f-status').selectOption('listed');
  await until('fewer projects', 10_000, async () => (await page.locator('.cards > li').count()) < all);
  assert.equal(new URL(page.url()).search, '?status=listed&sort=closing', 'the address says what is shown');
  assert.equal(await textOf(page, '#found-status'), await textOf(page, '#results'), 'how many were found is read out');
  assert.equal(await page.evaluate(() => document.activeElement.id), 'f-status', 'the focus stays');
  await expectSound(page);
  const shown = await page.locator('.cards > li').count();
  await page.reload();
  assert.equal(await page.locator('.cards > li').count(), shown, 'the same address shows the same');
  await close();
}

async function lookAtMap(visitor) {
  for (const width of [1280, 320]) {
    const { page, shot, close } = await visitor({ js: false, width });
    await page.goto('/nl/projects');
    await page.getByRole('link', { name: say('nl', 'map-as-map'), exact: true }).click();
    await expectSound(page);
    await shot(`projects-map-nl-${width}`);
    const mark = page.locator('svg.map a').first();
    const label = await mark.getAttribute('aria-label');
    await mark.focus();
    await page.keyboard.press('Enter');
    await page.waitForURL(/\/nl\/projects\/[a-z0-9-]+$/);
    assert.ok(label.endsWith(await textOf(page, 'h1')), `${label} leads to ${page.url()}`);
    await close();
  }
}

/** A site of somebody else, on an origin of its own, that shows the frame it was given. */
async function frame(app, visitor) {
  const { page, shot, close } = await visitor({ js: true });
  await page.goto(`/nl/projects/${LEERWERK}`);
  await page.getByText(say('nl', 'sharing-embed'), { exact: true }).click();
  const code = await page.locator('#embed-code').inputValue();
  assert.ok(code.startsWith(`<iframe src="${app.base}/embed/${LEERWERK}?lang=nl"`), code);
  const other = createServer((_, answer) => {
    answer.setHeader('content-type', 'text/html; charset=utf-8');
    answer.end(`<!doctype html><html lang="nl"><head><title>Een ander</title><link rel="icon" href="data:,"></head><body>${code}</body></html>`);
  });
  await new Promise((ready) => other.listen(0, '127.0.0.1', ready));
  try {
    await page.goto(`http://127.0.0.1:${other.address().port}/`);
    const card = page.frameLocator('iframe');
    await card.getByRole('heading', { level: 1 }).waitFor();
    assert.ok(plain(await card.locator('main').innerText()).includes(euros('nl', 116_300)), 'the card says the threshold');
    const fits = await card.locator('body').evaluate(() => document.documentElement.scrollWidth <= innerWidth);
    assert.ok(fits, 'the card fits its frame');
    await shot('embed-nl');
  } finally {
    other.close();
  }
  await close();
}

async function takePapers(app, { page }) {
  await signInByCode(app, page, 'nl', BACKER);
  await page.goto('/nl/account/pledges');
  await expectSound(page);
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('link', { name: say('nl', 'receipts-all') }).click(),
  ]);
  assert.equal(download.suggestedFilename(), 'drempel.zip');
}
