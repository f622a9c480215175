// A stand-in for the program, as small as the tools' own test needs: settings from the environment, /readyz, pages
// under a strict content security policy, a form that sends a letter, an orderly end at SIGTERM.

import http from 'node:http';
import net from 'node:net';
import { writeFileSync } from 'node:fs';

const [host, port] = process.env.LISTEN.split(':');
const POLICY = "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; form-action 'self'; frame-ancestors 'none'";

const page = (lang, body) =>
  `<!doctype html><html lang="${lang}"><head><meta charset="utf-8"><title>Proef</title>` +
  `<meta name="viewport" content="width=device-width, initial-scale=1"><script src="/script.js" defer></script></head>` +
  `<body><main><h1>Proef</h1>${body}</main></body></html>`;

const form =
  '<p id="script">zonder script</p><noscript><p>Script staat uit.</p></noscript>' +
  '<form method="post" action="/letter"><label>E-mail <input type="email" name="email" required></label> ' +
  '<button>Stuur</button></form>';

const pages = {
  '/readyz': () => ['text/plain', 'ready'],
  '/script.js': () => ['text/javascript', "document.getElementById('script')?.replaceChildren('met script');"],
  '/good': (request) => ['text/html', page(request.headers['accept-language'].slice(0, 2), form)],
  '/bad': () => ['text/html', page('nl', '<img src="/dot.svg">')],
  '/bad-noscript': () => ['text/html', page('nl', '<noscript><img src="/dot.svg"></noscript>')],
  '/wide': () => ['text/html', page('nl', '<svg width="900" height="10" role="presentation"></svg>')],
  '/inline': () => ['text/html', page('nl', '<script>document.title = "broken policy"</script>')],
  '/elsewhere': () => ['text/html', page('nl', '<img alt="" src="http://elsewhere.example/dot.svg">'), 'img-src *'],
  '/dot.svg': () => ['image/svg+xml', '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>'],
  '/settings': () => ['text/plain', JSON.stringify({ database: process.env.DATABASE_URL, extra: process.env.EXTRA, folder: process.cwd() })],
  '/favicon.ico': () => ['image/svg+xml', ''],
};

const server = http.createServer(async (request, response) => {
  if (request.method === 'POST') {
    const chunks = [];
    for await (const chunk of request) chunks.push(chunk);
    await send(new URLSearchParams(Buffer.concat(chunks).toString()).get('email'));
    response.writeHead(303, { location: '/good' }).end();
    return;
  }
  const answer = pages[request.url]?.(request);
  if (!answer) return void response.writeHead(404).end('not here');
  response.writeHead(200, {
    'content-type': `${answer[0]}; charset=utf-8`,
    'content-security-policy': answer[2] ?? POLICY,
    'set-cookie': 'seen=1; HttpOnly; Path=/',
  });
  response.end(answer[1]);
});

/** One letter, the shortest conversation with a mail server there is. */
function send(to) {
  const { hostname, port: smtpPort } = new URL(process.env.SMTP_URL);
  const letter = `From: toy@drempel.example\r\nTo: ${to}\r\nSubject: Je code\r\nMessage-ID: <${Date.now()}@toy>\r\n\r\n` +
    `Ga naar ${process.env.PUBLIC_URL}/good?code=123&x=1.\r\n.\r\n`;
  const lines = ['HELO toy\r\n', 'MAIL FROM:<toy@drempel.example>\r\n', `RCPT TO:<${to}>\r\n`, 'DATA\r\n', letter, 'QUIT\r\n'];
  return new Promise((resolve, reject) => {
    const socket = net.connect(Number(smtpPort), hostname);
    socket.on('data', () => socket.write(lines.shift() ?? ''));
    socket.on('error', reject).on('close', resolve);
  });
}

if (process.env.EXTRA === 'refuse') {
  console.log('EXTRA holds refuse, expected anything else');
  process.exit(1);
}
writeFileSync('proof', 'written in the working folder');
server.listen(Number(port), host, () => console.log(`listening on ${process.env.PUBLIC_URL}`));
process.on('SIGTERM', () => {
  server.close(() => process.exit(0));
  server.closeAllConnections();
});
