/**
 * A `fetch` that shows, with each request, a token and a proof of its key (RFC 9449): the clients that the suite runs are
 * given it in the place of their own.
 *
 *   const fetchFn = holding(token, 'proof.pem');      an ES256 key as PEM
 */
import { createHash, createPrivateKey, createPublicKey, randomUUID, sign } from 'node:crypto';
import { readFileSync } from 'node:fs';

const part = (value) => Buffer.from(JSON.stringify(value)).toString('base64url');

export function holding(token, keyFile) {
  const key = createPrivateKey(readFileSync(keyFile));
  const jwk = createPublicKey(key).export({ format: 'jwk' });
  const ath = createHash('sha256').update(token).digest('base64url');
  const proof = (htm, htu) => {
    const claims = { jti: randomUUID(), htm, htu, iat: Math.floor(Date.now() / 1000), ath };
    const message = `${part({ typ: 'dpop+jwt', alg: 'ES256', jwk })}.${part(claims)}`;
    return `${message}.${sign('sha256', Buffer.from(message), { key, dsaEncoding: 'ieee-p1363' }).toString('base64url')}`;
  };
  return (input, init = {}) => {
    const { origin, pathname } = new URL(input);
    const headers = new Headers(init.headers);
    headers.set('authorization', `DPoP ${token}`);
    headers.set('dpop', proof(init.method ?? 'GET', origin + pathname));
    return fetch(input, { ...init, headers });
  };
}
