/**
 * Runs one document against a live GraphQL endpoint, as a program written with graphql-request would.
 *
 *   node search.mjs URL TOKEN DOCUMENT VARIABLES_JSON
 *
 * Prints the answer's data as one line of JSON. If the answer has errors, prints
 * {"errors": [{"message": "…", "code": "…"}]} and exits 1. Exits 2, with a sentence on stderr, if there was no
 * GraphQL answer at all. An empty TOKEN sends no Authorization.
 */
import { ClientError, GraphQLClient } from 'graphql-request';

const [url, token, document, variables] = process.argv.slice(2);
if (!url || token === undefined || !document) {
  console.error('usage: node search.mjs URL TOKEN DOCUMENT VARIABLES_JSON');
  process.exit(2);
}

try {
  const client = new GraphQLClient(url, { headers: token ? { authorization: `Bearer ${token}` } : {} });
  console.log(JSON.stringify(await client.request(document, JSON.parse(variables ?? '{}'))));
} catch (error) {
  const errors = error instanceof ClientError ? error.response.errors : undefined;
  if (Array.isArray(errors)) {
    const brief = errors.map(({ message, extensions }) => ({ message, code: extensions?.code ?? null }));
    console.log(JSON.stringify({ errors: brief }));
    process.exitCode = 1;
  } else {
    console.error(`no GraphQL answer from ${url}: ${error.cause?.message ?? error.message}`);
    process.exitCode = 2;
  }
}
