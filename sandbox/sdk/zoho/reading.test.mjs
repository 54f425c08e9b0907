// Lists, single records, search, COQL, counts (zoho-crm.md sections 4.1, 5 and 7).
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { body, create, list, outcomes, params, pick, product, query, read, record, records, ref, refusal, sdk, signIn } from '../lib/zoho.mjs'

await signIn()
const values = answer => answer.getObject().getData()
const names = (answer, field = 'Account_Name') => values(answer).map(r => r.getKeyValue(field))

const accounts = await create('Accounts', ...['Delta', 'Alpha', 'Charlie', 'Bravo', 'Echo'].map((n, i) => ({ Account_Name: n, Phone: `555 010${i}`, Website: `https://${n.toLowerCase()}.example`, Annual_Revenue: 1000.5 * (i + 1), Employees: i + 1, Industry: pick('Consulting'), Description: 'long text' })))
const [contact] = await create('Contacts', { Last_Name: 'Reader', First_Name: 'Rita', Email: 'rita@reader.example', Account_Name: ref(accounts[0]), Date_of_Birth: new Date('1980-02-29') })
const [bolt] = await create('Products', { Product_Name: 'Bolt', Unit_Price: 2.5, Product_Code: 'B-1' })

test('a list needs fields', async () => {
  const r = refusal(await list('Accounts'))
  assert.deepEqual([r.http, r.code], [400, 'REQUIRED_PARAM_MISSING'])
})

test('a list gives the fields that were asked for and no others', async () => {
  const [first] = values(await list('Accounts', { FIELDS: 'Account_Name,Phone' }))
  assert.ok(first.getKeyValue('Phone'))
  assert.equal(first.getKeyValue('Website') ?? null, null)
  assert.equal(typeof first.getId(), 'bigint')
})

test('more than fifty fields are refused', async () => {
  const many = Array.from({ length: 51 }, (_, i) => 'F' + i).join(',')
  assert.equal(refusal(await list('Accounts', { FIELDS: many })).code, 'LIMIT_EXCEEDED')
})

test('a list without records is 204', async () => {
  assert.equal((await list('Vendors', { FIELDS: 'Vendor_Name' })).getStatusCode(), 204)
})

test('an unknown module is INVALID_MODULE', async () => {
  await assert.rejects(list('Nonsense', { FIELDS: 'Name' }), e => JSON.stringify(e).includes('INVALID_MODULE'))
})

test('pages: size, count, more records', async () => {
  const info = (await list('Accounts', { FIELDS: 'Account_Name', PER_PAGE: 2 })).getObject().getInfo()
  assert.deepEqual([info.getPerPage(), info.getCount(), info.getPage(), info.getMoreRecords()], [2, 2, 1, true])
})

test('the second page has other records', async () => {
  const one = names(await list('Accounts', { FIELDS: 'Account_Name', PER_PAGE: 2 }))
  const two = names(await list('Accounts', { FIELDS: 'Account_Name', PER_PAGE: 2, PAGE: 2 }))
  assert.equal(new Set([...one, ...two]).size, 4)
})

test('page tokens walk everything once', async () => {
  const seen = []
  let answer = await list('Accounts', { FIELDS: 'Account_Name', PER_PAGE: 2 })
  for (;;) {
    seen.push(...names(answer))
    const info = answer.getObject().getInfo()
    if (!info.getMoreRecords()) break
    answer = await list('Accounts', { FIELDS: 'Account_Name', PER_PAGE: 2, PAGE_TOKEN: info.getNextPageToken() })
  }
  assert.deepEqual(seen.sort(), ['Alpha', 'Bravo', 'Charlie', 'Delta', 'Echo'])
})

test('a page token is bound to its parameters', async () => {
  const info = (await list('Accounts', { FIELDS: 'Account_Name', PER_PAGE: 2 })).getObject().getInfo()
  const r = refusal(await list('Accounts', { FIELDS: 'Account_Name,Phone', PER_PAGE: 2, PAGE_TOKEN: info.getNextPageToken() }))
  assert.deepEqual([r.http, r.code], [400, 'TOKEN_BOUND_DATA_MISMATCH'])
})

test('a token says when it expires', async () => {
  const info = (await list('Accounts', { FIELDS: 'Account_Name', PER_PAGE: 2 })).getObject().getInfo()
  assert.ok(info.getPageTokenExpiry() > new Date())
})

test('per_page above 200 is refused', async () => {
  assert.equal((await list('Accounts', { FIELDS: 'Account_Name', PER_PAGE: 201 })).getStatusCode(), 400)
})

