// An owner keeps a project's page alive: a text, an update with a picture, and the counts of a measurement. Followers get the
// update in their language and can leave with one click.

import assert from 'node:assert/strict';
import { LEERWERK, REFUSALS, confirmByApp, expectSound, moveClock, pledge, signInByCode } from '../steps.mjs';
import { scan } from '../money.mjs';
import { plain, say, textOf } from '../texts.mjs';

export const name = 'an owner edits, tells, and counts';

const OWNER = 'owner@de-verbindingskamer.example';
const DAY_MS = 86_400_000;
const UNDO_SECONDS = 600;

export async function run({ app, visitor, step }) {
  const anna = 'anna@voorbeeld.example';
  const bram = 'bram@voorbeeld.example';
  const cees = 'cees@voorbeeld.example';
  await step('three backers, two of whom want updates', async () => {
    const backers = [['en', anna, true], ['nl', bram, true], ['nl', cees, false]];
    for (const [lang, email, updates] of backers) {
      const { page, close } = await visitor({ js: false, locale: lang === 'nl' ? 'nl-NL' : 'en-GB' });
      await pledge(page, lang, LEERWERK, { amount: '25', email, updates });
      await close();
    }
  });

  const owner = await visitor({ js: false, expected: REFUSALS });
  await step('the owner signs in by the code in a letter', () => signIn(app, owner));
  await step('edits a text, which the public page shows at once', () => editText(owner, visitor));
  await step('writes an update with a picture, looks at it, takes it back once and publishes it', () => writeUpdate(app, owner));
  const [leave, less] = await step('the two get it in their language', () => readUpdate(app, [anna, bram, cees]));
  await step('one click ends it', () => unsubscribe(app, leave));
  await step('the other wants it once a week, and puts that back', () => wantLess(visitor, less));
  await step('a second update reaches only who still wants it', () => secondUpdate(app, owner, [anna, bram]));
  await step('sees the backers, and writes to all who did not leave', () => writeToBackers(app, owner, [anna, bram, cees]));
  await step('finds what is needed to share the project', () => share(app, owner));
  await owner.close();

  const counting = await visitor({ expected: REFUSALS });
  await step('another owner enters a measurement', () => enterCounts(app, counting));
}

const studio = (part) => `/nl/studio/projects/${LEERWERK}${part}`;

async function signIn(app, { page, shot }) {
  await page.goto('/nl/sign-in');
  await expectSound(page);
  await shot('sign-in-nl-1280');
  await signInByCode(app, page, 'nl', OWNER);
  await page.goto('/nl/studio');
  await expectSound(page);
  await shot('studio-nl-1280');
  await page.getByRole('link', { name: 'LeerWerkCentrum Oud Mathenesse Witte Dorp', exact: true }).click();
  await expectSound(page);
  await shot('studio-project-nl-1280');
}

async function editText({ page, shot }, visitor) {
  const aim = 'Twintig Rotterdammers leren werken in een eethuis om de hoek.';
  await page.goto(studio('/texts'));
  await expectSound(page);
  await shot('studio-texts-nl-1280');
  await page.locator('#f-aim_nl').fill(aim);
  await page.locator('#f-title_nl').fill('');
  await page.getByRole('button', { name: say('nl', 'form-save') }).click();
  const missing = say('nl', 'studio-missing', { label: say('nl', 'studio-label-title_nl') });
  assert.ok((await textOf(page, '.error-summary')).includes(missing), 'an empty title is refused');
  assert.equal(await page.locator('#f-aim_nl').inputValue(), aim, 'what was typed is kept');
  await page.locator('#f-title_nl').fill('LeerWerkCentrum Oud Mathenesse Witte Dorp');
  await page.getByRole('button', { name: say('nl', 'form-save') }).click();
  assert.equal(await textOf(page, '.flash'), say('nl', 'flash-studio-saved'));
  const reader = await visitor({ js: false });
  await reader.page.goto(`/nl/projects/${LEERWERK}`);
  assert.ok((await textOf(reader.page)).includes(aim), 'the public page shows the new text');
  await reader.close();
}

