/**
 * A client written with openid-client, a library certified for FAPI 2.0, as its own examples are written.
 *
 *   node openid_client.mjs < task.json
 *
 * Task and answer are those of oauth4webapi.mjs; this library sends once more by itself when a nonce is wanted.
 */
import { readFileSync } from 'node:fs';
import * as openid from 'openid-client';
import { keyOf } from './keys.mjs';

const task = JSON.parse(readFileSync(0, 'utf8'));
const told = {};
let step = 'discovery';

async function configured({ client, kid, key }) {
  const proves = openid.PrivateKeyJwt({ key: await keyOf(key, task.algorithm), kid });
  const options = { algorithm: 'oauth2', execute: [openid.allowInsecureRequests] }; // loopback has no TLS
  return openid.discovery(new URL(task.issuer), client, undefined, proves, options);
}

try {
  const config = await configured(task);

  step = 'token';
  const DPoP = openid.getDPoPHandle(config, await openid.randomDPoPKeyPair(task.algorithm));
  const wanted = { authorization_details: JSON.stringify(task.details) };
  const granted = await openid.clientCredentialsGrant(config, wanted, { DPoP });
  told.type = granted.token_type;
  told.details = granted.authorization_details;

  step = 'question';
  const ask = async () => {
    const headers = new Headers({ 'content-type': 'application/json' });
    const url = new URL('/graphql', task.issuer);
    const body = JSON.stringify(task.question);
    return (await openid.fetchProtectedResource(config, granted.access_token, url, 'POST', body, headers, { DPoP })).json();
  };
  told.answers = [await ask(), await ask()];

  if (task.auditor) {
    step = 'introspection';
    told.introspected = await openid.tokenIntrospection(await configured(task.auditor), granted.access_token);
  }

  step = 'revocation';
  await openid.tokenRevocation(config, granted.access_token);
  try {
    await ask();
    told.afterwards = 'answered';
  } catch (refused) {
    told.afterwards = refused.cause?.[0]?.parameters?.error ?? refused.message;
  }
} catch (refused) {
  Object.assign(told, { failed: step, why: refused.message, cause: refused.cause?.error ?? String(refused.cause) });
  process.exitCode = 1;
}
console.log(JSON.stringify(told));
