/**
 * Searches with types made from our schema: npm install graphql graphql-request, and
 * npm install --save-dev typescript @graphql-codegen/cli @graphql-codegen/client-preset
 *
 *   npx graphql-codegen --config codegen.yml      writes generated/
 *   npx tsc && node built/ask_typed.js
 */
import { ClientError, GraphQLClient } from 'graphql-request';
import { SearchDocument, type SearchQuery, type SearchQueryVariables } from './generated/graphql.js';
import { proving } from './proofs.js';
import { tell, url } from './question.js';

const client = new GraphQLClient(url, { fetch: proving });
const asked: SearchQueryVariables = { criteria: { name: 'Jumaa Khamis Mwakyo', birthDate: '1979' } };

function bestName(found: SearchQuery): string | undefined {
  return found.search?.edges[0]?.node.profile.names?.[0]?.full;
}

try {
  tell(bestName(await client.request(SearchDocument, asked)));
} catch (refused) {
  if (!(refused instanceof ClientError) || !refused.response.errors) throw refused;
  tell(null, refused.response.errors);
}
