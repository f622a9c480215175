// Everything a journey may need, from one place.

export { start } from './app.mjs';
export { axe, expectAccessible, expectNoSidewaysScroll, launch } from './browser.mjs';
export { mailbox } from './mail.mjs';
export { Runner } from './runner.mjs';
export { freePort, fromRunner, root, screenshotFolder, sleep, until } from './tools.mjs';
