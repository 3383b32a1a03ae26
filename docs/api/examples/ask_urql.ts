/**
 * Asks the register one question with urql: npm install graphql @urql/core
 *
 *   node built/ask_urql.js search.graphql search.json
 */
import { Client, fetchExchange } from '@urql/core';
import { proving } from './proofs.js';
import { document, tell, url, variables } from './question.js';

const client = new Client({
  url,
  exchanges: [fetchExchange], // no cacheExchange: answers hold personal data
  fetch: proving,
  preferGetMethod: false, // urql would ask by GET, and what is searched for would stand in the address: 405
});

const { data, error } = await client.query(document(), variables()).toPromise();
if (error?.networkError && error.graphQLErrors.length === 0) throw error.networkError;
tell(data, error?.graphQLErrors);
