// What every page must stand, for the journeys that go through all of them.

import assert from 'node:assert/strict';
import { expectAccessible, expectNoSidewaysScroll } from './browser.mjs';
import { LEERWERK, expectHeadings } from './steps.mjs';

const WIDE = { width: 1280, height: 900 };
const NARROW = { width: 320, height: 640 };
/** A page that is not there, or refuses, is an answer too. */
export const STATUSES = [/status of 4(04|03|22)/];

export const PUBLIC = [
  '', '/projects', '/projects?status=funded', '/projects?q=niets-van-dit-al', `/projects/${LEERWERK}`, `/projects/${LEERWERK}/updates`,
  `/projects/${LEERWERK}/updates/1`, `/projects/${LEERWERK}/outcomes`, `/projects/${LEERWERK}/books`, `/projects/${LEERWERK}/follow`,
  '/projects/bakkerswerkplaats', '/projects/bakkerswerkplaats/outcomes', '/projects/leer-werkhub-voor-jongeren',
  `/projects/${LEERWERK}/pledge`, '/rounds', '/rounds/1', '/rounds/3', '/organisations/pluspunt-rotterdam', '/impact', '/learning',
  '/how-it-works', '/privacy', '/terms', '/accessibility', '/contact', '/complaints', '/security', '/sign-in', '/sign-in/code',
];

export const inBoth = (pages) => ['nl', 'en'].flatMap((lang) => pages.map((page) => `/${lang}${page}`));

/** Looks at each page wide and narrow; faults are collected, so that one run names them all. */
export async function inspect({ page }, paths, { status = 200 } = {}, faults) {
  for (const path of paths) {
    await page.setViewportSize(WIDE);
    const answer = await page.goto(path);
    const checks = [
      () => assert.equal(answer.status(), status, `${path} answers ${answer.status()}`),
      () => expectHeadings(page),
      () => expectAccessible(page),
      async () => {
        await page.setViewportSize(NARROW);
        await expectNoSidewaysScroll(page);
        await expectAccessible(page);
      },
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
