/**
 * Shows with each request that you hold your token's key (RFC 9449): `proving` takes the place of `fetch` in any client.
 *
 *   export REGISTRY_TOKEN=…  REGISTRY_PROOF_KEY=proof.pem      the ES256 key that the token is bound to
 *
 * A proof is good for one request and one minute. Of a client that is enrolled with nonces the register wants one in each
 * proof: it answers 401 with the header DPoP-Nonce, and the request is sent once more with a proof that holds it.
 */
import { createHash, createPrivateKey, createPublicKey, randomUUID, sign } from 'node:crypto';
import { readFileSync } from 'node:fs';

export function setting(name: 'REGISTRY_URL' | 'REGISTRY_TOKEN' | 'REGISTRY_PROOF_KEY'): string {
  const value = process.env[name];
  if (!value) throw new Error(`${name} is not set.`);
  return value;
}

const token = setting('REGISTRY_TOKEN');
const key = createPrivateKey(readFileSync(setting('REGISTRY_PROOF_KEY')));
const jwk = createPublicKey(key).export({ format: 'jwk' });
const ath = createHash('sha256').update(token).digest('base64url');
let nonce: string | undefined;

function proof(method: string, url: string): string {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const claims = { jti: randomUUID(), htm: method, htu: url, iat: Math.floor(Date.now() / 1000), ath, nonce };
  const message = `${part({ typ: 'dpop+jwt', alg: 'ES256', jwk })}.${part(claims)}`;
  const signature = sign('sha256', Buffer.from(message), { key, dsaEncoding: 'ieee-p1363' });
  return `${message}.${signature.toString('base64url')}`;
}

export const proving: typeof fetch = async (input, init) => {
  const { origin, pathname } = new URL(input instanceof Request ? input.url : input);
  const send = () => {
    const headers = new Headers(init?.headers);
    headers.set('authorization', `DPoP ${token}`);
    headers.set('dpop', proof(init?.method ?? 'GET', origin + pathname));
    return fetch(input, { ...init, headers });
  };
  const answer = await send();
  if (!answer.headers.get('www-authenticate')?.includes('use_dpop_nonce')) return answer;
  nonce = answer.headers.get('dpop-nonce') ?? undefined;
  return send();
};
