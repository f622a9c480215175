// Pictures of figures: accessible in light, dark, forced colours and print, their words large enough and inside on a small telephone, the
// same figures in the description and in the table, and filters that live in the address.

import assert from 'node:assert/strict';
import { expectAccessible, expectNoSidewaysScroll } from '../browser.mjs';
import { LEERWERK } from '../steps.mjs';

export const name = 'pictures of figures can be seen, heard, printed and had as tables';

const PAGES = [`/nl/projects/${LEERWERK}/outcomes`, '/nl/projects/bakkerswerkplaats/outcomes', '/en/projects/rugdekking/outcomes', '/nl/impact', '/en/impact'];
const LOOKS = {
  light: { colorScheme: 'light', forcedColors: 'none', media: 'screen' },
  dark: { colorScheme: 'dark', forcedColors: 'none', media: 'screen' },
  forced: { colorScheme: 'dark', forcedColors: 'active', media: 'screen' },
  print: { colorScheme: 'light', forcedColors: 'none', media: 'print' },
};

export async function run({ app, visitor, step }) {
  const { page } = await visitor();
  let pictures = 0;
  for (const path of PAGES) {
    await step(path, async () => {
      await page.goto(path);
      pictures += await page.locator('figure.picture').count();
      for (const [look, media] of Object.entries(LOOKS)) {
        await page.emulateMedia(media);
        for (const width of [1280, 320]) {
          await page.setViewportSize({ width, height: 800 });
          // in forced colours the system paints, and what axe reads as contrast is what nobody sees
          if (look !== 'forced') await expectAccessible(page);
          if (look !== 'print') await expectNoSidewaysScroll(page);
        }
      }
      await page.emulateMedia(LOOKS.light);
      await page.setViewportSize({ width: 320, height: 800 });
      const faults = await page.$$eval('figure.picture', (figures) => figures.flatMap((figure) => {
        const svg = figure.querySelector('svg[role=img]');
        const frame = svg.getBoundingClientRect();
        const words = [...svg.querySelectorAll('text')].flatMap((text) => {
          const box = text.getBoundingClientRect();
          const size = parseFloat(getComputedStyle(text).fontSize);
          if (size < 12) return [`${figure.id}: "${text.textContent}" has ${size} px`];
          return box.left < frame.left - 1 || box.right > frame.right + 1 || box.bottom > frame.bottom + 1
            ? [`${figure.id}: "${text.textContent}" stands outside`] : [];
        });
        const described = (attribute) => document.getElementById(svg.getAttribute(attribute))?.textContent.trim();
        if (!described('aria-labelledby') || !described('aria-describedby')) words.push(`${figure.id} is not described`);
        const description = described('aria-describedby') ?? '';
        for (const cell of figure.querySelectorAll('tbody td')) {
          const text = cell.textContent.trim();
          if (figure.id !== 'funding' && text !== '-' && !description.includes(text) && !/^\d+$/.test(text)) words.push(`${figure.id}: "${text}" is in the table alone`);
        }
        if (!figure.querySelector('a[href*=".csv"]')) words.push(`${figure.id} has no table to download`);
        return words;
      }));
      assert.deepEqual(faults, []);
    });
  }
  assert.ok(pictures >= 8, `${pictures} pictures`);

  await step('the figures can be had as a table', async () => {
    const answer = await fetch(`${app.base}/api/v1/projects/${LEERWERK}/outcomes.csv`);
    assert.equal(answer.status, 200);
    assert.match(await answer.text(), /^wave,measured_on,indicator,row,column,state,value,level,checked_on\r\n/);
  });

  await step('filters live in the address', async () => {
    await page.setViewportSize({ width: 1280, height: 800 });
    await page.goto('/en/impact');
    await page.locator('details.filters summary').click();
    const value = await page.locator('#f-round option').nth(1).getAttribute('value');
    await page.locator('#f-round').selectOption(value);
    await page.locator('details.filters button').click();
    assert.match(page.url(), new RegExp(`round=${value}`));
    await page.goto('/en/impact?year=1999');
    await page.getByText('No project fits this choice').waitFor();
    await page.goto('/nl/learning');
    assert.ok((await page.locator('h3[id]').count()) > 0, 'no question');
  });
}