test('beyond 2,000 records only a token leads', async () => {
  const r = refusal(await list('Accounts', { FIELDS: 'Account_Name', PER_PAGE: 200, PAGE: 11 }))
  assert.deepEqual([r.http, r.code], [400, 'DISCRETE_PAGINATION_LIMIT_EXCEEDED'])
})

test('sorted by id upwards', async () => {
  const ids = values(await list('Accounts', { FIELDS: 'Account_Name', SORT_BY: 'id', SORT_ORDER: 'asc' })).map(r => r.getId())
  assert.deepEqual(ids, accounts)
})

test('sorted by id downwards', async () => {
  const ids = values(await list('Accounts', { FIELDS: 'Account_Name', SORT_BY: 'id', SORT_ORDER: 'desc' })).map(r => r.getId())
  assert.deepEqual(ids, [...accounts].reverse())
})

test('only id and the two times can be sorted by', async () => {
  assert.equal((await list('Accounts', { FIELDS: 'Account_Name', SORT_BY: 'Account_Name' })).getStatusCode(), 400)
})

test('records by their ids', async () => {
  const got = values(await list('Accounts', { FIELDS: 'Account_Name', IDS: `${accounts[1]},${accounts[3]}` })).map(r => r.getKeyValue('Account_Name'))
  assert.deepEqual(got.sort(), ['Alpha', 'Bravo'])
})

test('nothing newer is 304', async () => {
  const answer = await list('Accounts', { FIELDS: 'Account_Name' }, new Date(Date.now() + 3600_000))
  assert.equal(answer.getStatusCode(), 304)
})

test('everything since yesterday', async () => {
  const answer = await list('Accounts', { FIELDS: 'Account_Name' }, new Date(Date.now() - 86400_000))
  assert.equal(values(answer).length, 5)
})

test('one record comes whole, with the right kinds of values', async () => {
  const r = await read('Accounts', accounts[0])
  assert.equal(r.getKeyValue('Account_Name'), 'Delta')
  assert.equal(r.getKeyValue('Annual_Revenue'), 1000.5)
  assert.equal(r.getKeyValue('Employees'), 1)
  assert.equal(r.getKeyValue('Industry').getValue(), 'Consulting')
  assert.ok(r.getCreatedTime() instanceof Date)
  assert.ok(r.getModifiedTime() instanceof Date)
  assert.ok(r.getCreatedBy().getName())
  assert.ok(r.getKeyValue('Owner').getEmail())
})

test('a look-up is a record with id and name', async () => {
  const account = (await read('Contacts', contact)).getKeyValue('Account_Name')
  assert.equal(account.getId(), accounts[0])
  assert.equal(account.getKeyValue('name'), 'Delta')
})

test('a date stays a day', async () => {
  const born = (await read('Contacts', contact)).getKeyValue('Date_of_Birth')
  assert.deepEqual([born.getFullYear(), born.getMonth(), born.getDate()], [1980, 1, 29])
})

test('a record that never was', async () => {
  const answer = await records('Accounts').getRecord(1234567890123n, new sdk.ParameterMap(), new sdk.HeaderMap())
  assert.ok([204, 400, 404].includes(answer.getStatusCode()))
})

test('line items come with one document and not in lists', async () => {
  const line = record({ Product_Name: product(bolt), Quantity: 3 })
  const [id] = outcomes(await records('Quotes').createRecords(body(record({ Subject: 'Read me', Account_Name: ref(accounts[0]), Quoted_Items: [line] })), new sdk.HeaderMap())).map(o => BigInt(o.details.id))
  const [item] = (await read('Quotes', id)).getKeyValue('Quoted_Items')
  assert.equal(item.getKeyValue('Quantity'), 3)
  assert.equal(item.getKeyValue('Total'), 7.5)
  assert.equal(item.getKeyValue('Product_Name').getId(), bolt)
  const [listed] = values(await list('Quotes', { FIELDS: 'Subject,Grand_Total' }))
  assert.equal(listed.getKeyValue('Grand_Total'), 7.5)
  assert.equal(listed.getKeyValue('Quoted_Items') ?? null, null)
})

const S = sdk.Record.SearchRecordsParam
const search = async (module, ...pairs) => records(module).searchRecords(await params(pairs), new sdk.HeaderMap())

