// What every page must stand, for the journeys that go through all of them.

import assert from 'node:assert/strict';
import { expectAccessible, expectNoSidewaysScroll } from './browser.mjs';
import { LEERWERK, expectHeadings } from './steps.mjs';
import { HtmlValidate } from './tools.mjs';

const WIDE = { width: 1280, height: 900 };
/** A page that is not there, or refuses, is an answer too. */
export const STATUSES = [/status of 4(04|03|22)/];

export const PUBLIC = [
  '', '/projects', '/projects?view=map', '/projects?status=funded', '/projects?q=niets-van-dit-al', `/projects/${LEERWERK}`, `/projects/${LEERWERK}/updates`,
  `/projects/${LEERWERK}/updates/1`, `/projects/${LEERWERK}/outcomes`, `/projects/${LEERWERK}/books`, `/projects/${LEERWERK}/follow`,
  '/projects/bakkerswerkplaats', '/projects/bakkerswerkplaats/outcomes', '/projects/leer-werkhub-voor-jongeren',
  `/projects/${LEERWERK}/pledge`, '/rounds', '/rounds/1', '/rounds/3', '/organisations/pluspunt-rotterdam', '/impact', '/learning',
  '/how-it-works', '/privacy', '/terms', '/code-of-conduct', '/accessibility', '/contact', '/complaints', '/security', '/sign-in', '/sign-in/code',
];

export const inBoth = (pages) => ['nl', 'en'].flatMap((lang) => pages.map((page) => `/${lang}${page}`));

const validator = new HtmlValidate({
  root: true,
  extends: ['html-validate:standard', 'html-validate:a11y'],
  rules: {
    // a button in a form sends it, with script and without: that is what it does by itself
    'no-implicit-button-type': 'off',
    // a table that can be scrolled sideways is a region with a name on a plain box
    'prefer-native-element': ['error', { exclude: ['region'] }],
  },
});

/** What is wrong in the HTML itself, as it left the server. */
export async function expectValid(html, path) {
  const { results } = await validator.validateString(html);
  const wrong = results.flatMap(({ messages }) => messages.map((m) => `${m.line}:${m.column} ${m.ruleId}: ${m.message}`));
  assert.equal(wrong.length, 0, `${path} is not valid HTML:\n    ${wrong.join('\n    ')}`);
}

/** A page as it is seen otherwise than in light on a wide screen. At 200 % a window of 1280 px has 640 for the page. */
const WIDTHS = [1280, 768, 640, 320];
const SCHEMES = [
  ['dark', { colorScheme: 'dark', forcedColors: 'none' }],
  ['forced colours', { colorScheme: 'light', forcedColors: 'active' }],
];
const LIGHT = { colorScheme: 'light', forcedColors: 'none' };

/**
 * Every width with all rules; what differs in dark and forced colours are colours, so those rules alone look again. `isShort`: only wide
 * and narrow, for where the same pages were looked at in full already.
 */
async function expectAccessibleEverywhere(page, isShort) {
  for (const width of isShort ? [1280, 320] : WIDTHS) {
    await page.setViewportSize({ width, height: width === 320 ? 640 : 900 });
    await expectNoSidewaysScroll(page);
    await expectAccessible(page);
    for (const [name, media] of SCHEMES) {
      await page.emulateMedia(media);
      await expectAccessible(page, { tags: ['cat.color'] }).catch((error) => {
        throw new Error(`in ${name} at ${width} px: ${error.message}`);
      });
    }
    await page.emulateMedia(LIGHT);
  }
}

/** Looks at each page in every way; faults are collected, so that one run names them all. */
export async function inspect({ page }, paths, { status = 200, isShort = false } = {}, faults) {
  for (const path of paths) {
    await page.setViewportSize(WIDE);
    const answer = await page.goto(path);
    const checks = [
      () => assert.equal(answer.status(), status, `${path} answers ${answer.status()}`),
      async () => expectValid(await answer.text(), path),
      () => expectHeadings(page),
      () => expectAccessibleEverywhere(page, isShort),
      async () => assert.ok((await page.title()).endsWith(' - Drempel'), `${path} has the title ${await page.title()}`),
      async () => {
        const [, wanted] = path.match(/^\/(nl|en)\b/) ?? [];
        const lang = await page.locator('html').getAttribute('lang');
        assert.ok(!wanted || lang === wanted, `${path} says that its language is ${lang}`);
      },
    ];
    for (const check of checks) {
      await Promise.resolve().then(check).catch((error) => {
        faults.push(error.message);
        console.log(`    ! ${path}: ${error.message}`); // said at once too, in case time runs out
      });
    }
  }
}
