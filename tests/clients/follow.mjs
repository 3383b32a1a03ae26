/**
 * Follows a subscription as a program written with graphql-sse would, in distinct connections mode.
 *
 *   node follow.mjs URL TOKEN PROOF_KEY_FILE DOCUMENT COUNT [LAST_EVENT_ID]
 *
 * Prints each result as one line of JSON, as it comes; after COUNT results it closes the connection and exits 0. A stream
 * that breaks off is asked for again behind the last event; a line {"reconnected": true} says so. An error that ends the
 * subscription is printed as {"failed": "…"}, and the exit code is 1.
 */
import { createClient } from 'graphql-sse';
import { holding } from './holder.mjs';

const [url, token, keyFile, document, count, given] = process.argv.slice(2);
if (!url || !token || !keyFile || !document || !count) {
  console.error('usage: node follow.mjs URL TOKEN PROOF_KEY_FILE DOCUMENT COUNT [LAST_EVENT_ID]');
  process.exit(2);
}

let last = given;
const client = createClient({
  url,
  retryAttempts: Number.POSITIVE_INFINITY,
  fetchFn: holding(token, keyFile),
  headers: () => (last ? { 'last-event-id': last } : {}),
  on: { connecting: (again) => again && console.log(JSON.stringify({ reconnected: true })) },
  retry: () => new Promise((resolve) => setTimeout(resolve, 200)),
});

let left = Number(count);
const subscription = client.iterate({ query: document });
try {
  for await (const result of subscription) {
    last = result.extensions?.eventId ?? last;
    console.log(JSON.stringify(result));
    left -= 1;
    if (left === 0) break;
  }
} catch (error) {
  console.log(JSON.stringify({ failed: error.message }));
  process.exitCode = 1;
}
client.dispose();
