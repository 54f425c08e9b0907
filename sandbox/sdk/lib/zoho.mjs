// The Zoho CRM SDK 8.0, in the edition under test, pointed at the sandbox.
// Nothing of it is changed: its own DataCenter takes the addresses.
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

export const box = JSON.parse(process.env.CROSSBOOK_ZOHO)

const packages = {
  typescript: '@zohocrm/typescript-sdk-8.0',
  nodejs: '@zohocrm/nodejs-sdk-8.0',
}
const loaded = await import(packages[box.edition])
export const sdk = loaded.OAuthBuilder ? loaded : loaded.default

const files = mkdtempSync(join(tmpdir(), 'zoho-sdk-'))
let stored = 0
const kept = new Map() // by id, for all sign-ins: the SDK asks an earlier one's store too

// Memory keeps tokens for one sign-in, the way the SDK asks an app to.
class Memory extends (sdk.TokenStore.TokenStore ?? sdk.TokenStore.MasterModel ?? Object) {
  async findToken() { return null }
  async findTokenById(id) { return kept.get(id) }
  async saveToken(token) {
    if (token.getId() == null) token.setId(String(++stored))
    kept.set(token.getId(), token)
  }
  async deleteToken(id) { kept.delete(id) }
  async getTokens() { return [...kept.values()] }
  async deleteTokens() { kept.clear() }
}

export const turn = () => new Promise(resolve => setImmediate(resolve))

// token builds what the SDK signs in with; the default is the first refresh token.
export function token({ refresh = box.refresh[0], grant, access, id = box.client, secret = box.secret, redirect, findUser = false } = {}) {
  const b = new sdk.OAuthBuilder().clientId(id).clientSecret(secret).findUser(findUser)
  if (access) b.accessToken(access)
  else if (grant) b.grantToken(grant).userSignature(new sdk.UserSignature(`caller-${++stored}`)) // one edition needs a name for what it keeps
  else b.refreshToken(refresh)
  if (redirect) b.redirectURL(redirect)
  return b.build()
}

// signIn starts the SDK: its own environment, store and field cache for each call.
export async function signIn(as = token(), config = {}) {
  const environment = sdk.DataCenter.setEnvironment(box.url, box.url + '/oauth/v2/token', box.url)
  const folder = mkdtempSync(join(files, 'r')) + '/' // one of the SDK's paths is glued together
  const builder = await new sdk.InitializeBuilder()
  await turn() // the builder's constructor copies an earlier sign-in first
  await turn()
  await builder
    .environment(environment)
    .token(as)
    .store(config.store ?? new Memory())
    .SDKConfig(new sdk.SDKConfigBuilder().autoRefreshFields(config.autoRefreshFields ?? false).pickListValidation(config.pickListValidation ?? false).build())
    .resourcePath(folder)
    .logger(new sdk.LogBuilder().level(sdk.Levels.OFF).filePath(join(files, 'log')).build())
    .initialize()
  return as
}

// say sends something to the sandbox's own pages.
export async function say(page, body) {
  const answer = await fetch(box.url + '/_sandbox/' + page, body === undefined ? {} : { method: 'POST', body: JSON.stringify(body), headers: { 'content-type': 'application/json' } })
  const text = await answer.text()
  if (!answer.ok) throw new Error(`${page}: ${answer.status} ${text}`)
  return text ? JSON.parse(text) : null
}

export async function params(pairs) {
  const map = new sdk.ParameterMap()
  for (const [param, value] of pairs) await map.add(param, value)
  return map
}

export async function headers(pairs) {
  const map = new sdk.HeaderMap()
  for (const [header, value] of pairs) await map.add(header, value)
  return map
}

export const records = module => new sdk.Record.RecordOperations(module)

// record makes a record of plain values; a name in capitals first is an API name.
export function record(values, id) {
  const r = new sdk.Record.Record()
  if (id !== undefined) r.setId(BigInt(id))
  for (const [key, value] of Object.entries(values)) r.addKeyValue(key, value)
  return r
}

// product names the product of a line item, which has a class of its own.
export function product(id) {
  const p = new sdk.Record.LineItemProduct()
  p.setId(BigInt(id))
  return p
}

export const ref = id => record({}, id)
export const pick = value => new sdk.Choice(value)

export function body(list, more = {}) {
  const b = new sdk.Record.BodyWrapper()
  b.setData(Array.isArray(list) ? list : [list])
  if (more.check) b.setDuplicateCheckFields(more.check)
  if (more.trigger) b.setTrigger(more.trigger)
  return b
}

// outcome reduces one result of a write, or an exception, to plain values.
export function outcome(result) {
  const value = v => (v?.getValue ? v.getValue() : v)
  return { status: value(result.getStatus()), code: value(result.getCode()), message: value(result.getMessage()), details: Object.fromEntries(result.getDetails() ?? []) }
}

export const outcomes = answer => answer.getObject().getData().map(outcome)

// create writes records and gives back their ids; anything but success fails.
export async function create(module, ...values) {
  const answer = await records(module).createRecords(body(values.map(v => record(v))), new sdk.HeaderMap())
  const all = outcomes(answer)
  for (const o of all) if (o.code !== 'SUCCESS') throw new Error(JSON.stringify(o, (_, v) => (typeof v === 'bigint' ? String(v) : v)))
  return all.map(o => BigInt(o.details.id))
}

// read gives one record by its id.
export async function read(module, id) {
  const answer = await records(module).getRecord(BigInt(id), new sdk.ParameterMap(), new sdk.HeaderMap())
  return answer.getObject().getData()[0]
}

let serial = 0
export const unique = word => `${word} ${process.pid}-${++serial}`

const listParams = sdk.Record.GetRecordsParam

// list calls getRecords with parameters by their names in capitals.
export async function list(module, want = {}, since) {
  const pairs = Object.entries(want).map(([k, v]) => [listParams[k], v])
  const map = new sdk.HeaderMap()
  if (since) await map.add(sdk.Record.GetRecordsHeader.IF_MODIFIED_SINCE, since)
  return records(module).getRecords(await params(pairs), map)
}

// refusal is what an answer said no with.
export function refusal(answer) {
  return { http: answer.getStatusCode(), ...outcome(answer.getObject()) }
}

// query runs a COQL statement.
export async function query(text) {
  const b = new sdk.Coql.BodyWrapper()
  b.setSelectQuery(text)
  return new sdk.Coql.CoqlOperations().getRecords(b)
}

export const fileStore = name => new sdk.FileStore(join(files, name))

export const pause = ms => new Promise(resolve => setTimeout(resolve, ms))
