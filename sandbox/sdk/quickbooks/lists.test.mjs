// node-quickbooks: customers, vendors, items and the other lists (quickbooks-online.md sections 3 to 5).
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { accessToken, box, classic, fault, ref, unique } from '../lib/quickbooks.mjs'

const qb = classic(await accessToken())
const accounts = Object.fromEntries((await qb.findAccounts({ limit: 1000 })).QueryResponse.Account.map(a => [a.Name, a.Id]))
const account = name => accounts[name] ?? assert.fail('no account ' + name)
const income = ref(account('Services'))

test('the company', async () => {
  const info = await qb.getCompanyInfo(box.realm)
  assert.deepEqual([info.CompanyName, info.Country], ['Sandbox Company', 'US'])
})

test('the preferences', async () => {
  const p = await qb.getPreferences()
  assert.equal(p.CurrencyPrefs.HomeCurrency.value, 'USD')
})

test('a new company has its chart of accounts', () => {
  for (const name of ['Accounts Receivable (A/R)', 'Accounts Payable (A/P)', 'Checking', 'Inventory Asset']) assert.ok(accounts[name], name)
})

test('a customer is created and read', async () => {
  const c = await qb.createCustomer({ DisplayName: 'Amy Bird', PrimaryEmailAddr: { Address: 'amy@bird.example' }, BillAddr: { Line1: '1 Way', City: 'Bayshore' } })
  assert.equal(c.SyncToken, '0')
  assert.equal(c.Active, true)
  assert.equal((await qb.getCustomer(c.Id)).BillAddr.City, 'Bayshore')
})

test('a name is built from its parts', async () => {
  const c = await qb.createCustomer({ Title: 'Dr', GivenName: 'Ann', FamilyName: 'Lee', Suffix: 'Jr' })
  assert.equal(c.DisplayName, 'Dr Ann Lee Jr')
})

test('a customer without any name is refused', async () => {
  assert.equal((await fault(qb.createCustomer({ Notes: 'nobody' }))).code, '6080')
})

test('a name in use is 6240, among customers, vendors and employees', async () => {
  await qb.createVendor({ DisplayName: 'Taken Name' })
  const f = await fault(qb.createCustomer({ DisplayName: 'TAKEN NAME' }))
  assert.deepEqual([f.status, f.type, f.code], [400, 'ValidationFault', '6240'])
})

test('a colon in a name is 2040', async () => {
  assert.equal((await fault(qb.createCustomer({ DisplayName: 'A:B' }))).code, '2040')
})

test('a title that is too long is 2050 and names itself', async () => {
  const f = await fault(qb.createCustomer({ DisplayName: 'Long', Title: 'x'.repeat(17) }))
  assert.deepEqual([f.code, f.element], ['2050', 'Title'])
})

test('an e-mail address that is none is 2210', async () => {
  assert.equal((await fault(qb.createCustomer({ DisplayName: 'Mail', PrimaryEmailAddr: { Address: 'nobody' } }))).code, '2210')
})

test('a web address that is none is 2200', async () => {
  assert.equal((await fault(qb.createVendor({ DisplayName: 'Web', WebAddr: { URI: 'www.web.example' } }))).code, '2200')
})

test('a customer that never was is 610', async () => {
  const f = await fault(qb.getCustomer('99999'))
  assert.deepEqual([f.status, f.code, f.message], [400, '610', 'Object Not Found'])
})

test('a job stands below its customer', async () => {
  const c = await qb.createCustomer({ DisplayName: unique('Parent') })
  const j = await qb.createCustomer({ DisplayName: 'Kitchen', Job: true, ParentRef: ref(c.Id) })
  assert.equal(j.FullyQualifiedName, `${c.DisplayName}:Kitchen`)
  assert.equal(j.Level, 1)
})

test('a sparse update keeps what it does not name', async () => {
  const c = await qb.createCustomer({ DisplayName: unique('Sparse'), Notes: 'kept' })
  const u = await qb.updateCustomer({ Id: c.Id, SyncToken: c.SyncToken, sparse: true, CompanyName: 'New Co' })
  assert.deepEqual([u.SyncToken, u.Notes, u.CompanyName], ['1', 'kept', 'New Co'])
})

test('a full update clears what it does not name', async () => {
  const c = await qb.createCustomer({ DisplayName: unique('Full'), Notes: 'gone' })
  const u = await qb.updateCustomer({ Id: c.Id, SyncToken: c.SyncToken, sparse: false, DisplayName: c.DisplayName })
  assert.equal(u.Notes, undefined)
})

