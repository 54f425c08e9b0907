// intuit-oauth: consent, exchange, refresh, revoke (quickbooks-online.md section 1).
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { OAuthClient, box, classic, consent, fault, oauth, promised, redirect, say, PromisedClass, Promised } from '../lib/quickbooks.mjs'

const scope = [OAuthClient.scopes.Accounting]
const failure = async promise => promise.then(() => assert.fail('it worked'), e => e)

test('the discovery document names the endpoints', async () => {
  const d = await (await fetch(box.url + '/.well-known/openid_configuration')).json()
  assert.equal(d.token_endpoint, OAuthClient.tokenEndpoint)
  assert.equal(d.revocation_endpoint, OAuthClient.revokeEndpoint)
  assert.equal(d.authorization_endpoint, OAuthClient.authorizeEndpoint)
})

test('consent sends code, state and company back', async () => {
  const back = new URL(await consent(oauth().authorizeUri({ scope, state: 'abc' })))
  assert.equal(back.origin + back.pathname, redirect)
  assert.equal(back.searchParams.get('state'), 'abc')
  assert.equal(back.searchParams.get('realmId'), box.realm)
  assert.ok(back.searchParams.get('code'))
})

test('a refused consent says access_denied', async () => {
  const back = new URL(await consent(oauth().authorizeUri({ scope, state: 'abc' }), 'deny'))
  assert.equal(back.searchParams.get('error'), 'access_denied')
})

test('consent without the accounting scope is invalid_scope', async () => {
  const back = new URL(await consent(oauth().authorizeUri({ scope: ['email'], state: 'abc' })))
  assert.equal(back.searchParams.get('error'), 'invalid_scope')
})

test('consent for an unknown app ends on a page', async () => {
  const answer = await fetch(oauth(undefined, { clientId: 'nobody' }).authorizeUri({ scope, state: 'abc' }), { redirect: 'manual' })
  assert.equal(answer.status, 400)
  assert.equal(answer.headers.get('location'), null)
})

test('without a program there is a page to click', async () => {
  const answer = await fetch(oauth().authorizeUri({ scope, state: 'abc' }), { redirect: 'manual' })
  const ticket = /name="ticket" value="([^"]+)"/.exec(await answer.text())[1]
  const body = new URLSearchParams({ ticket, decision: 'accept', person: 'administrator', company: box.realm })
  const clicked = await fetch(OAuthClient.authorizeEndpoint, { method: 'POST', body, redirect: 'manual' })
  assert.ok(new URL(clicked.headers.get('location')).searchParams.get('code'))
})

test('a code is exchanged for a pair', async () => {
  const client = oauth({})
  const answer = await client.createToken(await consent(client.authorizeUri({ scope, state: 'abc' })))
  const token = answer.getJson()
  assert.equal(token.token_type, 'bearer')
  assert.equal(token.expires_in, 3600)
  assert.ok(token.x_refresh_token_expires_in > 8_000_000)
  assert.equal(client.getToken().realmId, box.realm)
  assert.ok(client.isAccessTokenValid())
  box.refresh = token.refresh_token
})

test('a code works once', async () => {
  const client = oauth({})
  const back = await consent(client.authorizeUri({ scope, state: 'abc' }))
  box.refresh = (await client.createToken(back)).getJson().refresh_token
  const e = await failure(oauth({}).createToken(back))
  assert.equal(e.error, 'invalid_grant')
})

test('a code belongs to its redirect address', async () => {
  const back = await consent(oauth().authorizeUri({ scope, state: 'abc' }))
  const e = await failure(oauth({}, { redirectUri: 'http://localhost:8000/other' }).createToken(back))
  assert.equal(e.error, 'invalid_grant')
})

test('a refresh gives a new access token and, within a day, the same refresh token', async () => {
  const client = oauth()
  const one = (await client.refreshUsingToken(box.refresh)).getJson()
  const two = (await client.refreshUsingToken(box.refresh)).getJson()
  assert.notEqual(one.access_token, two.access_token)
  assert.equal(one.refresh_token, two.refresh_token)
})

test('every answer has an intuit_tid', async () => {
  const answer = await oauth().refreshUsingToken(box.refresh)
  assert.match(answer.getIntuitTid(), /^1-/)
})

test('the hard limit comes when it is asked for', async () => {
  const without = (await oauth().refreshUsingToken(box.refresh)).getJson()
  const asked = (await oauth(undefined, { includeRefreshTokenHardExpiresIn: true }).refreshUsingToken(box.refresh)).getJson()
  assert.equal(without.x_refresh_token_hard_expires_in, undefined)
  assert.ok(asked.x_refresh_token_hard_expires_in > 100_000_000)
})

