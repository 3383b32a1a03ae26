/**
 * Asks the register one question with Apollo Client: npm install graphql @apollo/client rxjs
 *
 *   node built/ask_apollo.js search.graphql search.json
 */
import { ApolloClient, CombinedGraphQLErrors, gql, HttpLink, InMemoryCache } from '@apollo/client';
import { proving } from './proofs.js';
import { document, tell, url, variables } from './question.js';

const client = new ApolloClient({
  link: new HttpLink({ uri: url, fetch: proving }),
  cache: new InMemoryCache(),
});

const { data, error } = await client.query({
  query: gql(document()),
  variables: variables(),
  errorPolicy: 'all', // data and errors, where both are answered
  fetchPolicy: 'no-cache', // answers hold personal data
});
if (error && !CombinedGraphQLErrors.is(error)) throw error;
tell(data, error?.errors);
