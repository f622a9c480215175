// Starts the program as anyone would run it: its own folder, its own database, a mail server that receives.

import { execFile, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { cpSync, createWriteStream, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { mailbox } from './mail.mjs';
import { freePort, fromRunner, root, until } from './tools.mjs';

const START_MS = 30_000;
const STOP_MS = 25_000; // the program promises to be gone 20 s after SIGTERM

/**
 * Starts `binary` on `engine` ('sqlite' or 'postgres') and answers when /readyz does.
 *
 * `env` adds settings or takes them away (undefined); `args` are handed to the program; `sink` are options of
 * tests/tools/smtp_sink.py, such as ['--slow', '1']; `seed` is what `keep` left of another program, whose data it begins with.
 *
 * The answer: `base` (its address without a slash at the end), `mail` (see mail.mjs), `folder` (its working folder), `binary`,
 * `databaseUrl`, `sql(statement)`, `pid`, `log()` (all it printed), `restart()` (SIGTERM and once more on the same data) and
 * `stop()`, which ends it, throws its data away and answers { code, signal }.
 */
export async function start(engine, binary, { env = {}, args = [], sink = [], seed = null } = {}) {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'drempel-browser-'));
  const undo = [async () => rmSync(folder, { recursive: true, force: true })];
  const clean = async () => {
    for (const step of undo.splice(0).reverse()) await step();
  };
  try {
    const database = await makeDatabase(engine, folder, seed);
    undo.push(database.drop);
    const mailServer = await startSink(path.join(folder, 'received-mail'), sink);
    undo.push(mailServer.stop);
    const port = await freePort();
    const settings = {
      ...inherited(),
      DATABASE_URL: database.url,
      LISTEN: `127.0.0.1:${port}`,
      PUBLIC_URL: `http://localhost:${port}`,
      SMTP_URL: `smtp://127.0.0.1:${mailServer.port}`,
      LIMITS: 'off', // every visitor of a test comes from one address
      STRIPE_RATE_PER_SECOND: '500', // nobody but the sandbox is asked
      RUST_LOG: 'info',
      ...env,
    };
    const logFile = path.join(folder, 'program.log');
    const run = () => startProgram(binary, args, settings, folder, logFile);
    let program = await run();
    return {
      engine,
      binary: path.resolve(binary),
      folder,
      base: `http://localhost:${port}`,
      databaseUrl: database.url,
      mail: mailbox(mailServer.folder),
      get pid() {
        return program.pid;
      },
      log: () => readFileSync(logFile, 'utf8'),
      sql: (statement) => change(engine, database.url, statement),
      async restart() {
        const ended = await program.stop();
        program = await run();
        return ended;
      },
      async stop() {
        const ended = await program.stop();
        await clean();
        return ended;
      },
      /** Ends the program and leaves its data as a `seed` for others, until `drop()`. */
      async keep() {
        const { code } = await program.stop();
        if (code !== 0) throw new Error(`asked to stop, the program ended with status ${code}`);
        const drop = [async () => rmSync(folder, { recursive: true, force: true }), database.drop];
        undo.splice(0, undo.length, mailServer.stop);
        await clean();
        return {
          data: path.join(folder, 'data'),
          database: database.name,
          drop: async () => {
            for (const step of drop) await step();
          },
        };
      },
    };
  } catch (error) {
    await clean();
    throw error;
  }
}

/** The environment without settings of the program: a .env or an exported variable must not reach a test. */
function inherited() {
  const kept = ['PATH', 'HOME', 'LANG', 'TMPDIR', 'DREMPEL_TEST_RUN'];
  return Object.fromEntries(kept.filter((name) => process.env[name]).map((name) => [name, process.env[name]]));
}

/** Changes a row by hand, which no page does. */
function change(engine, url, sql) {
  const run = promisify(execFile);
  if (engine === 'postgres') return run(path.join(fromRunner('TEST_POSTGRES_BIN'), 'psql'), ['-X', '-q', '-d', url, '-c', sql]);
  const script = 'import sqlite3, sys; base = sqlite3.connect(sys.argv[1], timeout=10); base.execute(sys.argv[2]); base.commit()';
  return run(fromRunner('TEST_PYTHON'), ['-c', script, new URL(url).pathname, sql]);
}

/** A database for a program in this folder, with the files beside it: empty, or as they are in the seed. */
async function makeDatabase(engine, folder, seed) {
  const data = path.join(folder, 'data');
  mkdirSync(data);
  if (seed && existsSync(seed.data)) cpSync(seed.data, data, { recursive: true });
  if (engine === 'sqlite') return { url: `sqlite://${path.join(data, 'drempel.db')}`, drop: async () => {} };
  if (engine !== 'postgres') throw new Error(`no such engine: ${engine}; expected sqlite or postgres`);
  const server = fromRunner('TEST_POSTGRES_URL');
  const psql = (sql) =>
    promisify(execFile)(path.join(fromRunner('TEST_POSTGRES_BIN'), 'psql'), ['-X', '-q', '-d', server, '-c', sql]);
  const name = `browser_${randomBytes(6).toString('hex')}`;
  await psql(`CREATE DATABASE ${name}${seed ? ` TEMPLATE ${seed.database}` : ''}`);
  const url = new URL(server);
  url.pathname = `/${name}`;
  return { url: url.href, name, drop: () => psql(`DROP DATABASE ${name} WITH (FORCE)`) };
}

async function startSink(folder, options) {
  const script = path.join(root, 'tests/tools/smtp_sink.py');
  const child = spawn(fromRunner('TEST_PYTHON'), [script, '--with-parent', ...options, folder], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const port = await new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code) => reject(new Error(`the mail server of the tests ended with status ${code}`)));
    child.stdout.once('data', (line) => resolve(Number.parseInt(line, 10)));
  });
  return { port, folder, stop: () => end(child, 5000) };
}

async function startProgram(binary, args, env, cwd, logFile) {
  const log = createWriteStream(logFile, { flags: 'a' });
  const child = spawn(path.resolve(binary), args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] });
  child.stdout.pipe(log, { end: false });
  child.stderr.pipe(log, { end: false });
  let failed;
  child.once('error', (error) => (failed = error));
  const ready = `http://${env.LISTEN}/readyz`;
  try {
    await until(`${ready} to answer 200`, START_MS, async () => {
      if (failed) throw failed;
      if (child.exitCode !== null || child.signalCode !== null) throw new Error('the program ended before it was ready');
      return fetch(ready).then((answer) => answer.ok, () => false);
    });
  } catch (error) {
    await end(child, 1000);
    await new Promise((resolve) => log.end(resolve));
    error.message += `\n${readFileSync(logFile, 'utf8').split('\n').slice(-30).join('\n')}`;
    throw error;
  }
  return {
    pid: child.pid,
    async stop() {
      const ended = await end(child, STOP_MS);
      await new Promise((resolve) => log.end(resolve));
      return ended;
    },
  };
}

/** Ends a process that was started here: asks with SIGTERM, insists after `patience` milliseconds. */
async function end(child, patience) {
  if (child.pid !== undefined && child.exitCode === null && child.signalCode === null) {
    const gone = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGTERM');
    const insist = setTimeout(() => child.kill('SIGKILL'), patience);
    await gone;
    clearTimeout(insist);
  }
  return { code: child.exitCode, signal: child.signalCode };
}
