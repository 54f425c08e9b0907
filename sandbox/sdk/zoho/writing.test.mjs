// Insert, update, upsert, delete, merge, restore (zoho-crm.md sections 4.3 to 4.6, 6 and 13).
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { body, create, headers, list, outcomes, params, pick, product, read, record, records, ref, refusal, sdk, signIn, unique } from '../lib/zoho.mjs'

await signIn()
const none = () => new sdk.HeaderMap()
const insert = (module, ...values) => records(module).createRecords(body(values.map(v => record(v))), none())
const change = (module, id, values, more) => records(module).updateRecord(BigInt(id), body(record(values), more), none())
const upsert = (module, values, check) => records(module).upsertRecords(body(record(values), { check }), none())
const remove = async (module, id) => records(module).deleteRecord(BigInt(id), new sdk.ParameterMap(), none())
const first = answer => outcomes(answer)[0]

test('one record is created: 201 and who made it when', async () => {
  const answer = await insert('Accounts', { Account_Name: 'Made' })
  const o = first(answer)
  assert.deepEqual([answer.getStatusCode(), o.code, o.status, o.message], [201, 'SUCCESS', 'success', 'record added'])
  assert.ok(o.details.Created_Time instanceof Date)
  assert.ok(o.details.Created_By.getName())
})

test('many records are created in their order', async () => {
  const ids = await create('Vendors', ...Array.from({ length: 100 }, (_, i) => ({ Vendor_Name: `Many ${i}` })))
  assert.equal(new Set(ids).size, 100)
  assert.equal((await read('Vendors', ids[42])).getKeyValue('Vendor_Name'), 'Many 42')
})

test('more than a hundred are LIMIT_EXCEEDED', async () => {
  const answer = await insert('Vendors', ...Array.from({ length: 101 }, () => ({ Vendor_Name: 'Too many' })))
  assert.deepEqual([answer.getStatusCode(), first(answer).code], [400, 'LIMIT_EXCEEDED'])
})

test('good and bad together are 207', async () => {
  const answer = await insert('Accounts', { Account_Name: 'Good' }, { Account_Name: 'x'.repeat(201) }, { Account_Name: 'Good too' })
  assert.equal(answer.getStatusCode(), 207)
  assert.deepEqual(outcomes(answer).map(o => o.code), ['SUCCESS', 'INVALID_DATA', 'SUCCESS'])
})

test('a mandatory field that is missing is MANDATORY_NOT_FOUND', async () => {
  const answer = await insert('Accounts', { Phone: '555 0100' })
  const o = first(answer)
  assert.deepEqual([answer.getStatusCode(), o.code, o.details.api_name], [400, 'MANDATORY_NOT_FOUND', 'Account_Name'])
})

test('text that is too long names the limit', async () => {
  const o = first(await insert('Contacts', { Last_Name: 'L', First_Name: 'x'.repeat(41) }))
  assert.deepEqual([o.code, o.details.api_name, Number(o.details.maximum_length)], ['INVALID_DATA', 'First_Name', 40])
})

test('an e-mail address that is none is INVALID_DATA', async () => {
  const o = first(await insert('Contacts', { Last_Name: 'L', Email: 'nobody' }))
  assert.deepEqual([o.code, o.details.api_name, o.details.expected_data_type], ['INVALID_DATA', 'Email', 'email'])
})

test('a look-up to nothing is INVALID_DATA', async () => {
  const o = first(await insert('Contacts', { Last_Name: 'L', Account_Name: ref(4000000000000000001n) }))
  assert.deepEqual([o.code, o.details.json_path], ['INVALID_DATA', '$.data[0].Account_Name.id'])
})

test('a closed picklist names what it supports', async () => {
  const o = first(await insert('Deals', { Deal_Name: 'D', Stage: pick('Dreaming') }))
  assert.deepEqual([o.code, o.details.api_name], ['INVALID_DATA', 'Stage'])
})

test('an open picklist stores what it is given', async () => {
  const [id] = await create('Accounts', { Account_Name: 'Picky', Industry: pick('Beekeeping') })
  assert.equal((await read('Accounts', id)).getKeyValue('Industry').getValue(), 'Beekeeping')
})

