/**
 * Audits a live GraphQL endpoint for conformance with GraphQL over HTTP.
 *
 *   node audit.mjs URL TOKEN PROOF_KEY_FILE
 *
 * Prints one line of JSON and exits 0, whatever the audits say; the suite decides what must pass:
 *
 *   {"must": {"pass": 30, "total": 30}, "should": {…}, "may": {…},
 *    "failed": [{"id": "4F50", "name": "SHOULD …", "level": "should", "reason": "…"}]}
 *
 * Exits 2, with a sentence on stderr, if it could not audit. An empty TOKEN sends no Authorization and no proof.
 */
import { auditServer } from 'graphql-http';
import { holding } from './holder.mjs';

const [url, token, keyFile] = process.argv.slice(2);
if (!url || token === undefined || (token && !keyFile)) {
  console.error('usage: node audit.mjs URL TOKEN PROOF_KEY_FILE');
  process.exit(2);
}

const fetchFn = token ? holding(token, keyFile) : fetch;

try {
  const results = await auditServer({ url, fetchFn });
  const report = { must: { pass: 0, total: 0 }, should: { pass: 0, total: 0 }, may: { pass: 0, total: 0 }, failed: [] };
  for (const { id, name, status, reason } of results) {
    const level = name.split(' ', 1)[0].toLowerCase();
    report[level].total += 1;
    if (status === 'ok') report[level].pass += 1;
    else report.failed.push({ id, name, level, reason });
  }
  console.log(JSON.stringify(report));
} catch (error) {
  console.error(`could not audit ${url}: ${error.cause?.message ?? error.message}`);
  process.exitCode = 2;
}
