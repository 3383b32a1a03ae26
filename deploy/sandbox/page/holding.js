/**
 * The key that this page's token is bound to (RFC 9449). The browser makes it anew for each visit and does not let it out:
 * a token that was read over somebody's shoulder is worth nothing without it.
 */

const ES256 = { name: "ECDSA", namedCurve: "P-256" };
const key = await crypto.subtle.generateKey(ES256, false, ["sign"]);
const { kty, crv, x, y } = await crypto.subtle.exportKey("jwk", key.publicKey);

const encoded = (octets) =>
  btoa(String.fromCharCode(...new Uint8Array(octets))).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
const part = (value) => encoded(new TextEncoder().encode(JSON.stringify(value)));

/** Return a proof for one request by POST to a path of this node; without a token it is to get one with. */
export async function proof(path, token) {
  const claims = { jti: crypto.randomUUID(), htm: "POST", htu: location.origin + path, iat: Math.floor(Date.now() / 1000) };
  if (token) claims.ath = encoded(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(token)));
  const message = `${part({ typ: "dpop+jwt", alg: "ES256", jwk: { kty, crv, x, y } })}.${part(claims)}`;
  const signature = await crypto.subtle.sign({ name: "ECDSA", hash: "SHA-256" }, key.privateKey, new TextEncoder().encode(message));
  return `${message}.${encoded(signature)}`;
}

/** Return the command that gets a token for this page's key; its proof is good for a minute. */
export async function command() {
  return `.venv/bin/registry token var/demo/investigator.toml --proof ${await proof("/oauth/token")}`;
}