test('a wrong refresh token is invalid_grant', async () => {
  const e = await failure(oauth().refreshUsingToken('RT1-1-H0-nonsense'))
  assert.equal(e.error, 'invalid_grant')
})

test('a wrong secret is invalid_client', async () => {
  const e = await failure(oauth(undefined, { clientSecret: 'wrong' }).refreshUsingToken(box.refresh))
  assert.equal(e.error, 'invalid_client')
})

test('intuit-oauth calls the company', async () => {
  const client = oauth()
  await client.refreshUsingToken(box.refresh)
  const answer = await client.makeApiCall({ url: `/v3/company/${box.realm}/companyinfo/${box.realm}` })
  assert.equal(answer.json.CompanyInfo.CompanyName, 'Sandbox Company')
})

test('intuit-oauth reads a fault', async () => {
  const client = oauth()
  await client.refreshUsingToken(box.refresh)
  const e = await failure(client.makeApiCall({ url: `/v3/company/${box.realm}/customer/99999` }))
  assert.equal(e.code, '610')
  assert.equal(e.faultType, 'ValidationFault')
})

test('openid brings an id token that intuit-oauth verifies', async () => {
  const client = oauth({})
  const back = await consent(client.authorizeUri({ scope: [...scope, OAuthClient.scopes.OpenId], state: 'abc' }))
  box.refresh = (await client.createToken(back)).getJson().refresh_token
  assert.equal(await client.validateIdToken(), true)
})

test('who the user is', async () => {
  const client = oauth()
  await client.refreshUsingToken(box.refresh)
  assert.ok((await client.getUserInfo()).getJson().givenName)
})

test('node-quickbooks refreshes', async () => {
  const q = classic('old')
  const answer = await q.refreshAccessToken()
  assert.equal(q.token, answer.access_token)
  assert.ok(await q.getCompanyInfo(box.realm))
})

test('quickbooks-node-promise refreshes', async () => {
  const q = promised('old')
  const t = await q.refreshAcessTokenWithToken(box.refresh)
  assert.ok(t.access_expire_timestamp > Date.now())
  assert.ok((await q.getCompanyInfo(box.realm)).CompanyInfo)
})

test('quickbooks-node-promise exchanges a code', async () => {
  const Client = Promised ?? PromisedClass
  const config = { appKey: box.client, appSecret: box.secret, redirectUrl: redirect, scope: [Client.scopes.Accounting] }
  const back = new URL(await consent(Client.authorizeUrl(config, 'state')))
  const q = promised('none')
  const t = await q.createToken(back.searchParams.get('code'))
  assert.ok(t.refresh_token)
  box.refresh = t.refresh_token
})

test('a token that is too short is 401', async () => {
  const e = await failure(classic('short').getCompanyInfo(box.realm))
  assert.equal(e.response.status, 401)
})

test('a token of another company is 403', async () => {
  const token = (await oauth().refreshUsingToken(box.refresh)).getJson().access_token
  const e = await failure(classic(token, { realm: '1234567890' }).getCompanyInfo('1234567890'))
  assert.equal(e.response.status, 403)
})

test('a token that ran out is 401 and a refresh mends it', async () => {
  const q = classic((await oauth().refreshUsingToken(box.refresh)).getJson().access_token)
  await say('faults', { kind: 'expire_token', times: 1 })
  const e = await failure(q.getCompanyInfo(box.realm))
  assert.equal(e.response.status, 401)
  await q.refreshAccessToken()
  assert.ok(await q.getCompanyInfo(box.realm))
})

test('revoking kills the pair', async () => {
  const client = oauth()
  const token = (await client.refreshUsingToken(box.refresh)).getJson()
  const answer = await client.revoke({ refresh_token: token.refresh_token })
  assert.equal(answer.status(), 200)
  const e = await failure(oauth().refreshUsingToken(token.refresh_token))
  assert.equal(e.error, 'invalid_grant')
  const dead = await failure(classic(token.access_token).getCompanyInfo(box.realm))
  assert.equal(dead.response.status, 401)
})

test('a token that was revoked cannot be revoked', async () => {
  await failure(oauth().revoke({ refresh_token: box.refresh }))
})

test('after a new consent everything works again', async () => {
  const client = oauth({})
  await client.createToken(await consent(client.authorizeUri({ scope, state: 'abc' })))
  assert.equal(await fault(promised(client.getToken().access_token).getCustomer('99999')).then(f => f.code), '610')
})
