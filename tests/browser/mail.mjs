// Reads what the mail server of the tests received.

import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { until } from './tools.mjs';

/**
 * The letters in a folder of tests/tools/smtp_sink.py. A letter has `message_id, from, to, subject, headers, size, dkim,
 * text, html, file` and `links`: every http address in its text.
 */
export function mailbox(folder) {
  const index = path.join(folder, 'index.jsonl');
  const taken = new Set();

  /** All letters so far, oldest first; with `to`, those to one address. */
  function letters(to) {
    if (!existsSync(index)) return [];
    return readFileSync(index, 'utf8')
      .split('\n')
      .slice(0, -1) // after the last line break is nothing, or a line that is still being written
      .map((line) => JSON.parse(line))
      .filter((letter) => !to || letter.to.some((address) => address.toLowerCase() === to.toLowerCase()))
      .map((letter) => ({ ...letter, links: linksIn(letter.text ?? letter.html ?? '') }));
  }

  /**
   * The oldest letter to `to` whose subject matches and that was not handed out before: a second call waits for the
   * second letter. After `timeout` milliseconds the error lists what did arrive.
   */
  async function waitForLetter(to, subject, timeout = 30_000) {
    const find = () => letters(to).find((letter) => !taken.has(letter.file) && letter.subject.match(subject));
    try {
      const letter = await until(`a letter to ${to} about ${subject}`, timeout, find);
      taken.add(letter.file);
      return letter;
    } catch (error) {
      const seen = letters().map((letter) => `  ${letter.to} ${letter.subject}${taken.has(letter.file) ? ' (taken)' : ''}`);
      error.message += seen.length ? `; received:\n${seen.join('\n')}` : '; nothing was received';
      throw error;
    }
  }

  return { folder, letters, waitForLetter, raw: (letter) => readFileSync(path.join(folder, letter.file)) };
}

function linksIn(text) {
  return [...text.matchAll(/https?:\/\/[^\s<>"')]+/g)].map(([address]) => address.replace(/[.,;:!?]+$/, '').replace(/&amp;/g, '&'));
}
