// A SAML provider of sign-ins for the tests: samlify on this machine. It knows the portals whose metadata it was
// handed (PUT /portal) and the people that tests name (PUT /accounts/...), reads what a portal asks, and signs its
// assertions with the key that comes in on the first line.
import { randomBytes } from 'node:crypto';
import { createServer } from 'node:http';
import { createInterface } from 'node:readline';
import * as samlify from 'samlify';

// It reads what the tests send; the schemas of SAML are not what is tried here.
samlify.setSchemaValidator({ validate: async () => 'not looked at' });

const lines = createInterface({ input: process.stdin });
const { key, certificate } = JSON.parse((await lines[Symbol.asyncIterator]().next()).value);
const [accounts, portals, asked] = [new Map(), new Map(), new Map()];
const CLASSES = 'urn:oasis:names:tc:SAML:2.0:ac:classes:';
const server = createServer();
let provider;

const escaped = (text) => String(text).replace(/[&<>"]/g, (one) => `&#${one.charCodeAt(0)};`);
const attribute = ([name, values]) =>
  `<saml:Attribute Name="${escaped(name)}">${[values].flat().map((one) => `<saml:AttributeValue>${escaped(one)}</saml:AttributeValue>`).join('')}</saml:Attribute>`;

// The whole answer, as text in which samlify fills in the rest.
const filled = (portal, request, account, level) => (template) => {
  const { format = 'urn:oasis:names:tc:SAML:2.0:nameid-format:persistent', ...attributes } = accounts.get(account);
  const now = new Date();
  const later = new Date(now.getTime() + 5 * 60 * 1000).toISOString();
  const recipient = portal.entityMeta.getAssertionConsumerService('post');
  const statement = `<saml:AuthnStatement AuthnInstant="${now.toISOString()}" SessionIndex="1"><saml:AuthnContext><saml:AuthnContextClassRef>${escaped(level)}</saml:AuthnContextClassRef></saml:AuthnContext></saml:AuthnStatement>`;
  const id = `_${randomBytes(20).toString('hex')}`;
  const told = template
    .replace('{AuthnStatement}', () => statement)
    .replace('{AttributeStatement}', () => `<saml:AttributeStatement>${Object.entries(attributes).map(attribute).join('')}</saml:AttributeStatement>`);
  const context = samlify.SamlLib.replaceTagsByValue(told, {
    ID: id, AssertionID: `_${randomBytes(20).toString('hex')}`, Destination: recipient, SubjectRecipient: recipient,
    Audience: portal.entityMeta.getEntityID(), Issuer: provider.entityMeta.getEntityID(), IssueInstant: now.toISOString(),
    StatusCode: samlify.Constants.StatusCode.Success, ConditionsNotBefore: now.toISOString(), ConditionsNotOnOrAfter: later,
    SubjectConfirmationDataNotOnOrAfter: later, NameIDFormat: format, NameID: account, InResponseTo: request.extract.request.id,
  });
  return { id, context };
};

const page = (body) => `<!DOCTYPE html><html lang="nl"><title>Inloggen</title><body>${body}</body></html>`;
const hidden = (name, value) => `<input type="hidden" name="${name}" value="${escaped(value)}">`;
const toPortal = (portal, answer, state) =>
  page(`<form method="post" action="${escaped(portal.entityMeta.getAssertionConsumerService('post'))}">${hidden('SAMLResponse', answer)}${hidden('RelayState', state)}<button>Verder</button></form>`);

const question = async (url) => {
  const query = Object.fromEntries(url.searchParams);
  const [some] = portals.values();
  const request = await provider.parseLoginRequest(some, 'redirect', { query });
  const portal = portals.get(request.extract.issuer);
  const back = portal?.entityMeta.getAssertionConsumerService('post');
  if (back !== request.extract.request.assertionConsumerServiceUrl) throw new Error('another portal');
  if (request.extract.request.destination !== `${provider.entityMeta.getEntityID()}/sso`) throw new Error('another provider');
  const number = randomBytes(8).toString('hex');
  asked.set(number, { request, portal, state: query.RelayState });
  return page(`<form method="post" action="/sso/${number}"><label>Account <input name="account"></label><button>Inloggen</button></form>`);
};

const answered = async (number, form) => {
  const { request, portal, state } = asked.get(number);
  if (form.has('deny')) {
    const status = 'urn:oasis:names:tc:SAML:2.0:status';
    const refusal = `<samlp:Response xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol" ID="_1" Version="2.0" IssueInstant="${new Date().toISOString()}" InResponseTo="${request.extract.request.id}"><samlp:Status><samlp:StatusCode Value="${status}:Responder"><samlp:StatusCode Value="${status}:${form.get('deny')}"/></samlp:StatusCode></samlp:Status></samlp:Response>`;
    return toPortal(portal, Buffer.from(refusal).toString('base64'), state);
  }
  const level = form.get('level') ?? `${CLASSES}PasswordProtectedTransport`;
  const replace = filled(portal, request, form.get('account'), level);
  const { context } = await provider.createLoginResponse(portal, request, 'post', {}, replace, false, state);
  return toPortal(portal, context, state);
};

const body = async (request) => {
  const parts = [];
  for await (const part of request) parts.push(part);
  return Buffer.concat(parts).toString();
};

server.on('request', async (request, response) => {
  const answer = (status, text = '', type = 'text/html') => response.writeHead(status, { 'Content-Type': `${type}; charset=utf-8` }).end(text);
  const url = new URL(request.url, 'http://127.0.0.1');
  const [, first, second] = url.pathname.split('/');
  try {
    if (request.method === 'PUT' && first === 'portal') {
      const portal = samlify.ServiceProvider({ metadata: await body(request) });
      portals.set(portal.entityMeta.getEntityID(), portal);
      answer(204);
    } else if (request.method === 'PUT' && first === 'accounts') {
      accounts.set(decodeURIComponent(second), JSON.parse(await body(request)));
      answer(204);
    } else if (first === 'metadata') answer(200, provider.getMetadata(), 'application/samlmetadata+xml');
    else if (request.method === 'GET' && first === 'sso') answer(200, await question(url));
    else if (first === 'sso') answer(200, await answered(second, new URLSearchParams(await body(request))));
    else answer(404);
  } catch (fault) {
    answer(500, String(fault.stack ?? fault), 'text/plain');
  }
});
server.listen(0, '127.0.0.1', () => {
  const address = `http://127.0.0.1:${server.address().port}`;
  provider = samlify.IdentityProvider({
    entityID: address, privateKey: key, signingCert: certificate,
    nameIDFormat: ['urn:oasis:names:tc:SAML:2.0:nameid-format:persistent'],
    singleSignOnService: [{ Binding: samlify.Constants.namespace.binding.redirect, Location: `${address}/sso` }],
  });
  process.stdout.write(`${address}\n`);
});
process.stdin.on('end', () => process.exit()); // it goes when whoever started it goes
