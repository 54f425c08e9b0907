// Notification channels, record locks, failures of the service (zoho-crm.md sections 8, 10, 11 and 14).
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { body, create, list, outcome, params, pick, read, record, records, refusal, say, sdk, signIn } from '../lib/zoho.mjs'

await signIn()
const { Notifications, RecordLocking, RecordLockingConfiguration } = sdk
const watch = new Notifications.NotificationsOperations()

function channel(id, set = {}) {
  const n = new Notifications.Notification()
  n.setChannelId(id)
  if (set.events) n.setEvents(set.events)
  if (set.url) n.setNotifyUrl(set.url)
  if (set.token) n.setToken(set.token)
  if (set.expiry) n.setChannelExpiry(set.expiry)
  const b = new Notifications.BodyWrapper()
  b.setWatch([n])
  return b
}

const one = answer => outcome(answer.getObject().getWatch()[0])
const whole = { events: ['Contacts.all'], url: 'https://app.example/hook', token: 'word' }
const inDays = days => new Date(Math.floor(Date.now() / 1000) * 1000 + days * 86400_000)

test('no channels is 204', async () => {
  assert.equal((await watch.getNotifications(new sdk.ParameterMap())).getStatusCode(), 204)
})

test('a channel is opened', async () => {
  const answer = await watch.enableNotifications(channel('1001', { ...whole, expiry: inDays(1) }))
  assert.deepEqual([answer.getStatusCode(), one(answer).code], [201, 'SUCCESS'])
})

test('a channel is read with address, word and expiry', async () => {
  const [n] = (await watch.getNotifications(await params([[Notifications.GetNotificationsParam.CHANNEL_ID, '1001']]))).getObject().getWatch()
  assert.deepEqual([n.getNotifyUrl(), n.getToken(), n.getResourceName()], [whole.url, whole.token, 'Contacts'])
  assert.ok(n.getChannelExpiry() > inDays(0))
})

test('a channel without a time to end lives an hour', async () => {
  await watch.enableNotifications(channel('1002', whole))
  const [n] = (await watch.getNotifications(await params([[Notifications.GetNotificationsParam.CHANNEL_ID, '1002']]))).getObject().getWatch()
  assert.ok(n.getChannelExpiry() - Date.now() < 3601_000)
})

test('a channel is renewed', async () => {
  const answer = await watch.updateNotification(channel('1002', { events: ['Contacts.all'], expiry: inDays(3) }))
  assert.equal(one(answer).code, 'SUCCESS')
  const [n] = (await watch.getNotifications(await params([[Notifications.GetNotificationsParam.CHANNEL_ID, '1002']]))).getObject().getWatch()
  assert.ok(n.getChannelExpiry() - Date.now() > 2 * 86400_000)
})

test('a channel is replaced', async () => {
  const answer = await watch.updateNotifications(channel('1002', { ...whole, events: ['Deals.create'] }))
  assert.equal(one(answer).code, 'SUCCESS')
})

test('a channel that is not there is NOT_SUBSCRIBED', async () => {
  const answer = await watch.updateNotifications(channel('1999', whole))
  assert.deepEqual([answer.getStatusCode(), one(answer).code], [400, 'NOT_SUBSCRIBED'])
})

test('a plain http address is refused', async () => {
  const o = one(await watch.enableNotifications(channel('1003', { ...whole, url: 'http://app.example/' })))
  assert.deepEqual([o.code, o.details.api_name], ['INVALID_DATA', 'notify_url'])
})

test('an unknown module is refused', async () => {
  const o = one(await watch.enableNotifications(channel('1003', { ...whole, events: ['Nonsense.all'] })))
  assert.deepEqual([o.code, o.details.api_name], ['INVALID_DATA', 'events'])
})

test('channels are closed, those that are not there are told', async () => {
  const answer = await watch.deleteNotification(await params([[Notifications.DeleteNotificationParam.CHANNEL_IDS, '1001,1002,1999']]))
  assert.equal(answer.getStatusCode(), 207)
  assert.deepEqual(answer.getObject().getWatch().map(w => outcome(w).code), ['SUCCESS', 'SUCCESS', 'NOT_SUBSCRIBED'])
})

const locks = id => new RecordLocking.RecordLockingOperations(id, 'Vendors')

function reason(text) {
  const l = new RecordLocking.LockRecord()
  if (text) l.setLockedReasonS(text)
  const b = new RecordLocking.BodyWrapper()
  b.setData([l])
  return b
}

const anything = () => params([[RecordLocking.GetRecordLockingInformationsParam.FIELDS, 'id,Locked_Reason__s,Lock_Source__s']])
const configurations = new RecordLockingConfiguration.RecordLockingConfigurationOperations('Vendors')