test('a stale token is 5010', async () => {
  const c = await qb.createCustomer({ DisplayName: unique('Stale') })
  await qb.updateCustomer({ Id: c.Id, SyncToken: '0', CompanyName: 'One' })
  const f = await fault(qb.updateCustomer({ Id: c.Id, SyncToken: '0', CompanyName: 'Two' }))
  assert.deepEqual([f.code, f.message], ['5010', 'Stale Object Error'])
})

test('the client itself wants Id and SyncToken', async () => {
  await assert.rejects(async () => qb.updateCustomer({ DisplayName: 'X' }), /must contain Id and SyncToken/)
})

test('an update that changes nothing keeps its token', async () => {
  const c = await qb.createCustomer({ DisplayName: unique('Same') })
  const u = await qb.updateCustomer({ Id: c.Id, SyncToken: '0', DisplayName: c.DisplayName })
  assert.equal(u.SyncToken, '0')
})

test('an inactive customer leaves the lists and keeps its name with a suffix', async () => {
  const c = await qb.createCustomer({ DisplayName: unique('Inactive') })
  const u = await qb.updateCustomer({ Id: c.Id, SyncToken: '0', Active: false })
  assert.equal(u.DisplayName, `${c.DisplayName} (deleted)`)
  assert.equal((await qb.findCustomers({ Id: c.Id })).QueryResponse.Customer, undefined)
})

test('a vendor is created, changed and read', async () => {
  const v = await qb.createVendor({ DisplayName: unique('Vendor'), Vendor1099: true })
  await qb.updateVendor({ Id: v.Id, SyncToken: '0', PrintOnCheckName: 'Printed' })
  const r = await qb.getVendor(v.Id)
  assert.deepEqual([r.PrintOnCheckName, r.Vendor1099, r.Balance], ['Printed', true, 0])
})

test('an employee is created and changed', async () => {
  const e = await qb.createEmployee({ GivenName: 'Pat', FamilyName: unique('Hand') })
  const u = await qb.updateEmployee({ Id: e.Id, SyncToken: e.SyncToken, GivenName: 'Kim' })
  assert.equal(u.GivenName, 'Kim')
})

test('a service is created, changed and read', async () => {
  const i = await qb.createItem({ Name: unique('Service'), Type: 'Service', IncomeAccountRef: income, UnitPrice: 35 })
  await qb.updateItem({ Id: i.Id, SyncToken: '0', UnitPrice: 36.5 })
  assert.equal((await qb.getItem(i.Id)).UnitPrice, 36.5)
})

const stock = (name, qty) => ({ Name: name, Type: 'Inventory', TrackQtyOnHand: true, QtyOnHand: qty, InvStartDate: '2020-01-01', UnitPrice: 10, IncomeAccountRef: ref(account('Sales of Product Income')), ExpenseAccountRef: ref(account('Cost of Goods Sold')), AssetAccountRef: ref(account('Inventory Asset')) })

test('an inventory item has its quantity', async () => {
  const i = await qb.createItem(stock(unique('Pump'), 5))
  assert.deepEqual([i.QtyOnHand, i.TrackQtyOnHand, i.Type], [5, true, 'Inventory'])
})

test('an item in use by name is 6240', async () => {
  const i = await qb.createItem({ Name: unique('Only one'), Type: 'Service', IncomeAccountRef: income })
  assert.equal((await fault(qb.createItem({ Name: i.Name, Type: 'Service', IncomeAccountRef: income }))).code, '6240')
})

test('an item without an income account is refused', async () => {
  assert.equal((await fault(qb.createItem({ Name: 'No account', Type: 'Service' }))).code, '2020')
})

test('an item below a category', async () => {
  const c = await qb.createItem({ Name: unique('Category'), Type: 'Category' })
  const i = await qb.createItem({ Name: 'Inside', Type: 'Service', IncomeAccountRef: income, SubItem: true, ParentRef: ref(c.Id) })
  assert.equal(i.FullyQualifiedName, `${c.Name}:Inside`)
})

test('an account is created and changed', async () => {
  const a = await qb.createAccount({ Name: unique('Vault'), AccountType: 'Bank' })
  assert.equal(a.Classification, 'Asset')
  assert.equal((await qb.updateAccount({ Id: a.Id, SyncToken: a.SyncToken, Description: 'deep' })).Description, 'deep')
})

test('an account of an unknown type is 2170', async () => {
  assert.equal((await fault(qb.createAccount({ Name: 'Cave', AccountType: 'Cave' }))).code, '2170')
})

test('terms', async () => {
  const t = await qb.createTerm({ Name: 'Net 45', DueDays: 45 })
  assert.equal(t.Type, 'STANDARD')
  assert.equal((await qb.updateTerm({ Id: t.Id, SyncToken: '0', DueDays: 46 })).DueDays, 46)
})

