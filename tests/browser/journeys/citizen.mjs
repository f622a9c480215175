// A citizen supports a project: three screens, the bank, a receipt, two letters. With script and without, in two languages.

import assert from 'node:assert/strict';
import {
  LEERWERK, REFUSALS, awaitPledge, expectFormError, expectHeadings, expectSound, fillPledge, next, payAtBank, projectFacts,
} from '../steps.mjs';
import { euros, plain, say, textOf } from '../texts.mjs';

export const name = 'a citizen supports a project';

export async function run({ app, visitor, step }) {
  const visits = [
    { lang: 'nl', js: false, width: 1280, who: 'in Dutch, script off' },
    { lang: 'en', js: true, width: 1280, who: 'in English, with script' },
    { lang: 'nl', js: false, width: 320, who: 'in Dutch on a small telephone, script off' },
  ];
  for (const visit of visits) {
    const { lang, js, width, who } = visit;
    const person = await visitor({ js, width, locale: lang === 'nl' ? 'nl-NL' : 'en-GB', expected: REFUSALS });
    const email = `citizen-${lang}-${width}@voorbeeld.example`;
    await step(`${who}: finds the project and reads it`, () => findAndRead(person, lang, width));
    const address = await step(`${who}: pledges 25 euros and pays`, () => support(app, person, lang, width, email));
    await step(`${who}: gets two letters`, () => readLetters(app, person, lang, email, address));
    await person.close();
  }
  const careless = await visitor({ js: false, expected: REFUSALS });
  await step('wrong input comes back with what is wrong', () => typeWrong(careless));
  await step('a double click is one pledge', () => doubleClick(app, visitor));
  await step('a payment that fails can be tried again', () => failThenPay(app, visitor));
}

const title = { nl: 'LeerWerkCentrum Oud Mathenesse Witte Dorp', en: 'Learning and working centre Oud Mathenesse Witte Dorp' };

async function findAndRead({ page, shot }, lang, width) {
  await page.goto('/');
  assert.equal(new URL(page.url()).pathname, `/${lang}`);
  await expectSound(page);
  await shot(`home-${lang}-${width}`);
  await page.getByRole('navigation', { name: say(lang, 'nav-label') }).getByRole('link', { name: say(lang, 'nav-projects') }).click();
  await page.locator('#f-q').fill(lang === 'nl' ? 'leerwerkcentrum' : 'learning and working centre');
  await page.getByRole('button', { name: say(lang, 'form-filter-apply') }).click();
  await expectSound(page);
  await shot(`projects-found-${lang}-${width}`);
  await page.getByRole('link', { name: title[lang] }).click();
  const text = await textOf(page);
  for (const figure of [`${say(lang, 'site-fact-participants')} 20`, euros(lang, 186_400), euros(lang, 116_300)]) {
    assert.ok(text.includes(figure), `the page says ${figure}`);
  }
  const rikx = lang === 'nl' ? ['1.864', '1.163'] : ['1,864', '1,163'];
  for (const number of rikx) assert.ok(text.includes(`${number} Rikx`), `the page says ${number} Rikx`);
  await expectSound(page);
  await shot(`project-${lang}-${width}`);
}

async function support(app, { page, shot }, lang, width, email) {
  await page.getByRole('link', { name: say(lang, 'site-pledge') }).click();
  await expectSound(page);
  await shot(`pledge-1-${lang}-${width}`);
  await page.locator('#f-amount').fill('20');
  await next(page, lang);
  await page.locator('#f-email').fill(email);
  await page.locator('#f-name').fill('Jan de Vries');
  await expectSound(page);
  await shot(`pledge-2-${lang}-${width}`);
  await next(page, lang);
  await expectSound(page);

  // back once, to another amount; what was typed on the second screen is kept
  const changeAmount = new RegExp(`^${say(lang, 'form-change')} ?: ${say(lang, 'pledge-amount-label')}$`);
  await page.getByRole('button', { name: changeAmount }).click();
  assert.equal(await page.locator('#f-amount').inputValue(), '20');
  await page.locator('#f-amount').fill(lang === 'nl' ? '€ 25,00' : 'EUR 25.00');
  await next(page, lang);
  const text = await textOf(page);
  for (const words of [title[lang], email, 'Jan de Vries', say(lang, 'pledge-money-not-reached'), say(lang, 'pledge-money-reached')]) {
    assert.ok(text.includes(words), `the last screen says ${words}`);
  }
  const button = page.locator('button[name=confirm]');
  assert.equal(plain(await button.innerText()), say(lang, 'pledge-pay-button', { amount: euros(lang, 25) }));
  await shot(`pledge-3-${lang}-${width}`);

  await payAtBank(page);
  await awaitPledge(page, 'held');
  const receipt = await textOf(page);
  for (const words of [say(lang, 'pledge-receipt'), euros(lang, 25), say(lang, 'pledge-nothing-in-return'), title[lang]]) {
    assert.ok(receipt.includes(words), `the receipt says ${words}`);
  }
  await expectSound(page);
  await shot(`receipt-${lang}-${width}`);
  const { held_cents: held } = await projectFacts(app, LEERWERK);
  assert.ok(held >= 2_500, 'the money counts for the project');
  return page.url();
}