test('no locking configuration is 204', async () => {
  assert.equal((await configurations.getRecordLockingConfigurations(new sdk.ParameterMap())).getStatusCode(), 204)
})

test('without a configuration nothing can be locked', async () => {
  const [id] = await create('Vendors', { Vendor_Name: 'Free' })
  const r = refusal(await locks(id).lockRecords(reason('why not')))
  assert.equal(r.code, 'NOT_ALLOWED')
})

test('locking is configured', async () => {
  const l = new RecordLockingConfiguration.RecordLock()
  l.setLockType(pick('manual'))
  l.setLockedFor('all_profiles')
  l.setFeatureType('record_locking')
  l.setRestrictedActions(['update', 'delete'])
  const b = new RecordLockingConfiguration.BodyWrapper()
  b.setRecordLockingConfigurations([l])
  assert.equal((await configurations.addRecordLockingConfiguration(b)).getStatusCode(), 201)
  const [found] = (await configurations.getRecordLockingConfigurations(new sdk.ParameterMap())).getObject().getRecordLockingConfigurations()
  assert.equal(found.getLockedFor(), 'all_profiles')
})

async function locked(name) {
  const [id] = await create('Vendors', { Vendor_Name: name })
  const answer = await locks(id).lockRecords(reason('under review'))
  assert.equal(answer.getStatusCode(), 201)
  return { id, lock: BigInt(outcome(answer.getObject().getData()[0]).details.id) }
}

test('a record is locked and says why', async () => {
  const { id } = await locked('Locked')
  const [info] = (await locks(id).getRecordLockingInformations(await anything())).getObject().getData()
  assert.equal(info.getKeyValue('Locked_Reason__s'), 'under review')
  assert.equal((await read('Vendors', id)).getKeyValue('Locked__s'), true)
})

test('a locked record cannot be changed: RECORD_LOCKED', async () => {
  const { id } = await locked('No change')
  const answer = await records('Vendors').updateRecord(id, body(record({ City: 'X' })), new sdk.HeaderMap())
  assert.deepEqual([answer.getStatusCode(), outcome(answer.getObject().getData()[0]).code], [400, 'RECORD_LOCKED'])
})

test('a locked record cannot be deleted', async () => {
  const { id } = await locked('No deletion')
  const answer = await records('Vendors').deleteRecord(id, new sdk.ParameterMap(), new sdk.HeaderMap())
  assert.equal(outcome(answer.getObject().getData()[0]).code, 'RECORD_LOCKED')
})

test('an unlocked record can be changed again', async () => {
  const { id, lock } = await locked('Opened')
  assert.equal((await locks(id).unlockRecord(lock)).getStatusCode(), 200)
  const answer = await records('Vendors').updateRecord(id, body(record({ City: 'Y' })), new sdk.HeaderMap())
  assert.equal(outcome(answer.getObject().getData()[0]).code, 'SUCCESS')
})

const fail = rule => say('faults', rule)

test('a read that was too much is tried again by the client', async () => {
  await fail({ kind: 'rate_limit', method: 'GET', path_contains: '/crm/v8/Vendors', times: 1 })
  assert.equal((await list('Vendors', { FIELDS: 'Vendor_Name' })).getStatusCode(), 200)
})

test('a read that failed is tried again by the client', async () => {
  await fail({ kind: 'status', status: 500, method: 'GET', path_contains: '/crm/v8/Vendors', times: 1 })
  assert.equal((await list('Vendors', { FIELDS: 'Vendor_Name' })).getStatusCode(), 200)
})

test('a write that was too much is 429 and did nothing', async () => {
  await fail({ kind: 'rate_limit', method: 'POST', path_contains: '/crm/v8/Vendors', times: 1 })
  const answer = await records('Vendors').createRecords(body(record({ Vendor_Name: 'Too much' })), new sdk.HeaderMap())
  assert.equal(answer.getStatusCode(), 429)
  const all = (await list('Vendors', { FIELDS: 'Vendor_Name' })).getObject().getData()
  assert.ok(!all.some(r => r.getKeyValue('Vendor_Name') === 'Too much'))
})

test('somebody else changes a record', async () => {
  const [id] = await create('Accounts', { Account_Name: 'Theirs' })
  await say('do', { action: 'update', type: 'Accounts', id: String(id), data: { Phone: '555 0123' } })
  assert.equal((await read('Accounts', id)).getKeyValue('Phone'), '555 0123')
})

test('the sandbox counted the calls of the client', async () => {
  const before = JSON.stringify(await say('calls'))
  await list('Accounts', { FIELDS: 'Account_Name' })
  assert.notEqual(JSON.stringify(await say('calls')), before)
})
