// A provider of sign-ins for the tests: oidc-provider, which is certified for OpenID Connect, on this machine.
// It asks for PKCE and for the client's secret. Besides, who tests may say who can sign in there (PUT /accounts/...)
// and have the next token bent (PUT /bend): then it is what a hostile or broken provider would send.
import { once } from 'node:events';
import { createServer } from 'node:http';
import { exportJWK, generateKeyPair, importJWK, SignJWT, decodeJwt } from 'jose';
import { Provider } from 'oidc-provider';

const port = Number(process.argv[2]);
const issuer = `http://127.0.0.1:${port}`;
const back = (slug) => `http://testserver/account/organisatie/${slug}/terug/`;

const makeKey = async (kid) => {
  const { privateKey } = await generateKeyPair('RS256', { extractable: true });
  return { ...(await exportJWK(privateKey)), kid, alg: 'RS256', use: 'sig' };
};
const [key, strange] = [await makeKey('one'), await makeKey('one')];
const accounts = new Map();
let bend = null;

const provider = new Provider(issuer, {
  acrValues: ['one-factor', 'two-factors'],
  claims: { openid: ['sub', 'roles', 'groups', '_claim_names'], profile: ['name'], email: ['email', 'email_verified'] },
  clients: [
    { client_id: 'portaal', client_secret: 'een goed bewaard geheim', redirect_uris: ['waterrijk', 'hoogezand'].map(back) },
  ],
  cookies: { keys: ['not a secret'] },
  features: { claimsParameter: { enabled: true }, devInteractions: { enabled: false } },
  findAccount: (ctx, sub) => accounts.has(sub) && { accountId: sub, claims: () => ({ sub, ...accounts.get(sub) }) },
  interactions: { url: (ctx, interaction) => `/interaction/${interaction.uid}` },
  jwks: { keys: [key] },
  // Who signs in has agreed: nobody is asked what the portal may know.
  loadExistingGrant: async (ctx) => {
    const grant = new ctx.oidc.provider.Grant({ clientId: ctx.oidc.client.clientId, accountId: ctx.oidc.session.accountId });
    grant.addOIDCScope('openid profile email');
    grant.addOIDCClaims(['roles', 'groups', '_claim_names', 'acr', 'name', 'email', 'email_verified', 'auth_time']);
    await grant.save();
    return grant;
  },
  pkce: { required: () => true },
  renderError: (ctx, out) => { ctx.type = 'json'; ctx.body = out; },
});

provider.use(async (ctx, next) => {
  await next();
  if (bend === null || ctx.path !== '/token' || !ctx.body?.id_token) return;
  const { claims = {}, without = [], alg = 'RS256', kid = 'one', signedBy = 'own', whole } = bend;
  bend = null;
  const told = { ...decodeJwt(ctx.body.id_token), ...claims };
  for (const name of without) delete told[name];
  const encoded = (part) => Buffer.from(JSON.stringify(part)).toString('base64url');
  if (whole !== undefined) ctx.body.id_token = whole;
  else if (alg === 'none') ctx.body.id_token = `${encoded({ alg, kid })}.${encoded(told)}.`;
  else {
    // HS256 with what anybody can know: the public key, taken for a secret.
    const by = alg === 'HS256' ? Buffer.from(key.n, 'base64url') : await importJWK(signedBy === 'own' ? key : strange, alg);
    ctx.body.id_token = await new SignJWT(told).setProtectedHeader({ alg, kid }).sign(by);
  }
});

const body = async (request) => {
  const parts = [];
  for await (const part of request) parts.push(part);
  return Buffer.concat(parts).toString();
};
const answer = (response, status, text = '') => { response.writeHead(status, { 'Content-Type': 'text/plain' }).end(text); };

const serve = provider.callback();
const server = createServer(async (request, response) => {
  const [, first, second] = new URL(request.url, issuer).pathname.split('/');
  try {
    if (request.method === 'PUT' && first === 'accounts') {
      accounts.set(decodeURIComponent(second), JSON.parse(await body(request)));
      answer(response, 204);
    } else if (request.method === 'PUT' && first === 'bend') {
      bend = JSON.parse(await body(request));
      answer(response, 204);
    } else if (first === 'interaction' && request.method === 'GET') {
      const { params, prompt } = await provider.interactionDetails(request, response);
      answer(response, 200, JSON.stringify({ params, prompt: prompt.name }));
    } else if (first === 'interaction') {
      const form = new URLSearchParams(await body(request));
      const login = { accountId: form.get('account'), acr: form.get('acr') ?? undefined };
      const result = form.has('deny') ? { error: 'access_denied' } : { login };
      await provider.interactionFinished(request, response, result);
    } else serve(request, response);
  } catch (fault) {
    answer(response, 500, String(fault));
  }
});
server.listen(port, '127.0.0.1');
await once(server, 'listening');
process.stdout.write('ready\n');
process.stdin.resume().on('end', () => process.exit()); // it goes when whoever started it goes
