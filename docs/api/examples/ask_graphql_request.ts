/**
 * Asks the register one question with graphql-request: npm install graphql graphql-request
 *
 *   node built/ask_graphql_request.js search.graphql search.json
 */
import { ClientError, GraphQLClient } from 'graphql-request';
import { proving } from './proofs.js';
import { document, tell, url, variables } from './question.js';

const client = new GraphQLClient(url, { fetch: proving });

try {
  tell(await client.request(document(), variables()));
} catch (refused) {
  // Thrown for any error, also beside data; what was answered hangs on it.
  if (!(refused instanceof ClientError) || !refused.response.errors) throw refused;
  tell(refused.response.data, refused.response.errors);
}
