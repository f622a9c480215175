// A real Chromium, visitors in it, and what a page must be able to stand: axe-core, a narrow window, no script.

import path from 'node:path';
import { axeSource, chromium, fromRunner, screenshotFolder } from './tools.mjs';

const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--no-proxy-server',
  // Nothing but this machine exists: a page that needs anything from elsewhere fails its test.
  '--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE localhost , EXCLUDE 127.0.0.1',
];
const ACTION_MS = 10_000;
const WCAG_22_AA = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22a', 'wcag22aa', 'best-practice'];
/** What the debugger says when the page it looked at gave way to another one. */
const GONE = /documentElement|Execution context was destroyed|Cannot find context|axe is not defined|reading 'run'/;
const LOOKS = 4;
const scriptless = new WeakSet(); // contexts in which script is off
const switches = new WeakMap(); // pages of those, with what switches it

/** Starts Chromium, headless and with a fresh profile; see `crowd` for who is in it, and `close()` it. */
export async function launch(engine = 'none') {
  const chrome = await chromium.launch({
    executablePath: fromRunner('TEST_CHROMIUM'),
    headless: true,
    chromiumSandbox: false,
    args: FLAGS,
  });
  /** People of their own: `visitors` holds those that are there. */
  const crowd = () => {
    const visitors = new Set();
    return { visitors, visitor: (options) => newVisitor(chrome, visitors, engine, options) };
  };
  return { crowd, close: () => chrome.close() };
}

/**
 * One visitor with cookies of their own: `page`, `context`, `shot(name)`, `problems` and `close()`.
 *
 * Options: `base` (then page.goto takes paths), `js` (false: script is off), `locale` ('nl-NL' or 'en-GB'; also the
 * Accept-Language), `width` and `height` in CSS pixels, `touch`, `dark`, `forcedColours`, `expected` (a list of
 * patterns of problems that belong to the test).
 *
 * `problems` collects errors in the console, uncaught errors and requests that failed, except the expected; the
 * runner fails a journey that leaves any.
 */
async function newVisitor(chrome, visitors, engine, options = {}) {
  const { base, js = true, locale = 'nl-NL', width = 1280, height = 900, touch = false, expected = [] } = options;
  const context = await chrome.newContext({
    baseURL: base,
    javaScriptEnabled: js,
    locale,
    timezoneId: 'Europe/Amsterdam',
    viewport: { width, height },
    hasTouch: touch,
    colorScheme: options.dark ? 'dark' : 'light',
    forcedColors: options.forcedColours ? 'active' : 'none',
    reducedMotion: 'reduce',
  });
  context.setDefaultTimeout(ACTION_MS);
  if (!js) scriptless.add(context);
  const problems = [];
  const report = (text) => {
    if (!expected.some((pattern) => text.match(pattern))) problems.push(text);
  };
  context.on('console', (message) => {
    if (message.type() === 'error') report(`console: ${message.text()} (${message.location().url})`);
  });
  context.on('weberror', (error) => report(`script: ${error.error().message}`));
  context.on('requestfailed', (request) => {
    const reason = request.failure()?.errorText ?? 'unknown';
    // Leaving a page ends what it was still loading, a stream of events for one.
    if (reason !== 'net::ERR_ABORTED') report(`request: ${request.url()} ${reason}`);
  });
  const page = await context.newPage();
  const visitor = {
    context,
    page,
    js,
    problems,
    expected,
    /** A picture of the whole page in target/screenshots/{engine}/{name}.png; answers its path. */
    async shot(name) {
      const file = path.join(screenshotFolder(engine), `${name}.png`);
      await page.screenshot({ path: file, fullPage: true, animations: 'disabled' });
      return file;
    },
    async close() {
      visitors.delete(visitor);
      await context.close();
    },
  };
  visitors.add(visitor);
  return visitor;
}

/**
 * What axe-core finds wrong in the page as it stands: [{ id, impact, help, targets }], empty when all is well. By
 * default all rules of WCAG 2.2 A and AA and the best practices; `exclude` leaves out parts by selector.
 *
 * The page's policy against inline script does not stop axe-core, which comes through the debugger. Where script is off axe-core
 * cannot run either: then script is on for as long as it looks. What the page was made of without script stays as it is, and no
 * script of the page starts afterwards; what stands in <noscript>, which would hide now, stands in a box without one meanwhile.
 */
export async function axe(page, { tags = WCAG_22_AA, exclude = [] } = {}) {
  const off = scriptless.has(page.context()) ? await switchOf(page) : async () => {};
  await off(false);
  try {
    if (!(await page.evaluate(() => 'axe' in globalThis))) await page.evaluate(`${axeSource};0`);
    return await page.evaluate(
      async ({ tags, exclude, shown }) => {
        const boxes = [...document.querySelectorAll(shown)].map((element) => {
          const box = document.createElement('div');
          box.style.display = 'contents';
          box.append(...element.childNodes);
          element.replaceWith(box);
          return () => {
            element.append(...box.childNodes);
            box.replaceWith(element);
          };
        });
        const run = () => globalThis.axe.run(
          { include: [['html']], exclude: exclude.map((selector) => [selector]) },
          { runOnly: { type: 'tag', values: tags }, rules: { 'target-size': { enabled: true } }, resultTypes: ['violations'] },
        );
        const found = await run().finally(() => boxes.forEach((back) => back()));
        return found.violations.map(({ id, impact, help, nodes }) => ({
          id,
          impact,
          help,
          targets: nodes.map((node) => `${node.target.join(' ')}  ${node.html.slice(0, 160)}`),
        }));
      },
      { tags, exclude, shown: scriptless.has(page.context()) ? 'body noscript' : 'no-such-element' },
    );
  } finally {
    await off(true);
  }
}

/**
 * Switches script off and on in a page that was made without. Each debugger's word counts only as a change of its own last one, and
 * its leaving as a switch to on: so it says off first, and stays.
 */
async function switchOf(page) {
  if (!switches.has(page)) {
    const debug = await page.context().newCDPSession(page);
    switches.set(page, (value) => debug.send('Emulation.setScriptExecutionDisabled', { value }));
    await switches.get(page)(true);
  }
  return switches.get(page);
}

/**
 * Throws with everything axe-core found. A page that waits for something loads itself again; when that happens while it is looked
 * at, the page that came is looked at instead.
 */
export async function expectAccessible(page, options) {
  let violations;
  for (let left = LOOKS; violations === undefined; ) {
    left -= 1;
    await page.waitForLoadState('load');
    violations = await axe(page, options).catch((error) => {
      if (left === 0 || !GONE.test(error.message)) throw error;
    });
  }
  if (violations.length === 0) return;
  const lines = violations.map((v) => `${v.id} (${v.impact}): ${v.help}\n${v.targets.map((t) => `    ${t}`).join('\n')}`);
  throw new Error(`${page.url()} is not accessible:\n${lines.join('\n')}`);
}

/** Throws when the page can be scrolled sideways (WCAG 2.2, 1.4.10), naming what sticks out. */
export async function expectNoSidewaysScroll(page) {
  const wide = await page.evaluate(() => {
    const room = document.documentElement.clientWidth;
    if (document.documentElement.scrollWidth <= room) return null;
    const out = [...document.querySelectorAll('body *')].filter((e) => e.getBoundingClientRect().right > room + 1);
    return out.slice(0, 5).map((e) => e.outerHTML.slice(0, 120));
  });
  if (wide) throw new Error(`${page.url()} is wider than ${page.viewportSize().width} px:\n    ${wide.join('\n    ')}`);
}