test('payment methods', async () => {
  const p = await qb.createPaymentMethod({ Name: 'Barter' })
  assert.equal((await qb.getPaymentMethod(p.Id)).Name, 'Barter')
})

test('classes stand below classes', async () => {
  const top = await qb.createClass({ Name: 'West' })
  assert.equal((await qb.createClass({ Name: 'Coast', ParentRef: ref(top.Id) })).FullyQualifiedName, 'West:Coast')
})

test('departments', async () => {
  const d = await qb.createDepartment({ Name: 'Shop' })
  assert.equal((await qb.getDepartment(d.Id)).FullyQualifiedName, 'Shop')
})

test('a tax code is made with its rates', async () => {
  const agency = await qb.createTaxAgency({ DisplayName: 'State Office' })
  const made = await qb.createTaxService({ TaxCode: 'Bayshore', TaxRateDetails: [{ TaxRateName: 'Bayshore 8', RateValue: '8', TaxAgencyId: agency.Id, TaxApplicableOn: 'Sales' }] })
  const code = await qb.getTaxCode(made.TaxCodeId)
  assert.equal(code.Name, 'Bayshore')
  const rate = await qb.getTaxRate(made.TaxRateDetails[0].TaxRateId)
  assert.equal(rate.RateValue, 8)
})

test('an exchange rate is read', async () => {
  const r = await qb.getExchangeRate({ sourcecurrencycode: 'EUR' })
  assert.equal(r.ExchangeRate.SourceCurrencyCode, 'EUR')
})

test('names cannot be deleted', async () => {
  const c = await qb.createCustomer({ DisplayName: unique('Undying') })
  const [item] = (await qb.batch([{ bId: '1', operation: 'delete', Customer: { Id: c.Id, SyncToken: '0' } }])).BatchItemResponse
  assert.equal(item.Fault.Error[0].code, '500')
  assert.equal((await qb.getCustomer(c.Id)).Active, true)
})

test('find by a value', async () => {
  const c = await qb.createCustomer({ DisplayName: "O'Hara & Sons", CompanyName: 'Findable' })
  const r = (await qb.findCustomers({ DisplayName: "O'Hara & Sons" })).QueryResponse
  assert.deepEqual(r.Customer.map(x => x.Id), [c.Id])
})

test('find with LIKE and an order', async () => {
  for (const n of ['Order C', 'Order A', 'Order B']) await qb.createCustomer({ DisplayName: n })
  const r = (await qb.findCustomers([{ field: 'DisplayName', value: 'Order %', operator: 'LIKE' }, { field: 'desc', value: 'DisplayName' }])).QueryResponse
  assert.deepEqual(r.Customer.map(x => x.DisplayName), ['Order C', 'Order B', 'Order A'])
})

test('find a page', async () => {
  const r = (await qb.findAccounts({ limit: 5, offset: 3 })).QueryResponse
  assert.deepEqual([r.Account.length, r.startPosition, r.maxResults], [5, 3, 5])
})

test('find all, page by page', async () => {
  const r = (await qb.findAccounts({ limit: 7, fetchAll: true })).QueryResponse
  assert.equal(new Set(r.Account.map(a => a.Id)).size, (await qb.findAccounts({ count: true })).QueryResponse.totalCount)
})

test('find inactive ones when asked', async () => {
  const c = await qb.createCustomer({ DisplayName: unique('Sleeping') })
  await qb.updateCustomer({ Id: c.Id, SyncToken: '0', Active: false })
  const r = (await qb.findCustomers({ Id: c.Id, Active: [true, false] })).QueryResponse
  assert.equal(r.Customer[0].Active, false)
})

test('find several by IN', async () => {
  const a = await qb.createCustomer({ DisplayName: unique('In') })
  const b = await qb.createCustomer({ DisplayName: unique('In') })
  assert.equal((await qb.findCustomers({ Id: [a.Id, b.Id] })).QueryResponse.Customer.length, 2)
})

test('count', async () => {
  assert.ok((await qb.findCustomers({ Active: true, count: true })).QueryResponse.totalCount > 5)
})

test('nothing found is an empty answer', async () => {
  assert.deepEqual((await qb.findVendors({ DisplayName: 'Nobody at all' })).QueryResponse, {})
})

test('an unknown property in a query is 4001', async () => {
  assert.equal((await fault(qb.findCustomers({ EmailAddress: 'x' }))).code, '4001')
})

test('a query that cannot be read is 4000', async () => {
  assert.equal((await fault(qb.findCustomers('where DisplayName !'))).code, '4000')
})

test('a page above a thousand is 4001', async () => {
  assert.equal((await fault(qb.findCustomers({ limit: 1500 }))).code, '4001')
})
