// What the browser tests borrow from outside: the packages that tests/run put into target/test-tools, and the
// programs it named in the environment.

import { createRequire } from 'node:module';
import { mkdirSync, readFileSync } from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');
const packages = process.env.TEST_NODE_MODULES ?? path.join(root, 'target/test-tools/node_modules');
const require = createRequire(path.join(packages, 'package.json'));

export const { chromium } = require('playwright-core');
export const { PNG } = require('pngjs');
export const { HtmlValidate } = require('html-validate');
export const jsQR = require('jsqr');
export const axeSource = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');

/** The value tests/run put into the environment; says so when a test was started without it. */
export function fromRunner(name) {
  const value = process.env[name];
  if (!value) throw new Error(`${name} is not set: start the browser tests with tests/run browser`);
  return value;
}

/** Where screenshots of this engine go; `target/screenshots/sqlite` for one. */
export function screenshotFolder(engine) {
  const folder = path.join(root, 'target/screenshots', engine);
  mkdirSync(folder, { recursive: true });
  return folder;
}

/** A port of loopback that is free at this moment. */
export function freePort() {
  return new Promise((resolve, reject) => {
    const server = net.createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}

export const sleep = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));

/** Asks until the answer is truthy; `what` names the thing waited for in the error after `timeout` milliseconds. */
export async function until(what, timeout, ask) {
  const deadline = Date.now() + timeout;
  for (;;) {
    const answer = await ask();
    if (answer) return answer;
    if (Date.now() > deadline) throw new Error(`waited ${timeout} ms in vain for ${what}`);
    await sleep(50);
  }
}