async function writeUpdate(app, { page, shot }) {
  await page.goto(studio('/updates'));
  await expectSound(page);
  await page.getByRole('link', { name: say('nl', 'updates-new') }).click();
  await expectSound(page);
  await page.getByRole('button', { name: say('nl', 'updates-save') }).click();
  assert.ok((await textOf(page, '.error-summary')).includes(say('nl', 'updates-empty')));

  await page.locator('#f-title_nl').fill('De keuken staat er');
  await page.locator('#f-body_nl').fill('Vandaag is de **keuken** geplaatst.\n\n- een fornuis\n- twee ovens\n\n<script>alert(1)</script>');
  await page.locator('#f-title_en').fill('The kitchen is there');
  await page.locator('#f-body_en').fill('Today the **kitchen** was put in.');
  await page.locator('#f-picture').setInputFiles({ name: 'keuken.png', mimeType: 'image/png', buffer: await picture(page) });
  await page.locator('#f-picture_alt').fill('Een nieuwe keuken met een lang aanrecht');
  await page.getByRole('button', { name: say('nl', 'updates-save') }).click();
  assert.equal(await textOf(page, '.flash'), say('nl', 'flash-update-saved'));
  assert.equal(await page.locator('article strong').first().innerText(), 'keuken');
  assert.equal(await page.locator('article script').count(), 0);
  const seen = await page.locator('article img').first().evaluate((img) => img.complete && img.naturalWidth > 0);
  assert.ok(seen, 'the preview shows the picture');
  await expectSound(page);
  await shot('update-preview-nl-1280');

  const publish = () => page.getByRole('button', { name: say('nl', 'updates-publish') }).click();
  await publish();
  assert.equal(await textOf(page, '.flash'), say('nl', 'flash-update-scheduled'));
  await page.getByRole('button', { name: say('nl', 'updates-undo') }).click();
  assert.equal(await textOf(page, '.flash'), say('nl', 'flash-update-undone'));
  await publish();
  await moveClock(app, UNDO_SECONDS);
  await page.reload();
  await page.getByRole('link', { name: say('nl', 'updates-on-site') }).click();
  assert.ok((await textOf(page)).includes('De keuken staat er'));
  assert.equal((await page.request.get(await page.locator('article img').getAttribute('src'))).status(), 200);
  await expectSound(page);
  await shot('update-nl-1280');
}

/** A picture as a telephone might send it: some pixels in colours. */
async function picture(page) {
  return page.screenshot({ clip: { x: 0, y: 0, width: 800, height: 500 } });
}

/** Answers the addresses that end it for the readers. */
async function readUpdate(app, [english, dutch, none]) {
  const first = await app.mail.waitForLetter(english, /The kitchen is there$/);
  const second = await app.mail.waitForLetter(dutch, /De keuken staat er$/);
  assert.ok(first.text.includes('Today the') && first.html.includes('<strong>kitchen</strong>'));
  assert.ok(second.text.includes('Vandaag is de') && second.html.includes('<strong>keuken</strong>'));
  const headers = (letter) => Object.fromEntries(Object.entries(letter.headers).map(([key, value]) => [key.toLowerCase(), String(value)]));
  const { 'list-unsubscribe': list, 'list-unsubscribe-post': post } = headers(first);
  assert.match(list, /^<http:\/\/localhost:\d+\/unsubscribe\/[^>]+>$/);
  assert.equal(post, 'List-Unsubscribe=One-Click');
  assert.notEqual(headers(second)['list-unsubscribe'], list, 'every reader has an address of their own');
  assert.ok(first.links.includes(list.slice(1, -1)), 'the address stands in the text too');
  assert.equal(app.mail.letters(none).filter(({ subject }) => /keuken/.test(subject)).length, 0, 'who did not ask gets none');
  return [list.slice(1, -1), headers(second)['list-unsubscribe'].slice(1, -1)];
}

async function unsubscribe(app, address) {
  const looked = await fetch(address);
  assert.equal(looked.status, 200, 'looking at it changes nothing');
  const done = await fetch(address, { method: 'POST', body: new URLSearchParams({ 'List-Unsubscribe': 'One-Click' }) });
  assert.equal(done.status, 200);
  assert.ok(plain(await done.text()).includes(say('en', 'unsubscribed-title')), 'said in the language of the reader');
  assert.equal((await fetch(address, { method: 'POST' })).status, 200, 'twice is as good as once');
}

/** Without signing in and without script: another choice is shown as it is now, and one press puts it back. */
async function wantLess(visitor, address) {
  const { page, close } = await visitor({ js: false });
  await page.goto(address);
  await expectSound(page);
  await page.locator('#rhythm').selectOption('weekly');
  await page.getByRole('button', { name: say('nl', 'mail-rhythm-save') }).first().click();
  await page.getByRole('heading', { level: 1, name: say('nl', 'mail-changed-saved-title') }).waitFor();
  await expectSound(page);
  await page.getByRole('link', { name: say('nl', 'mail-changed-undo') }).click();
  await expectSound(page);
  await page.getByRole('button', { name: say('nl', 'mail-changed-undo') }).click();
  await page.getByRole('heading', { level: 1, name: say('nl', 'mail-changed-undone-title') }).waitFor();
  await page.goto(address);
  assert.equal(await page.locator('#rhythm').inputValue(), 'general');
  await close();
}

