// Signing in, token by token (zoho-crm.md sections 2.1 to 2.3).
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { box, create, fileStore, list, read, refusal, signIn, token } from '../lib/zoho.mjs'

const refused = (promise, word) => assert.rejects(promise, e => String(e.message ?? '').includes(word) || String(e.code).includes(word) || JSON.stringify(e).includes(word))

test('a refresh token fetches an access token', async () => {
  const t = await signIn()
  assert.match(t.getAccessToken(), /^1000\./)
  assert.ok(Number(t.getExpiresIn()) > Date.now())
})

test('the refresh token stays the same', async () => {
  const t = await signIn(token({ refresh: box.refresh[1] }))
  assert.equal(t.getRefreshToken(), box.refresh[1])
})

test('the answer names the API domain, which the SDK keeps', async () => {
  const t = await signIn(token({ refresh: box.refresh[1] }))
  assert.equal(t.getAPIDomain(), box.url)
})

test('a self client exchanges its code without a redirect address', async () => {
  const t = await signIn(token({ grant: box.code }))
  assert.ok(t.getAccessToken())
  assert.ok(t.getRefreshToken())
  assert.equal((await list('Accounts', { FIELDS: 'Account_Name' })).getStatusCode(), 204)
})

test('a code works once', async () => {
  await refused(signIn(token({ grant: box.code })), 'invalid_code')
})

test('a wrong code is invalid_code', async () => {
  await refused(signIn(token({ grant: '1000.nonsense' })), 'invalid_code')
})

test('a wrong client id is invalid_client', async () => {
  await refused(signIn(token({ id: '1000.NOBODY', refresh: box.refresh[4] })), 'invalid_client')
})

test('a wrong secret is refused', async () => {
  await refused(signIn(token({ secret: 'wrong' })), 'invalid_client_secret')
})

test('a wrong refresh token is refused', async () => {
  await refused(signIn(token({ refresh: '1000.not.a.token' })), 'invalid_code')
})

test('the SDK finds the name of the user who signed in', async () => {
  const t = await signIn(token({ refresh: box.refresh[1], findUser: true }))
  assert.ok(t.getUserSignature().getName().startsWith(box.owner))
})

test('a ready access token needs no exchange', async () => {
  const first = await signIn(token({ refresh: box.refresh[2] }))
  await signIn(token({ access: first.getAccessToken() }))
  assert.equal((await list('Accounts', { FIELDS: 'Account_Name' })).getStatusCode(), 204)
})

test('a made-up access token is INVALID_TOKEN', async () => {
  await signIn(token({ access: '1000.aaaa.bbbb' }))
  await refused(list('Contacts', { FIELDS: 'Last_Name' }), 'INVALID_TOKEN')
})

test('the SDK renews a token that is about to lapse', async () => {
  const t = await signIn(token({ refresh: box.refresh[2] }))
  const before = t.getAccessToken()
  t.setExpiresIn(String(Date.now() + 1000))
  assert.equal((await list('Accounts', { FIELDS: 'Account_Name' })).getStatusCode(), 204)
  assert.notEqual(t.getAccessToken(), before)
})

test('an access token that was taken back is INVALID_TOKEN', async () => {
  await signIn(token({ refresh: box.refresh[2] }))
  assert.equal((await list('Accounts', { FIELDS: 'Account_Name' })).getStatusCode(), 204)
  await fetch(box.url + '/oauth/v2/token/revoke?token=' + box.refresh[2], { method: 'POST' })
  const r = refusal(await list('Accounts', { FIELDS: 'Account_Name' }))
  assert.deepEqual([r.http, r.code], [401, 'INVALID_TOKEN'])
})

test('a scope that was not granted is OAUTH_SCOPE_MISMATCH', async () => {
  await signIn(token({ refresh: box.readOnly }))
  assert.equal((await list('Accounts', { FIELDS: 'Account_Name' })).getStatusCode(), 204)
  await assert.rejects(create('Accounts', { Account_Name: 'Not allowed' }))
  const r = refusal(await list('Vendors', { FIELDS: 'Vendor_Name' }))
  assert.deepEqual([r.http, r.code], [401, 'OAUTH_SCOPE_MISMATCH'])
})

test('another user sees the records as himself', async () => {
  const [mail, refresh] = Object.entries(box.byUser).find(([m]) => m !== box.owner)
  await signIn(token({ refresh }))
  const [id] = await create('Vendors', { Vendor_Name: 'Made by another' })
  assert.equal((await read('Vendors', id)).getKeyValue('Owner').getEmail(), mail)
})

test('the eleventh token in ten minutes is Access Denied', async () => {
  const t = await signIn(token({ refresh: box.refresh[3] }))
  const renew = () => {
    t.setExpiresIn(String(Date.now() + 1000))
    return list('Accounts', { FIELDS: 'Account_Name' })
  }
  for (let i = 1; i < 10; i++) await renew()
  await refused(renew(), 'Access Denied')
})

test("the SDK's own file store keeps a token and gives it back", async () => {
  const store = fileStore('tokens.txt')
  const t = await signIn(token({ refresh: box.refresh[4] }), { store })
  const [kept] = await store.getTokens()
  assert.equal(kept.getAccessToken(), t.getAccessToken())
  assert.equal((await list('Accounts', { FIELDS: 'Account_Name' })).getStatusCode(), 204)
})
