/**
 * A client written with oauth4webapi, a library certified for FAPI 2.0, as its own examples are written.
 *
 *   node oauth4webapi.mjs < task.json
 *
 * The task is {issuer, client, kid, key, algorithm, details, question, auditor?: {client, kid, key}}, keys as PKCS #8 in
 * PEM. Prints one line of JSON: what came of each step; a step that fails ends it with {"failed": step, "why": …}, exit 1.
 */
import { readFileSync } from 'node:fs';
import * as oauth from 'oauth4webapi';
import { keyOf } from './keys.mjs';

const task = JSON.parse(readFileSync(0, 'utf8'));
const insecure = { [oauth.allowInsecureRequests]: true }; // loopback has no TLS
const told = { nonces: 0 };
let step = 'discovery';

/** Does something, and once more when the server wants a nonce in the proof: what the library leaves to its caller. */
async function proving(attempt) {
  try {
    return await attempt();
  } catch (refused) {
    if (!oauth.isDPoPNonceError(refused)) throw refused;
    told.nonces += 1;
    return attempt();
  }
}

try {
  const issuer = new URL(task.issuer);
  const found = await oauth.discoveryRequest(issuer, { algorithm: 'oauth2', ...insecure });
  const server = await oauth.processDiscoveryResponse(issuer, found);

  step = 'token';
  const client = { client_id: task.client };
  const proves = oauth.PrivateKeyJwt({ key: await keyOf(task.key, task.algorithm), kid: task.kid });
  const pair = await oauth.generateKeyPair(task.algorithm);
  const DPoP = oauth.DPoP(client, pair);
  const parameters = new URLSearchParams({ authorization_details: JSON.stringify(task.details) });
  const granted = await proving(async () => {
    const answer = await oauth.clientCredentialsGrantRequest(server, client, proves, parameters, { DPoP, ...insecure });
    return oauth.processClientCredentialsResponse(server, client, answer);
  });
  told.type = granted.token_type;
  told.details = granted.authorization_details;

  step = 'question';
  const ask = async (token) => {
    const headers = new Headers({ 'content-type': 'application/json' });
    const url = new URL('/graphql', issuer);
    const answer = await oauth.protectedResourceRequest(token, 'POST', url, headers, JSON.stringify(task.question), {
      DPoP,
      ...insecure,
    });
    return answer.json();
  };
  told.answers = [];
  for (let again = 0; again < 2; again += 1) told.answers.push(await proving(() => ask(granted.access_token)));

  if (task.auditor) {
    step = 'introspection';
    const auditor = { client_id: task.auditor.client };
    const audits = oauth.PrivateKeyJwt({ key: await keyOf(task.auditor.key, task.algorithm), kid: task.auditor.kid });
    const looked = await oauth.introspectionRequest(server, auditor, audits, granted.access_token, insecure);
    told.introspected = await oauth.processIntrospectionResponse(server, auditor, looked);
  }

  step = 'revocation';
  const revoked = await oauth.revocationRequest(server, client, proves, granted.access_token, insecure);
  await oauth.processRevocationResponse(revoked);
  try {
    await proving(() => ask(granted.access_token));
    told.afterwards = 'answered';
  } catch (refused) {
    told.afterwards = refused.cause?.[0]?.parameters?.error ?? refused.message;
  }
} catch (refused) {
  Object.assign(told, { failed: step, why: refused.message, cause: refused.cause?.error ?? String(refused.cause) });
  process.exitCode = 1;
}
console.log(JSON.stringify(told));
