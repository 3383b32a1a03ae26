/** Private keys as PEM, for libraries that want them as WebCrypto has them. */

const KINDS = {
  ES256: { name: 'ECDSA', namedCurve: 'P-256' },
  PS256: { name: 'RSA-PSS', hash: 'SHA-256' },
  Ed25519: { name: 'Ed25519' },
};

export function keyOf(pem, algorithm) {
  const der = Buffer.from(pem.replace(/-----[^-]+-----/g, ''), 'base64');
  return crypto.subtle.importKey('pkcs8', der, KINDS[algorithm], false, ['sign']);
}
