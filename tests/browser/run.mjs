// Runs the browser tests on one engine: first the tools' own test, then every journey in journeys/, each with a
// program, a database, a mail server and a browser profile of its own.
//
//   node run.mjs --engine sqlite|postgres --binary PATH [--only PART_OF_A_NAME]
//
// A journey is a module that exports `name` and `run(journey)`, and may export `settings` (the options of `start` in
// app.mjs). It gets:
//   app                    see app.mjs: base, mail.waitForLetter(to, subject), restart(), log(), …
//   visitor(options)       a person with a browser, see `visitor` in browser.mjs; their page takes paths
//   step(name, run)        a part of the journey; its name is printed, and named when it fails
//   engine                 'sqlite' or 'postgres'
// After a journey nobody may have seen an error in the console, and the program must stop with status 0.

import { readdirSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { launch, root, Runner, start } from './lib.mjs';
import { selftest } from './selftest.mjs';
import { awaitDemo } from './steps.mjs';

const { values: options } = parseArgs({
  options: { engine: { type: 'string' }, binary: { type: 'string' }, only: { type: 'string' } },
});
if (!['sqlite', 'postgres'].includes(options.engine) || !options.binary) {
  console.error('use: node run.mjs --engine sqlite|postgres --binary PATH [--only PART_OF_A_NAME]');
  process.exit(2);
}

const runner = new Runner();
const found = await journeys(options.only);
const browser = await launch(options.engine);
try {
  if (!options.only) await selftest(runner, browser, options.engine);
  for (const journey of found) await travel(journey);
} finally {
  await browser.close();
}
if (found.length === 0) console.log('skipped: there are no journeys');
runner.finish(found.length === 0 ? 1 : 0);

async function journeys(only) {
  const folder = path.join(root, 'tests/browser/journeys');
  const files = readdirSync(folder).filter((file) => file.endsWith('.mjs')).sort();
  const all = await Promise.all(
    files.map(async (file) => ({ id: path.basename(file, '.mjs'), ...(await import(pathToFileURL(path.join(folder, file)))) })),
  );
  for (const { id, name, run } of all) {
    if (typeof name !== 'string' || typeof run !== 'function') throw new Error(`journeys/${id}.mjs must export name and run`);
  }
  return all.filter(({ id, name }) => !only || id.includes(only) || name.includes(only));
}

async function travel(journey) {
  const state = { app: null, step: null };
  await runner.test(journey.name, () => walk(journey, state), { onFailure: () => evidence(journey.id, state) });
  for (const visitor of [...browser.visitors]) await visitor.close();
  // After a failure the program may still be there; how it ends then is no longer the question.
  await state.app?.stop();
}

async function walk(journey, state) {
  const app = await start(options.engine, options.binary, journey.settings);
  state.app = app;
  await awaitDemo(app);
  await journey.run({
    app,
    engine: options.engine,
    visitor: (wishes) => browser.visitor({ base: app.base, ...wishes }),
    async step(name, run) {
      state.step = name;
      console.log(`  - ${name}`);
      const result = await run();
      state.step = null;
      return result;
    },
  });
  const problems = [...browser.visitors].flatMap((visitor) => visitor.problems);
  if (problems.length > 0) throw new Error(`the browser met problems:\n${problems.join('\n')}`);
  for (const visitor of [...browser.visitors]) await visitor.close();
  const ended = await app.stop();
  state.app = null;
  if (ended.code !== 0) throw new Error(`asked to stop, the program ended with ${ended.signal ?? `status ${ended.code}`}`);
}

/** What helps to understand a failure: the step, a picture and the address of every page, the program's last lines. */
async function evidence(id, { app, step }) {
  const lines = step ? [`in step: ${step}`] : [];
  let number = 0;
  for (const visitor of browser.visitors) {
    number += 1;
    const file = await visitor.shot(`failed-${id}-${number}`).catch((error) => `no picture: ${error.message}`);
    lines.push(`at ${visitor.page.url()}, ${file}`, ...visitor.problems);
  }
  if (app) lines.push('the program said last:', ...app.log().trimEnd().split('\n').slice(-15));
  return lines;
}
