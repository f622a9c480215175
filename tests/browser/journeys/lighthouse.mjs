// What Lighthouse says of the five pages that most people see, as a slow telephone gets them: no fault in accessibility, good practice
// and for search engines, nothing from elsewhere, nothing that jumps, and within our weights. Its figure for speed is printed: it
// depends on the machine, so it fails nothing.

import assert from 'node:assert/strict';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { LEERWERK } from '../steps.mjs';
import { chromium, freePort, fromRunner } from '../tools.mjs';

export const name = 'five pages stand before Lighthouse';

const PAGES = ['', '/projects', `/projects/${LEERWERK}`, `/projects/${LEERWERK}/pledge`, '/impact'];
const KIB = 1024;
/** Bytes of each kind as they come, compressed or not, and of all of a first view together. */
const MOST = { Document: 30 * KIB, Stylesheet: 20 * KIB, Script: 10 * KIB, all: 150 * KIB };
/** What a server of ours on this machine cannot have: these ask for TLS or for HTTP/2. */
const NOT_HERE = ['is-on-https', 'redirects-http', 'uses-http2'];

export async function run({ app, step }) {
  const { default: lighthouse } = await import(pathToFileURL(path.join(fromRunner('TEST_NODE_MODULES'), 'lighthouse/core/index.js')));
  const port = await freePort();
  const chrome = await chromium.launch({
    executablePath: fromRunner('TEST_CHROMIUM'),
    headless: true,
    chromiumSandbox: false,
    args: [
      `--remote-debugging-port=${port}`, '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
      '--disable-component-update', '--disable-sync', '--no-proxy-server', '--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE localhost , EXCLUDE 127.0.0.1',
    ],
  });
  try {
    for (const page of PAGES) {
      const url = `${app.base}/nl${page}`;
      await step(`/nl${page}`, async () => look(await measure(() => lighthouse(url, { port, output: 'json', logLevel: 'silent', skipAudits: NOT_HERE })), app.base));
    }
  } finally {
    await chrome.close();
  }
}

/** A measurement that the browser itself broke off (a busy machine shows it no first picture in time) says nothing: it is made again. */
async function measure(once) {
  for (let turn = 1; ; turn += 1) {
    const { lhr } = await once();
    const broken = [lhr.runtimeError?.message, ...Object.values(lhr.audits).map((audit) => audit.errorMessage)].filter(Boolean);
    if (broken.length === 0) return lhr;
    console.log(`    broken off: ${broken[0]}`);
    if (turn === 3) throw new Error(`three measurements were broken off:\n${[...new Set(broken)].join('\n')}`);
  }
}

function look(lhr, base) {
  const score = (category) => Math.round(lhr.categories[category].score * 100);
  console.log(`    speed ${score('performance')}, first view ${Math.round(lhr.audits['total-byte-weight'].numericValue / KIB)} KB`);
  for (const category of ['accessibility', 'best-practices', 'seo']) {
    const failed = lhr.categories[category].auditRefs.filter(({ id, weight }) => weight > 0 && lhr.audits[id].score !== null && lhr.audits[id].score < 1);
    const why = failed.map(({ id }) => `${id}: ${lhr.audits[id].title} ${JSON.stringify(lhr.audits[id].details?.items ?? '').slice(0, 500)}`);
    assert.equal(score(category), 100, `${category} of ${lhr.finalDisplayedUrl}:\n${why.join('\n')}`);
  }
  assert.equal(lhr.audits['cumulative-layout-shift'].numericValue, 0, 'nothing jumps');
  const weights = { all: 0 };
  for (const { url, resourceType, transferSize } of lhr.audits['network-requests'].details.items) {
    assert.ok(url.startsWith(base) || url.startsWith('data:'), `${url} is from elsewhere`);
    // a stream of events goes on: what it brought meanwhile is no part of the first view
    if (resourceType === 'EventSource') continue;
    weights[resourceType] = (weights[resourceType] ?? 0) + transferSize;
    weights.all += transferSize;
  }
  for (const [kind, most] of Object.entries(MOST)) {
    assert.ok((weights[kind] ?? 0) <= most, `${kind} of ${lhr.finalDisplayedUrl} weighs ${weights[kind]} bytes`);
  }
}
