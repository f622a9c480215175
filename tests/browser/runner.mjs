// A tiny test runner: one line per case, everything about a failure below it, and a line that counts.

const CASE_MS = 600_000; // two go at a time, and the machine may be busy with other work

export class Runner {
  passed = 0;
  failed = 0;

  /**
   * Runs one case and prints `ok` or `not ok`. A failing case answers its error instead of throwing it, so that the
   * others still run; `onFailure` may add facts (an array of lines).
   */
  async test(name, run, { timeout = CASE_MS, onFailure } = {}) {
    const began = Date.now();
    let timer;
    try {
      const late = new Promise((_, reject) => {
        timer = setTimeout(() => reject(new Error(`not done after ${timeout} ms`)), timeout);
      });
      await Promise.race([run(), late]);
      this.passed += 1;
      console.log(`ok ${this.passed + this.failed} - ${name} (${Date.now() - began} ms)`);
      return null;
    } catch (error) {
      this.failed += 1;
      console.log(`not ok ${this.passed + this.failed} - ${name} (${Date.now() - began} ms)`);
      const facts = onFailure ? await onFailure(error).catch((second) => [`(${second.message})`]) : [];
      for (const line of [...(error.stack ?? String(error)).split('\n'), ...facts]) console.log(`    ${line}`);
      return error;
    } finally {
      clearTimeout(timer);
    }
  }

  /** Prints the count and sets the exit status; `skipped` counts what should have run and was not there. */
  finish(skipped = 0) {
    console.log(`${this.passed} passed, ${this.failed} failed${skipped ? `, ${skipped} skipped` : ''}`);
    process.exitCode = this.failed === 0 && this.passed > 0 ? 0 : 1;
  }
}
