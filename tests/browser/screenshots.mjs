// Pictures of every kind of page in both languages, wide and small, for people to look at. Nothing is compared and nothing is kept in
// the repository.
//
//   tests/run browser-sqlite            # once: installs and names what this needs
//   node tests/browser/screenshots.mjs --binary target/debug/drempel [--out FOLDER] [--dark] [--only WORD]
//
// Finds Chromium by itself where TEST_CHROMIUM does not name it. --only takes public, backer, owner, treasurer, reviewer or admin.

import { execFileSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { PUBLIC, inBoth } from './inspect.mjs';
import { ACCOUNT, STAFF, STUDIO } from './journeys/pages-inside.mjs';
import { root } from './tools.mjs';

const { values: options } = parseArgs({
  options: {
    binary: { type: 'string' },
    out: { type: 'string', default: path.join(root, 'target/screenshots/pages') },
    dark: { type: 'boolean', default: false },
    only: { type: 'string' },
  },
});
if (!options.binary) {
  console.error('use: node screenshots.mjs --binary PATH [--out FOLDER] [--dark] [--only WORD]');
  process.exit(2);
}
process.env.TEST_CHROMIUM ||= execFileSync('sh', ['-c', 'command -v chromium || command -v chromium-browser || command -v google-chrome']).toString().trim();
process.env.TEST_PYTHON ||= path.join(root, 'target/test-tools/venv/bin/python');
const { launch, start } = await import('./lib.mjs');
const { awaitDemo, devSignIn } = await import('./steps.mjs');

const staff = (parts) => STAFF.concat(parts).map((part) => `/staff${part}`);
const WHO = {
  public: [null, PUBLIC],
  backer: ['backer1@drempel.example', ACCOUNT.concat('/account/security', '/account/data', '/account/sessions')],
  owner: ['owner@de-verbindingskamer.example', ['/studio'].concat(STUDIO)],
  treasurer: ['treasurer1@drempel.example', staff(['/books', '/bank', '/payouts', '/cases', '/match-funds'])],
  reviewer: ['reviewer@drempel.example', staff(['/valuation', '/projects', '/organisations', '/results'])],
  admin: ['admin@drempel.example', staff(['/users', '/audit', '/privacy'])],
};

mkdirSync(options.out, { recursive: true });
const app = await start('sqlite', options.binary);
const browser = await launch('sqlite');
try {
  await awaitDemo(app);
  const { visitor } = browser.crowd();
  for (const [who, [email, pages]] of Object.entries(WHO)) {
    if (options.only && options.only !== who) continue;
    for (const width of [1280, 320]) {
      const { page, close } = await visitor({ base: app.base, width, dark: options.dark });
      if (email) await devSignIn(page, email);
      for (const address of inBoth(pages)) {
        await page.goto(address);
        const name = `${who}${address.replace(/[^a-z0-9]+/gi, '-')}-${width}${options.dark ? '-dark' : ''}.png`;
        await page.screenshot({ path: path.join(options.out, name), fullPage: true, animations: 'disabled' });
        console.log(name);
      }
      await close();
    }
  }
} finally {
  await browser.close();
  await app.stop();
}
