/**
 * A real OpenID provider (npm oidc-provider, certified) as a national one would be set up for this register: pushed
 * requests and S256 required, private_key_jwt, ES256. SETTINGS='{"clients": […]}' node provider.mjs; prints its issuer.
 *
 * Two things are invented: the login page, where POST /interaction/<uid> {"login": …, "acr": …} says who sits there, and
 * its clock, which POST /clock {"ahead": seconds} sets.
 */

import { createServer } from "node:http";
import Provider from "oidc-provider";

const clock = Date.now;
let ahead = 0;
Date.now = () => clock() + ahead * 1000;

const { clients, keys } = JSON.parse(process.env.SETTINGS);
const server = createServer();
await new Promise((done) => server.listen(0, "127.0.0.1", done));
const issuer = `http://127.0.0.1:${server.address().port}`;

const provider = new Provider(issuer, {
  clients,
  jwks: { keys },
  scopes: ["openid"],
  acrValues: ["urn:example:loa:high", "urn:example:loa:low"],
  clientAuthMethods: ["private_key_jwt"],
  enabledJWA: { idTokenSigningAlgValues: ["ES256", "PS256", "EdDSA"], clientAuthSigningAlgValues: ["ES256", "PS256", "EdDSA"] },
  cookies: { keys: ["invented, and no secret"] },
  features: {
    devInteractions: { enabled: false },
    pushedAuthorizationRequests: { enabled: true, requirePushedAuthorizationRequests: true },
    backchannelLogout: { enabled: true },
    rpInitiatedLogout: { enabled: false },
  },
  pkce: { required: () => true },
  ttl: { AuthorizationCode: 60, PushedAuthorizationRequest: 60, Session: 3600, Grant: 3600, IdToken: 300, AccessToken: 300, Interaction: 600 },
  interactions: { url: (_, interaction) => `/interaction/${interaction.uid}` },
  findAccount: (_, id) => ({ accountId: id, claims: () => ({ sub: id }) }),
  loadExistingGrant: async (context) => {
    const { client, session } = context.oidc;
    const grant = new provider.Grant({ clientId: client.clientId, accountId: session.accountId });
    grant.addOIDCScope("openid");
    await grant.save();
    return grant;
  },
});

provider.use(async (context, next) => {
  const [, place, uid] = /^\/(clock|interaction)\/?(\S*)$/.exec(context.path) ?? [];
  if (!place) return next();
  if (context.method !== "POST") return (context.body = "Who are you?");
  let body = "";
  for await (const chunk of context.req) body += chunk;
  const said = JSON.parse(body);
  if (place === "clock") return (ahead = said.ahead), (context.status = 204);
  const { login, acr = "urn:example:loa:high" } = said;
  const result = login ? { login: { accountId: login, acr, amr: ["pin"] } } : { error: "access_denied" };
  await provider.interactionFinished(context.req, context.res, result, { mergeWithLastSubmission: false });
  context.respond = false;
});

server.on("request", provider.callback());
console.log(issuer);