test('several mistakes at once', async () => {
  const o = first(await insert('Contacts', { First_Name: 'x'.repeat(41), Email: 'no' }))
  assert.equal(o.code, 'MULTIPLE_OR_MULTI_ERRORS')
})

test('values of all kinds come back as they were', async () => {
  const [id] = await create('Deals', { Deal_Name: 'Ünïcödé 株式会社 🌱', Stage: pick('Qualification'), Amount: 1234.56, Closing_Date: new Date(2026, 1, 28), Description: 'one\ntwo' })
  const r = await read('Deals', id)
  assert.equal(r.getKeyValue('Deal_Name'), 'Ünïcödé 株式会社 🌱')
  assert.equal(r.getKeyValue('Amount'), 1234.56)
  assert.deepEqual([r.getKeyValue('Closing_Date').getMonth(), r.getKeyValue('Closing_Date').getDate()], [1, 28])
  assert.equal(r.getKeyValue('Description'), 'one\ntwo')
})

test('one record is updated', async () => {
  const [id] = await create('Accounts', { Account_Name: 'Before' })
  const answer = await change('Accounts', id, { Account_Name: 'After' })
  assert.deepEqual([answer.getStatusCode(), first(answer).message], [200, 'record updated'])
  assert.equal((await read('Accounts', id)).getKeyValue('Account_Name'), 'After')
})

test('many records are updated by their ids', async () => {
  const ids = await create('Accounts', { Account_Name: 'U1' }, { Account_Name: 'U2' })
  const answer = await records('Accounts').updateRecords(body(ids.map(id => record({ Phone: '555 0199' }, id))), none())
  assert.deepEqual(outcomes(answer).map(o => o.code), ['SUCCESS', 'SUCCESS'])
  assert.equal((await read('Accounts', ids[1])).getKeyValue('Phone'), '555 0199')
})

test('an update of a record that never was', async () => {
  const answer = await change('Accounts', 4000000000000000001n, { Phone: '1' })
  assert.equal(answer.getStatusCode(), 400)
  assert.equal(first(answer).code, 'INVALID_DATA')
})

test('an update leaves alone what it does not name', async () => {
  const [id] = await create('Accounts', { Account_Name: 'Kept', Phone: '555 0100' })
  await change('Accounts', id, { Website: 'https://kept.example' })
  assert.equal((await read('Accounts', id)).getKeyValue('Phone'), '555 0100')
})

test('an update without automation', async () => {
  const [id] = await create('Accounts', { Account_Name: 'Quiet' })
  assert.equal(first(await change('Accounts', id, { Phone: '2' }, { trigger: [] })).code, 'SUCCESS')
})

test('upsert inserts what is not there', async () => {
  const answer = await upsert('Contacts', { Last_Name: 'New', Email: unique('new').replace(' ', '') + '@x.example' }, ['Email'])
  const [o] = answer.getObject().getData()
  assert.equal(o.getAction().getValue(), 'insert')
})

test('upsert updates what is there, and says by which field', async () => {
  const [id] = await create('Contacts', { Last_Name: 'Old', Email: 'there@x.example' })
  const [o] = (await upsert('Contacts', { Last_Name: 'Newer', Email: 'there@x.example' }, ['Email'])).getObject().getData()
  assert.deepEqual([o.getAction().getValue(), o.getDuplicateField(), BigInt(o.getDetails().get('id'))], ['update', 'Email', id])
  assert.equal((await read('Contacts', id)).getKeyValue('Last_Name'), 'Newer')
})

test('upsert without check fields uses the name of a vendor', async () => {
  const [id] = await create('Vendors', { Vendor_Name: 'Acme Upsert' })
  const [o] = (await upsert('Vendors', { Vendor_Name: 'ACME UPSERT', City: 'Here' })).getObject().getData()
  assert.equal(BigInt(o.getDetails().get('id')), id)
})

test('upsert does not check any field', async () => {
  const r = refusal(await upsert('Contacts', { Last_Name: 'N' }, ['Phone']))
  assert.deepEqual([r.http, r.code], [400, 'INVALID_DATA'])
})