async function readLetters(app, { page }, lang, email, address) {
  const amount = euros(lang, 25);
  for (const kind of ['pledge_received', 'payment_received']) {
    const subject = say(lang, `letter-${kind}-subject`, { title: title[lang], amount });
    const letter = await app.mail.waitForLetter(email, new RegExp(subject.slice(0, 30)));
    const letters = app.mail.letters(email).map((one) => plain(one.subject));
    assert.ok(letters.includes(subject), `${subject} is among ${letters.join(' | ')}`);
    for (const part of [letter.text, letter.html]) {
      assert.ok(plain(part.replace(/&nbsp;|&#160;/g, ' ')).includes(amount), `the letter says ${amount}`);
    }
    assert.ok(letter.html.includes(`lang="${lang}"`));
    assert.equal(Object.keys(letter.headers).some((header) => header.toLowerCase() === 'list-unsubscribe'), false);
    assert.ok(letter.links.includes(address), 'the letter leads to the page of the pledge');
    const hasReceipt = letter.links.some((found) => found.includes('/documents?key='));
    assert.equal(hasReceipt, kind === 'payment_received', 'what was paid has a receipt');
    for (const link of letter.links.filter((found) => found.includes('/pledges/'))) {
      assert.equal((await page.goto(link)).status(), 200, link);
    }
  }
  assert.equal(app.mail.letters(email).length, 2, 'two letters and no more');
}

async function typeWrong({ page, shot }) {
  const wrong = [
    ['abc', say('nl', 'amount-not-a-number')],
    ['4,99', say('nl', 'pledge-too-small', { minimum: euros('nl', 5) })],
    ['10,50', say('nl', 'pledge-not-whole', { unit: euros('nl', 1) })],
    ['', say('nl', 'amount-empty')],
    ['-25', say('nl', 'amount-negative')],
    ['1.000', say('nl', 'amount-ambiguous')],
  ];
  for (const [typed, message] of wrong) {
    await page.goto(`/nl/projects/${LEERWERK}/pledge`);
    await page.locator('#f-amount').fill(typed);
    await next(page, 'nl');
    await expectFormError(page, 'nl', 'amount', message);
    assert.equal(await page.locator('#f-amount').inputValue(), typed, 'what was typed is kept');
  }
  await expectSound(page);
  await shot('pledge-error-nl-1280');
  await page.locator('#f-amount').fill('25');
  await next(page, 'nl');
  for (const typed of ['', 'jan', 'jan@', 'jan de vries@voorbeeld.nl', 'jan@voorbeeld.nl; piet@voorbeeld.nl']) {
    await page.locator('#f-email').fill(typed);
    await page.locator('#f-name').fill('Jan');
    await next(page, 'nl');
    await expectFormError(page, 'nl', 'email', say('nl', typed ? 'email-wrong' : 'email-empty'));
    assert.equal(await page.locator('#f-email').inputValue(), typed, 'what was typed is kept');
    assert.equal(await page.locator('#f-name').inputValue(), 'Jan');
  }
  await expectHeadings(page);
}

/** With script the second click does nothing; without, it is sent, and finds the first one's pledge. */
async function doubleClick(app, visitor) {
  for (const js of [true, false]) {
    const { page, close } = await visitor({ js });
    const email = `double-${js}@voorbeeld.example`;
    const before = await projectFacts(app, LEERWERK);
    await fillPledge(page, 'nl', LEERWERK, { amount: '25', email });
    await page.locator('button[name=confirm]').dblclick();
    await page.waitForURL(/\/dev\/bank\/pay\/|\/pledges\//);
    await app.mail.waitForLetter(email, /gereserveerd/);
    const after = await projectFacts(app, LEERWERK);
    assert.equal(after.reserved_cents - before.reserved_cents, 2_500, 'one pledge is reserved');
    assert.equal(app.mail.letters(email).length, 1, 'one letter');
    await close();
  }
}

async function failThenPay(app, visitor) {
  const { page } = await visitor({ js: false });
  await fillPledge(page, 'nl', LEERWERK, { amount: '50', email: 'unlucky@voorbeeld.example' });
  await payAtBank(page, 'fail');
  assert.ok((await page.getByRole('alert').count()) > 0, 'the bank says that it refused');
  await page.locator('button[name=action][value=cancel]').click();
  await page.waitForURL(/\/pledges\//);
  await page.locator('.letter .badge.is-reserved').first().waitFor();
  await page.getByRole('button', { name: say('nl', 'pledge-pay-button', { amount: euros('nl', 50) }) }).click();
  await page.locator('button[name=action][value=pay]').click();
  await awaitPledge(page, 'held');
}
