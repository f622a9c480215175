// What the journeys about money need: a bank that makes statements, a decoder of QR codes, and a look at every page of it.

import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { expectNoSidewaysScroll } from './browser.mjs';
import { REFUSALS, devSignIn, expectHeadings, expectSound } from './steps.mjs';
import { say, textOf } from './texts.mjs';
import { jsQR, PNG } from './tools.mjs';

export const BANK_IBAN = 'NL91ABNA0417164300'; // of the foundation, in development
const NARROW = { width: 320, height: 640 };
const WIDE = { width: 1280, height: 900 };

/**
 * Holds a page against everything a page must stand: wide and narrow, in the language it is shown in and, when it can be asked for
 * again, in the other. With TEST_PICTURES set, pictures go to {name}-{nl|en}-{1280|320}.
 */
export async function look({ page, shot }, name, { again = true } = {}) {
  const address = page.url();
  const lang = new URL(address).pathname.slice(1, 3);
  const picture = async (shown, width) => process.env.TEST_PICTURES && shot(`${name}-${shown}-${width}`);
  const narrow = async (shown) => {
    await picture(shown, WIDE.width);
    await page.setViewportSize(NARROW);
    await expectNoSidewaysScroll(page);
    await picture(shown, NARROW.width);
    await page.setViewportSize(WIDE);
  };
  await expectSound(page);
  await narrow(lang);
  if (!again) return;
  const other = lang === 'nl' ? 'en' : 'nl';
  await page.goto(address.replace(`/${lang}/`, `/${other}/`));
  await expectHeadings(page);
  await narrow(other);
  await page.goto(address);
}

/** Two treasurers: the first with script, the second without. */
export async function treasurers(visitor) {
  const people = [await visitor({ expected: REFUSALS }), await visitor({ js: false, expected: REFUSALS })];
  for (const [index, { page }] of people.entries()) await devSignIn(page, `treasurer${index + 1}@drempel.example`);
  return people;
}

export const press = (page, lang, key, args) => page.getByRole('button', { name: say(lang, key, args), exact: true }).click();

export async function expectFlash(page, lang, key) {
  assert.equal(await textOf(page, '.flash'), say(lang, key));
}

/** What a telephone reads from the code in this element, line by line. */
export async function scan(locator) {
  const picture = PNG.sync.read(await locator.screenshot());
  const found = jsQR(new Uint8ClampedArray(picture.data), picture.width, picture.height);
  assert.ok(found, 'the code can be read');
  return found.data.split('\n');
}

/** An account at the bank with this many cents on it: `statement(lines)` is the next one of it in CAMT.053.001.08, as a file to hand in. */
export function bankAccount(balance = 0) {
  return {
    /** A line: `cents` (below zero: paid by us), `name`, `iban`, `text`, `endToEnd`. */
    statement(lines) {
      const opening = balance;
      balance += lines.reduce((sum, { cents }) => sum + cents, 0);
      const id = `S${randomBytes(5).toString('hex')}`;
      const xml = document(id, opening, balance, lines);
      return { name: `${id}.xml`, mimeType: 'application/xml', buffer: Buffer.from(xml) };
    },
  };
}

function document(id, opening, closing, lines) {
  const now = new Date().toISOString();
  const amount = (cents) =>
    `<Amt Ccy="EUR">${(Math.abs(cents) / 100).toFixed(2)}</Amt><CdtDbtInd>${cents < 0 ? 'DBIT' : 'CRDT'}</CdtDbtInd>`;
  const balance = (code, cents) =>
    `<Bal><Tp><CdOrPrtry><Cd>${code}</Cd></CdOrPrtry></Tp>${amount(cents)}<Dt><Dt>${now.slice(0, 10)}</Dt></Dt></Bal>`;
  const entry = ({ cents, name, iban, text, endToEnd = 'NOTPROVIDED' }) => {
    const side = cents < 0 ? 'Cdtr' : 'Dbtr';
    return (
      `<Ntry>${amount(cents)}<Sts><Cd>BOOK</Cd></Sts><BookgDt><Dt>${now.slice(0, 10)}</Dt></BookgDt>` +
      `<AcctSvcrRef>${randomBytes(6).toString('hex')}</AcctSvcrRef>` +
      '<BkTxCd><Domn><Cd>PMNT</Cd><Fmly><Cd>RCDT</Cd><SubFmlyCd>ESCT</SubFmlyCd></Fmly></Domn></BkTxCd>' +
      `<NtryDtls><TxDtls><Refs><EndToEndId>${endToEnd}</EndToEndId></Refs>${amount(cents)}` +
      `<RltdPties><${side}><Pty><Nm>${name}</Nm></Pty></${side}><${side}Acct><Id><IBAN>${iban}</IBAN></Id></${side}Acct></RltdPties>` +
      `<RmtInf><Ustrd>${text}</Ustrd></RmtInf></TxDtls></NtryDtls></Ntry>`
    );
  };
  return (
    '<?xml version="1.0" encoding="UTF-8"?><Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.08"><BkToCstmrStmt>' +
    `<GrpHdr><MsgId>${id}</MsgId><CreDtTm>${now}</CreDtTm></GrpHdr><Stmt><Id>${id}</Id><CreDtTm>${now}</CreDtTm>` +
    `<Acct><Id><IBAN>${BANK_IBAN}</IBAN></Id><Ccy>EUR</Ccy></Acct>${balance('OPBD', opening)}${balance('CLBD', closing)}` +
    `${lines.map(entry).join('')}</Stmt></BkToCstmrStmt></Document>`
  );
}

/** Hands a statement in on the page of the team, waits until the page has come again with the report, and answers what that says. */
export async function handIn({ page }, file) {
  await page.goto('/nl/staff/bank');
  await page.locator('#f-file').setInputFiles(file);
  await press(page, 'nl', 'staff-bank-import');
  await page.locator('.notice.success [role=status]').waitFor({ timeout: 30_000 });
  return textOf(page, '[role=status]');
}

/** Lets the second person approve what the page shows; the first is told to wait. */
export async function approvedByOther(first, second, { own, button }) {
  assert.ok((await textOf(first.page)).includes(say('nl', own)), 'nobody approves what they proposed');
  await second.page.goto(first.page.url());
  await second.page.getByRole('button', { name: button, exact: true }).click();
  assert.ok((await second.page.locator('.flash').count()) > 0, 'the approval is answered');
}

/** Orders something of the sandbox behind the bank's pages. */
export async function control(app, what, body) {
  const answer = await fetch(`${app.base}/dev/bank/control/${what}`, {
    method: body ? 'POST' : 'GET',
    headers: { 'content-type': 'application/json' },
    body: body && JSON.stringify(body),
  });
  assert.equal(answer.status, 200, `${what} answers ${answer.status}`);
  return answer.json();
}

/** A file that a link or a button of the page brings: its name and its bytes. */
export async function download(page, locator) {
  const [file] = await Promise.all([page.waitForEvent('download'), locator.click()]);
  const chunks = [];
  for await (const chunk of await file.createReadStream()) chunks.push(chunk);
  return { name: file.suggestedFilename(), bytes: Buffer.concat(chunks) };
}