const line = (id, quantity, more = {}, row) => record({ Product_Name: product(id), Quantity: quantity, ...more }, row)

test('a document adds up its lines', async () => {
  const [a, b] = await create('Products', { Product_Name: 'Sum A', Unit_Price: 10 }, { Product_Name: 'Sum B', Unit_Price: 0.35 })
  const [account] = await create('Accounts', { Account_Name: 'Totals' })
  const [id] = await create('Invoices', { Subject: 'Sum', Account_Name: ref(account), Invoiced_Items: [line(a, 2), line(b, 3)], Adjustment: 0.5 })
  const r = await read('Invoices', id)
  assert.equal(r.getKeyValue('Sub_Total'), 21.05)
  assert.equal(r.getKeyValue('Grand_Total'), 21.55)
})

test('a line is changed by its id, and a new one added', async () => {
  const [p] = await create('Products', { Product_Name: 'Row', Unit_Price: 5 })
  const [account] = await create('Accounts', { Account_Name: 'Rows' })
  const [id] = await create('Quotes', { Subject: 'Rows', Account_Name: ref(account), Quoted_Items: [line(p, 1)] })
  const row = (await read('Quotes', id)).getKeyValue('Quoted_Items')[0].getId()
  assert.equal(first(await change('Quotes', id, { Quoted_Items: [record({ Quantity: 4 }, row), line(p, 1)] })).code, 'SUCCESS')
  const r = await read('Quotes', id)
  assert.equal(r.getKeyValue('Quoted_Items').length, 2)
  assert.equal(r.getKeyValue('Grand_Total'), 25)
})

test('a line is deleted with its id', async () => {
  const [p] = await create('Products', { Product_Name: 'Gone row', Unit_Price: 5 })
  const [account] = await create('Accounts', { Account_Name: 'Gone rows' })
  const [id] = await create('Quotes', { Subject: 'Gone', Account_Name: ref(account), Quoted_Items: [line(p, 1), line(p, 2)] })
  const row = (await read('Quotes', id)).getKeyValue('Quoted_Items')[0].getId()
  assert.equal(first(await change('Quotes', id, { Quoted_Items: [record({ _delete: null }, row)] })).code, 'SUCCESS')
  assert.equal((await read('Quotes', id)).getKeyValue('Quoted_Items').length, 1)
})

test('a document without lines is refused', async () => {
  const [account] = await create('Accounts', { Account_Name: 'No lines' })
  const o = first(await insert('Invoices', { Subject: 'None', Account_Name: ref(account) }))
  assert.equal(o.code, 'MANDATORY_NOT_FOUND')
})

test('one record is deleted', async () => {
  const [id] = await create('Accounts', { Account_Name: 'Doomed' })
  const answer = await remove('Accounts', id)
  assert.deepEqual([answer.getStatusCode(), first(answer).message], [200, 'record deleted'])
  assert.ok([204, 400].includes((await records('Accounts').getRecord(id, new sdk.ParameterMap(), none())).getStatusCode()))
})

test('many records are deleted', async () => {
  const ids = await create('Accounts', { Account_Name: 'D1' }, { Account_Name: 'D2' })
  const answer = await records('Accounts').deleteRecords(await params([[sdk.Record.DeleteRecordsParam.IDS, ids.join(',')]]), none())
  assert.deepEqual(outcomes(answer).map(o => o.code), ['SUCCESS', 'SUCCESS'])
})

test('a record cannot be deleted twice', async () => {
  const [id] = await create('Accounts', { Account_Name: 'Twice' })
  await remove('Accounts', id)
  const answer = await remove('Accounts', id)
  assert.equal(answer.getStatusCode(), 400)
})

const deleted = async (type, module = 'Contacts') => records(module).getDeletedRecords(await params([[sdk.Record.GetDeletedRecordsParam.TYPE, type]]), none())

test('deleted records are listed with name, time and who', async () => {
  const [id] = await create('Contacts', { Last_Name: 'Listed' })
  await remove('Contacts', id)
  const one = (await deleted('all')).getObject().getData().find(d => d.getId() === id)
  assert.equal(one.getDisplayName(), 'Listed')
  assert.equal(one.getType(), 'recycle')
  assert.ok(one.getDeletedTime() instanceof Date)
  assert.ok(one.getDeletedBy().getName())
})

