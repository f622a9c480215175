// The score of the MDN HTTP Observatory for pages behind a TLS proxy of our own.
//
//   node observatory.mjs HTTP_PORT HTTPS_PORT PATH...   with TEST_NODE_MODULES, and NODE_EXTRA_CA_CERTS for the proxy's certificate
//
// Prints a line of JSON per page: its score, the checks that failed, and the two headers that the scorer does not look at.
import { existsSync, writeFileSync } from "node:fs";

const package_ = `${process.env.TEST_NODE_MODULES}/@mdn/mdn-http-observatory`;
// the list of preloaded hosts is fetched when the package is installed with its scripts; without it no host counts as preloaded
const preloaded = `${package_}/conf/hsts-preload.json`;
if (!existsSync(preloaded)) writeFileSync(preloaded, "{}");

const { retrieve } = await import(`${package_}/src/retriever/retriever.js`);
const { ALL_TESTS } = await import(`${package_}/src/constants.js`);
const { getScoreModifier } = await import(`${package_}/src/grader/grader.js`);
const { MINIMUM_SCORE_FOR_EXTRA_CREDIT } = await import(`${package_}/src/grader/charts.js`);

const [httpPort, httpsPort, ...paths] = process.argv.slice(2);
for (const path of paths) {
  const got = await retrieve("localhost", { httpPort, httpsPort, path });
  const answer = got.responses.auto;
  const checks = ALL_TESTS.map((test) => test(got)).map((check) => ({
    name: check.constructor.name,
    pass: check.pass,
    found: check.result,
    points: check.result ? getScoreModifier(check.result) : 0,
  }));
  const lost = checks.reduce((sum, check) => sum + Math.min(check.points, 0), 100);
  const all = checks.reduce((sum, check) => sum + check.points, 100);
  console.log(JSON.stringify({
    path,
    status: answer?.status ?? 0,
    score: lost >= MINIMUM_SCORE_FOR_EXTRA_CREDIT ? all : lost,
    checks,
    opener: answer?.headers["cross-origin-opener-policy"],
    embedder: answer?.headers["cross-origin-embedder-policy"],
  }));
}