async function secondUpdate(app, { page }, [gone, stayed]) {
  await page.goto(studio('/updates/new'));
  await page.locator('#f-title_nl').fill('De eerste gasten');
  await page.locator('#f-body_nl').fill('Er stond soep op het menu.');
  await page.getByRole('button', { name: say('nl', 'updates-save') }).click();
  await page.getByRole('button', { name: say('nl', 'updates-publish') }).click();
  await moveClock(app, UNDO_SECONDS);
  await app.mail.waitForLetter(stayed, /De eerste gasten$/);
  assert.equal(app.mail.letters(gone).filter(({ subject }) => /De eerste gasten/.test(subject)).length, 0);
}

async function writeToBackers(app, { page, shot }, [gone, bram, cees]) {
  await page.goto(studio('/backers'));
  await expectSound(page);
  await confirmByApp(app, page, 'nl');
  await expectSound(page);
  await shot('studio-backers-nl-1280');
  assert.ok(!(await textOf(page)).includes('@voorbeeld.example'), 'no addresses');
  await page.setViewportSize({ width: 320, height: 700 });
  await expectSound(page);
  await shot('studio-backers-nl-320');
  await page.getByRole('link', { name: say('nl', 'studio-backers-message') }).click();
  assert.ok(await page.getByLabel(say('nl', 'updates-audience-backers')).isChecked());
  await page.locator('#f-title_nl').fill('Kom kijken op zaterdag');
  await page.locator('#f-body_nl').fill('Iedereen die steunt is welkom.');
  await page.getByRole('button', { name: say('nl', 'updates-save') }).click();
  await expectSound(page);
  await shot('studio-message-nl-320');
  await page.getByRole('button', { name: say('nl', 'updates-publish') }).click();
  await moveClock(app, UNDO_SECONDS);
  for (const backer of [bram, cees]) {
    const letter = await app.mail.waitForLetter(backer, /Kom kijken op zaterdag$/);
    assert.ok(letter.text.includes('Iedereen die steunt is welkom.'));
  }
  assert.equal(app.mail.letters(gone).filter(({ subject }) => /Kom kijken/.test(subject)).length, 0, 'who left gets none');
  await page.goto(`/nl/projects/${LEERWERK}/updates`);
  assert.ok(!(await textOf(page)).includes('Kom kijken'), 'it is not on the site');
}

async function share(app, { page, shot }) {
  await page.goto(studio('/share'));
  await expectSound(page);
  await shot('studio-share-nl-320');
  await page.setViewportSize({ width: 1280, height: 900 });
  await shot('studio-share-nl-1280');
  const address = `${app.base}/nl/projects/${LEERWERK}`;
  assert.deepEqual(await scan(page.locator('main svg[role="img"]')), [address], 'the picture leads to the page');
  assert.ok((await page.locator('#f-words').inputValue()).endsWith(address));
  const poster = await page.request.get(studio('/poster.pdf'));
  assert.equal(poster.status(), 200);
  assert.ok((await poster.body()).subarray(0, 5).equals(Buffer.from('%PDF-')));
  const drawn = await page.locator('img[src^="/og/"]').evaluate((img) => [img.complete, img.naturalWidth, img.naturalHeight]);
  assert.deepEqual(drawn, [true, 1200, 630]);
}

async function enterCounts(app, { page, shot }) {
  await signInByCode(app, page, 'nl', 'owner@stichting-schouders-eronder.example');
  await page.goto('/nl/studio/projects/rugdekking/outcomes');
  await expectSound(page);
  await shot('outcomes-studio-nl-1280');
  const count = (code) => page.locator(`[id="f-count-${code}"]`);
  await page.locator('#f-kind').selectOption('interim');
  await page.locator('#f-day').fill(new Date(Date.now() - 2 * DAY_MS).toISOString().slice(0, 10));
  await count('PI4060').fill('23');
  await count('certificates').fill('zeven');
  await page.getByRole('button', { name: say('nl', 'outcomes-to-check') }).click();
  assert.ok((await textOf(page, '.error-summary')).includes(say('nl', 'outcomes-count-unreadable')));
  assert.equal(await count('certificates').inputValue(), 'zeven', 'what was typed is kept');
  await count('certificates').fill('7');
  await page.getByRole('button', { name: say('nl', 'outcomes-to-check') }).click();
  await expectSound(page);
  await shot('outcomes-check-nl-1280');
  await page.getByRole('button', { name: say('nl', 'outcomes-save') }).click();
  assert.equal(await textOf(page, '.flash'), say('nl', 'flash-outcomes-entered'));

  await page.goto('/nl/projects/rugdekking/outcomes');
  const rows = await page.locator('table').first().locator('tbody tr').allInnerTexts();
  assert.ok(rows.some((row) => plain(row).includes(say('nl', 'outcomes-about', { count: 25 }))), `23 people are about 25: ${rows}`);
  assert.ok(rows.some((row) => plain(row).includes(say('nl', 'outcomes-below-10'))), `7 people are hidden: ${rows}`);
  await expectSound(page);
  await shot('outcomes-nl-1280');
}