test('none deleted for good is 204', async () => {
  assert.equal((await deleted('permanent')).getStatusCode(), 204)
})

test('deleted since a time to come is 304', async () => {
  const since = await headers([[sdk.Record.GetDeletedRecordsHeader.IF_MODIFIED_SINCE, new Date(Date.now() + 3600_000)]])
  const answer = await records('Contacts').getDeletedRecords(await params([[sdk.Record.GetDeletedRecordsParam.TYPE, 'all']]), since)
  assert.ok([204, 304].includes(answer.getStatusCode()))
})

test('the recycle bin shows what was deleted', async () => {
  const [id] = await create('Vendors', { Vendor_Name: 'In the bin' })
  await remove('Vendors', id)
  const bin = await new sdk.RecycleBin.RecycleBinOperations().getRecyclebinRecords(new sdk.ParameterMap())
  const one = bin.getObject().getRecycleBin().find(r => r.getId() === id)
  assert.equal(one.getDisplayName(), 'In the bin')
  assert.ok(one.getDeletedTime() instanceof Date)
})

test('one record in the recycle bin names its module', async () => {
  const [id] = await create('Vendors', { Vendor_Name: 'Alone in the bin' })
  await remove('Vendors', id)
  const [one] = (await new sdk.RecycleBin.RecycleBinOperations().getRecyclebinRecord(id)).getObject().getRecycleBin()
  assert.equal(one.getModule().getAPIName(), 'Vendors')
})

test('what leaves the recycle bin is deleted for good', async () => {
  const [id] = await create('Vendors', { Vendor_Name: 'For good' })
  await remove('Vendors', id)
  const answer = await new sdk.RecycleBin.RecycleBinOperations().deleteRecyclebinRecord(id)
  assert.equal(answer.getStatusCode(), 200)
  assert.ok((await deleted('permanent', 'Vendors')).getObject().getData().some(d => d.getId() === id))
})

test('two records are merged', async () => {
  const [winner, loser] = await create('Accounts', { Account_Name: 'Winner' }, { Account_Name: 'Loser', Phone: '555 0177' })
  const [contact] = await create('Contacts', { Last_Name: 'Moves', Account_Name: ref(loser) })
  const data = new sdk.FindAndMerge.MergeData()
  data.setId(loser)
  const merge = new sdk.FindAndMerge.Merge()
  merge.setData([data])
  const wrapper = new sdk.FindAndMerge.BodyWrapper()
  wrapper.setMerge([merge])
  const answer = await new sdk.FindAndMerge.FindAndMergeOperations('Accounts', winner).mergeRecords(wrapper)
  assert.equal(answer.getStatusCode(), 200)
  assert.equal((await read('Accounts', winner)).getKeyValue('Phone'), '555 0177')
  assert.equal((await read('Contacts', contact)).getKeyValue('Account_Name').getId(), winner)
})

test('a child loses the look-up to a deleted parent', async () => {
  const [account] = await create('Accounts', { Account_Name: 'Parent' })
  const [contact] = await create('Contacts', { Last_Name: 'Orphan', Account_Name: ref(account) })
  await remove('Accounts', account)
  assert.equal((await read('Contacts', contact)).getKeyValue('Account_Name') ?? null, null)
})

test('stock follows documents', async () => {
  const [p] = await create('Products', { Product_Name: 'Stocked', Unit_Price: 1, Qty_in_Stock: 10 })
  const [account] = await create('Accounts', { Account_Name: 'Stock' })
  await create('Invoices', { Subject: 'Takes three', Account_Name: ref(account), Status: pick('Approved'), Invoiced_Items: [line(p, 3)] })
  assert.equal((await read('Products', p)).getKeyValue('Qty_in_Stock'), 7)
})

test('what was written is newer than before', async () => {
  const [id] = await create('Deals', { Deal_Name: 'Since', Stage: pick('Qualification') })
  const found = await list('Deals', { FIELDS: 'Deal_Name' }, new Date(Date.now() - 60_000))
  assert.ok(found.getObject().getData().some(r => r.getId() === id))
})
