// Runs the browser tests on one engine: the tools' own test and every journey in journeys/, each with a program, a database, a
// mail server and a browser profile of its own. Two go at a time, where there are two processors for them. One program fills an
// empty database with the demo; the others begin with a copy of it.
//
//   node run.mjs --engine sqlite|postgres --binary PATH [--only PART_OF_A_NAME] [--at-once NUMBER]
//
// A journey is a module that exports `name` and `run(journey)`, and may export `settings` (the options of `start` in app.mjs) and
// `isLong` (true: it begins before the others, so that none is left to run alone at the end). It gets:
//   app                    see app.mjs: base, mail.waitForLetter(to, subject), restart(), log(), …
//   visitor(options)       a person with a browser, see `visitor` in browser.mjs; their page takes paths
//   step(name, run)        a part of the journey; its name is printed, and named when it fails
//   engine                 'sqlite' or 'postgres'
// After a journey nobody may have seen an error in the console, and the program must stop with status 0.

import { readdirSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { launch, root, Runner, start } from './lib.mjs';
import { selftest } from './selftest.mjs';
import { awaitDemo } from './steps.mjs';

const { values: options } = parseArgs({
  options: {
    engine: { type: 'string' },
    binary: { type: 'string' },
    only: { type: 'string' },
    'at-once': { type: 'string', default: String(Math.min(2, os.availableParallelism())) },
  },
});
const atOnce = Number(options['at-once']);
if (!['sqlite', 'postgres'].includes(options.engine) || !options.binary || !(atOnce >= 1)) {
  console.error('use: node run.mjs --engine sqlite|postgres --binary PATH [--only PART_OF_A_NAME] [--at-once NUMBER]');
  process.exit(2);
}

const runner = new Runner();
const found = await journeys(options.only);
const browser = await launch(options.engine);
let seed;
try {
  await runner.test('an empty database is filled with the demo', async () => (seed = await demo()));
  const waiting = seed ? found.map((journey) => () => travel(journey)) : [];
  if (!options.only) waiting.push(() => selftest(runner, browser.crowd(), options.engine));
  const work = async () => {
    for (let next = waiting.shift(); next; next = waiting.shift()) await next();
  };
  await Promise.all(Array.from({ length: atOnce }, work));
} finally {
  await seed?.drop();
  await browser.close();
}
if (found.length === 0) console.log('skipped: there are no journeys');
runner.finish(found.length === 0 ? 1 : 0);

async function demo() {
  const app = await start(options.engine, options.binary);
  try {
    await awaitDemo(app);
    return await app.keep();
  } catch (error) {
    await app.stop();
    throw error;
  }
}

async function journeys(only) {
  const folder = path.join(root, 'tests/browser/journeys');
  const files = readdirSync(folder).filter((file) => file.endsWith('.mjs')).sort();
  const all = await Promise.all(
    files.map(async (file) => ({ id: path.basename(file, '.mjs'), ...(await import(pathToFileURL(path.join(folder, file)))) })),
  );
  for (const { id, name, run } of all) {
    if (typeof name !== 'string' || typeof run !== 'function') throw new Error(`journeys/${id}.mjs must export name and run`);
  }
  const wanted = all.filter(({ id, name }) => !only || id.includes(only) || name.includes(only));
  return wanted.sort((a, b) => Number(b.isLong ?? false) - Number(a.isLong ?? false));
}

async function travel(journey) {
  const state = { app: null, step: null, ...browser.crowd() };
  await runner.test(journey.name, () => walk(journey, state), { onFailure: () => evidence(journey.id, state) });
  for (const visitor of [...state.visitors]) await visitor.close();
  // After a failure the program may still be there; how it ends then is no longer the question.
  await state.app?.stop();
}

async function walk(journey, state) {
  const app = await start(options.engine, options.binary, { ...journey.settings, seed });
  state.app = app;
  await journey.run({
    app,
    engine: options.engine,
    visitor: (wishes) => state.visitor({ base: app.base, ...wishes }),
    async step(name, run) {
      state.step = name;
      const began = Date.now();
      const result = await run();
      console.log(`  - ${journey.id}: ${name} (${Date.now() - began} ms)`);
      state.step = null;
      return result;
    },
  });
  const problems = [...state.visitors].flatMap((visitor) => visitor.problems);
  if (problems.length > 0) throw new Error(`the browser met problems:\n${problems.join('\n')}`);
  for (const visitor of [...state.visitors]) await visitor.close();
  const ended = await app.stop();
  state.app = null;
  if (ended.code !== 0) throw new Error(`asked to stop, the program ended with ${ended.signal ?? `status ${ended.code}`}`);
}

/** What helps to understand a failure: the step, a picture and the address of every page, the program's last lines. */
async function evidence(id, { app, step, visitors }) {
  const lines = step ? [`in step: ${step}`] : [];
  let number = 0;
  for (const visitor of visitors) {
    number += 1;
    const file = await visitor.shot(`failed-${id}-${number}`).catch((error) => `no picture: ${error.message}`);
    lines.push(`at ${visitor.page.url()}, ${file}`, ...visitor.problems);
  }
  if (app) lines.push('the program said last:', ...app.log().trimEnd().split('\n').slice(-15));
  return lines;
}