test('search by criteria', async () => {
  const answer = await search('Accounts', [S.CRITERIA, '(Account_Name:equals:Alpha)'], [S.FIELDS, 'Account_Name'])
  assert.deepEqual(names(answer), ['Alpha'])
})

test('search by two criteria', async () => {
  const answer = await search('Accounts', [S.CRITERIA, '((Employees:greater_than:1)and(Account_Name:starts_with:B))'])
  assert.deepEqual(names(answer), ['Bravo'])
})

test('search by e-mail', async () => {
  const answer = await search('Contacts', [S.EMAIL, 'rita@reader.example'])
  assert.deepEqual(names(answer, 'Last_Name'), ['Reader'])
})

test('search by phone', async () => {
  const answer = await search('Accounts', [S.PHONE, '555 0102'])
  assert.deepEqual(names(answer), ['Charlie'])
})

test('search by word', async () => {
  const answer = await search('Accounts', [S.WORD, 'Echo'])
  assert.deepEqual(names(answer), ['Echo'])
})

test('a search that finds nothing is 204', async () => {
  assert.equal((await search('Accounts', [S.CRITERIA, '(Account_Name:equals:Nobody)'])).getStatusCode(), 204)
})

test('a search without a question is refused', async () => {
  assert.equal((await search('Accounts')).getStatusCode(), 400)
})

test('criteria that cannot be read are refused', async () => {
  assert.equal((await search('Accounts', [S.CRITERIA, 'Account_Name=Alpha'])).getStatusCode(), 400)
})

test('COQL selects', async () => {
  const answer = await query("select Account_Name, Employees from Accounts where Employees > 2 order by Employees asc limit 10")
  assert.deepEqual(names(answer), ['Charlie', 'Bravo', 'Echo'])
  assert.equal(answer.getObject().getInfo().getMoreRecords(), false)
})

test('COQL pages with limit and offset', async () => {
  const answer = await query('select Account_Name from Accounts where id > 0 order by Account_Name limit 1, 2')
  assert.deepEqual(names(answer), ['Bravo', 'Charlie'])
})

test('COQL follows look-ups', async () => {
  const [r] = values(await query("select Last_Name, Account_Name.Account_Name from Contacts where Account_Name.Account_Name = 'Delta'"))
  assert.equal(r.getKeyValue('Account_Name.Account_Name'), 'Delta')
})

test('COQL counts', async () => {
  const [r] = values(await query('select COUNT(id) from Accounts where Employees > 0'))
  assert.equal(Number(r.getKeyValue('COUNT(id)')), 5)
})

test('COQL without records is 204', async () => {
  assert.equal((await query("select Account_Name from Accounts where Account_Name = 'None'")).getStatusCode(), 204)
})

test('COQL that cannot be read is SYNTAX_ERROR', async () => {
  const r = refusal(await query('select from where'))
  assert.equal(r.http, 400)
  assert.match(r.code, /SYNTAX_ERROR|INVALID_QUERY/)
})

test('COQL without a condition is refused', async () => {
  assert.equal((await query('select Account_Name from Accounts')).getStatusCode(), 400)
})

test('COQL with an unknown column is INVALID_QUERY', async () => {
  assert.equal(refusal(await query("select Nonsense from Accounts where id > 0")).code, 'INVALID_QUERY')
})

test('records are counted', async () => {
  const answer = await records('Accounts').recordCount(new sdk.ParameterMap())
  assert.equal(Number(answer.getObject().getCount()), 5)
})

test('records are counted by criteria', async () => {
  const answer = await records('Accounts').recordCount(await params([[sdk.Record.RecordCountParam.CRITERIA, '(Account_Name:equals:Echo)']]))
  assert.equal(Number(answer.getObject().getCount()), 1)
})

test('records below a record', async () => {
  const ops = new sdk.RelatedRecords.RelatedRecordsOperations('Contacts', 'Accounts')
  const answer = await ops.getRelatedRecords(accounts[0], await params([[sdk.RelatedRecords.GetRelatedRecordsParam.FIELDS, 'Last_Name']]), new sdk.HeaderMap())
  assert.deepEqual(names(answer, 'Last_Name'), ['Reader'])
})

test('no records below a record is 204', async () => {
  const ops = new sdk.RelatedRecords.RelatedRecordsOperations('Contacts', 'Accounts')
  const answer = await ops.getRelatedRecords(accounts[1], await params([[sdk.RelatedRecords.GetRelatedRecordsParam.FIELDS, 'Last_Name']]), new sdk.HeaderMap())
  assert.equal(answer.getStatusCode(), 204)
})
