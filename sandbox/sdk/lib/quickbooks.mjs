// The QuickBooks clients, pointed at the sandbox by the addresses they keep.
// Nothing else of them is changed.
import { createHmac } from 'node:crypto'
import { createRequire } from 'node:module'

const require = createRequire(import.meta.url)
export const box = JSON.parse(process.env.CROSSBOOK_QUICKBOOKS)

export const NodeQuickBooks = require('node-quickbooks')
NodeQuickBooks.APP_CENTER_BASE = box.url
NodeQuickBooks.V3_ENDPOINT_BASE_URL = box.url + '/v3/company/'
NodeQuickBooks.TOKEN_URL = box.url + '/oauth2/v1/tokens/bearer'
NodeQuickBooks.REVOKE_URL = box.url + '/v2/oauth2/tokens/revoke'
NodeQuickBooks.USER_INFO_URL = box.url + '/v1/openid_connect/userinfo'

export const OAuthClient = require('intuit-oauth')
OAuthClient.authorizeEndpoint = box.url + '/connect/oauth2'
OAuthClient.tokenEndpoint = box.url + '/oauth2/v1/tokens/bearer'
OAuthClient.revokeEndpoint = box.url + '/v2/oauth2/tokens/revoke'
OAuthClient.userinfo_endpoint_sandbox = box.url + '/v1/openid_connect/userinfo'
OAuthClient.environment.sandbox = box.url + '/'
OAuthClient.jwks_uri = box.url + '/op/v1/jwks'

export const { default: Promised, Quickbooks: PromisedClass } = require('quickbooks-node-promise')
for (const Client of new Set([Promised, PromisedClass])) {
  if (!Client) continue
  Client.AUTHORIZATION_URL = box.url + '/connect/oauth2'
  Client.TOKEN_URL = box.url + '/oauth2/v1/tokens/bearer'
  Client.USER_INFO_URL = box.url + '/v1/openid_connect/userinfo'
  Client.REVOKE_URL = box.url + '/v2/oauth2/tokens/revoke'
  Client.V3_ENDPOINT_BASE_URL = box.url + '/v3/company/'
}

export const redirect = 'http://localhost:8000/callback'

// oauth is intuit-oauth as an app sets it up.
export const oauth = (token = { refresh_token: box.refresh }, more = {}) =>
  new OAuthClient({ clientId: box.client, clientSecret: box.secret, environment: 'sandbox', redirectUri: redirect, token, ...more })

// consent opens the address of the consent page and answers in the person's place.
export async function consent(address, decision = 'accept') {
  const answer = await fetch(address + '&sandbox_consent=' + decision, { redirect: 'manual' })
  return answer.headers.get('location')
}

export async function accessToken() {
  return (await oauth().refreshUsingToken(box.refresh)).getJson().access_token
}

// classic is node-quickbooks; its callbacks become promises.
export function classic(token, more = {}) {
  const q = new NodeQuickBooks(more.client ?? box.client, more.secret ?? box.secret, token, false, more.realm ?? box.realm, true, false, 75, '2.0', more.refresh ?? box.refresh)
  return new Proxy(q, {
    get(target, name) {
      const member = target[name]
      if (name === 'raw') return target
      if (typeof member !== 'function') return member
      return (...args) => new Promise((resolve, reject) => member.call(target, ...args, (err, data) => (err ? reject(err) : resolve(data))))
    },
  })
}

// promised is quickbooks-node-promise with a token in hand.
export const promised = (token, more = {}) =>
  new Promised({ appKey: box.client, appSecret: box.secret, redirectUrl: redirect, scope: ['com.intuit.quickbooks.accounting'], accessToken: token, refreshToken: box.refresh, autoRefresh: false, minorversion: 75, webhookVerifierToken: box.verifier, ...more }, box.realm)

// fault is the first error of a fault, wherever a client keeps it.
export async function fault(promise) {
  try {
    await promise
  } catch (e) {
    const body = e?.response?.data ?? e?.errorResponse ?? e
    const one = body?.Fault?.Error?.[0]
    if (!one) throw e
    return { status: e?.response?.status, type: body.Fault.type, code: one.code, message: one.Message, detail: one.Detail, element: one.element }
  }
  throw new Error('there was no fault')
}

// say sends something to the sandbox's own pages.
export async function say(page, body) {
  const answer = await fetch(box.url + '/_sandbox/' + page, body === undefined ? {} : { method: 'POST', body: JSON.stringify(body), headers: { 'content-type': 'application/json' } })
  const text = await answer.text()
  if (!answer.ok) throw new Error(`${page}: ${answer.status} ${text}`)
  return text ? JSON.parse(text) : null
}

export const sign = (text, key = box.verifier) => createHmac('sha256', key).update(text).digest('base64')

let serial = 0
export const unique = word => `${word} ${++serial}`

export const ref = value => ({ value: String(value) })
export const sale = (item, qty, price, more = {}) => ({ DetailType: 'SalesItemLineDetail', Amount: Math.round(qty * price * 100) / 100, SalesItemLineDetail: { ItemRef: ref(item), Qty: qty, UnitPrice: price }, ...more })
export const bought = (item, qty, price) => ({ DetailType: 'ItemBasedExpenseLineDetail', Amount: qty * price, ItemBasedExpenseLineDetail: { ItemRef: ref(item), Qty: qty, UnitPrice: price } })
export const spent = (account, amount) => ({ DetailType: 'AccountBasedExpenseLineDetail', Amount: amount, AccountBasedExpenseLineDetail: { AccountRef: ref(account) } })
