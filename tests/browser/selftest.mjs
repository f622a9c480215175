// The tools of the browser tests, held against a toy: a check that cannot fail would prove nothing about the program.

import assert from 'node:assert/strict';
import { existsSync, statSync } from 'node:fs';
import path from 'node:path';
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { axe, expectNoSidewaysScroll, fromRunner, root, start } from './lib.mjs';

const toy = path.join(root, 'tests/browser/toy.mjs');
const startToy = (engine, options = {}) => start(engine, process.execPath, { args: [toy], ...options });
const ids = (violations) => violations.map(({ id }) => id);

/** Runs the cases that need Chromium and a toy program on `engine`. */
export async function selftest(runner, browser, engine) {
  const app = await startToy(engine, { env: { EXTRA: 'yes' } });
  const test = (name, run) => runner.test(`tools: ${name}`, run);
  const visitor = async (options, run) => {
    const person = await browser.visitor({ base: app.base, ...options });
    try {
      return await run(person.page, person);
    } finally {
      await person.close();
    }
  };

  await test('the program gets its settings and a folder of its own', async () => {
    const settings = await (await fetch(`${app.base}/settings`)).json();
    assert.equal(settings.extra, 'yes');
    assert.equal(settings.folder, app.folder);
    assert.equal(settings.database, app.databaseUrl);
    assert.match(app.databaseUrl, engine === 'sqlite' ? /^sqlite:\/\/\// : /^postgres:\/\//);
    assert.match(app.log(), /listening on http:\/\/localhost:/);
  });

  await test('axe-core runs under a policy without inline script', () =>
    visitor({}, async (page) => {
      await page.goto('/good');
      assert.deepEqual(await axe(page), []);
      await page.goto('/bad');
      assert.deepEqual(ids(await axe(page)), ['image-alt']);
    }));

  await test('axe-core judges a page whose script is off, noscript included', () =>
    visitor({ js: false }, async (page) => {
      await page.goto('/good');
      assert.deepEqual(await axe(page), []);
      await page.goto('/bad-noscript');
      assert.deepEqual(ids(await axe(page)), ['image-alt']);
    }));

  await test('script is on or off as asked, and the language is sent', async () => {
    await visitor({ locale: 'en-GB' }, async (page) => {
      await page.goto('/good');
      assert.equal(await page.locator('#script').textContent(), 'met script');
      assert.equal(await page.locator('html').getAttribute('lang'), 'en');
    });
    await visitor({ js: false }, async (page) => {
      await page.goto('/good');
      assert.equal(await page.locator('#script').textContent(), 'zonder script');
      // Playwright's search by text never looks inside <noscript>; a selector does.
      assert.ok(await page.locator('noscript p').isVisible());
      assert.equal(await page.locator('html').getAttribute('lang'), 'nl');
    });
  });

  await test('a form without script sends a letter that is read once', () =>
    visitor({ js: false }, async (page) => {
      await page.goto('/good');
      for (const round of [1, 2]) {
        await page.getByLabel('E-mail').fill('anna@drempel.example');
        await page.getByRole('button', { name: 'Stuur' }).click();
        const letter = await app.mail.waitForLetter('anna@drempel.example', /code/);
        assert.deepEqual(letter.links, [`${app.base}/good?code=123&x=1`]);
        assert.equal(app.mail.letters('anna@drempel.example').length, round);
      }
      await assert.rejects(app.mail.waitForLetter('bob@drempel.example', /code/, 100), /Je code \(taken\)/);
    }));

  await test('what goes wrong in the browser is noticed, unless expected', async () => {
    const problemsAt = (address, options) =>
      visitor(options, async (page, { problems }) => {
        await page.goto(address);
        return problems.join('\n');
      });
    assert.equal(await problemsAt('/good'), '');
    assert.match(await problemsAt('/inline'), /Content Security Policy/);
    assert.match(await problemsAt('/nowhere'), /404/);
    assert.equal(await problemsAt('/nowhere', { expected: [/404/] }), '');
    assert.match(await problemsAt('/elsewhere'), /elsewhere\.example.*ERR_NAME_NOT_RESOLVED/);
  });

  await test('a page wider than its window is noticed', () =>
    visitor({ width: 320, height: 640 }, async (page, { shot }) => {
      await page.goto('/good');
      await expectNoSidewaysScroll(page);
      await page.goto('/wide');
      await assert.rejects(expectNoSidewaysScroll(page), /wider than 320 px/);
      assert.ok(statSync(await shot('tools')).size > 1000);
    }));

  await test('the program is restarted on its data, stopped, and leaves nothing', async () => {
    const first = app.pid;
    assert.deepEqual(await app.restart(), { code: 0, signal: null });
    assert.notEqual(app.pid, first);
    assert.ok(existsSync(path.join(app.folder, 'proof')));
    assert.deepEqual(await app.stop(), { code: 0, signal: null });
    assert.ok(!existsSync(app.folder));
    if (engine === 'postgres') assert.equal(await databasesNamed(new URL(app.databaseUrl).pathname.slice(1)), '0');
  });

  await test('a program that refuses to start says why', () =>
    assert.rejects(startToy(engine, { env: { EXTRA: 'refuse' } }), /ended before it was ready\nEXTRA holds refuse/));
}

async function databasesNamed(name) {
  const sql = `SELECT count(*) FROM pg_database WHERE datname = '${name}'`;
  const psql = path.join(fromRunner('TEST_POSTGRES_BIN'), 'psql');
  const { stdout } = await promisify(execFile)(psql, ['-X', '-A', '-t', '-d', fromRunner('TEST_POSTGRES_URL'), '-c', sql]);
  return stdout.trim();
}
