// quickbooks-node-promise: the same company through another client, and signed
// notifications (quickbooks-online.md sections 3 to 9).
import assert from 'node:assert/strict'
import { createServer } from 'node:http'
import { test } from 'node:test'
import { PromisedClass, Promised, accessToken, box, fault, promised, ref, sale, say, sign, unique } from '../lib/quickbooks.mjs'

const qb = promised(await accessToken())
const Client = Promised ?? PromisedClass
const accounts = Object.fromEntries((await qb.findAccounts({ limit: 1000 })).QueryResponse.Account.map(a => [a.Name, a.Id]))
const item = (await qb.createItem({ Name: 'Labour', Type: 'Service', UnitPrice: 20, IncomeAccountRef: ref(accounts.Services) })).Item.Id
const customer = async () => (await qb.createCustomer({ DisplayName: unique('Client') })).Customer
const invoice = async (c, qty = 1) => (await qb.createInvoice({ CustomerRef: ref(c.Id), Line: [sale(item, qty, 20)] })).Invoice

test('the company and where the answer came from', async () => {
  const r = await qb.getCompanyInfo(box.realm)
  assert.equal(r.CompanyInfo.CompanyName, 'Sandbox Company')
  assert.match(r.specialHeaders.intuitTid, /^(1|gw)-/)
})

test('the preferences', async () => {
  assert.equal((await qb.getPreferences()).Preferences.CurrencyPrefs.MultiCurrencyEnabled, true)
})

test('a customer is created, changed and read', async () => {
  const c = await customer()
  const u = (await qb.updateCustomer({ Id: c.Id, SyncToken: c.SyncToken, sparse: true, CompanyName: 'Co' })).Customer
  assert.equal(u.SyncToken, '1')
  assert.equal((await qb.getCustomer(c.Id)).Customer.CompanyName, 'Co')
})

test('a customer in another currency keeps it', async () => {
  const c = (await qb.createCustomer({ DisplayName: unique('Euro'), CurrencyRef: ref('EUR') })).Customer
  assert.equal(c.CurrencyRef.value, 'EUR')
})

test('a name in use is 6240', async () => {
  const c = await customer()
  const f = await fault(qb.createVendor({ DisplayName: c.DisplayName }))
  assert.deepEqual([f.type, f.code], ['ValidationFault', '6240'])
})

test('a stale token is 5010 and names who was quicker', async () => {
  const c = await customer()
  await qb.updateCustomer({ Id: c.Id, SyncToken: '0', sparse: true, CompanyName: 'A' })
  const f = await fault(qb.updateCustomer({ Id: c.Id, SyncToken: '0', sparse: true, CompanyName: 'B' }))
  assert.equal(f.code, '5010')
  assert.match(f.detail, /^Stale Object Error/)
})

test('a record that never was is 610', async () => {
  assert.equal((await fault(qb.getInvoice('99999'))).code, '610')
})

test('vendors, found and counted', async () => {
  const v = (await qb.createVendor({ DisplayName: unique('Supplier') })).Vendor
  assert.equal((await qb.findVendors({ DisplayName: v.DisplayName })).QueryResponse.Vendor[0].Id, v.Id)
  assert.ok((await qb.countVendors()).QueryResponse.totalCount >= 1)
})

test('an invoice and its payment', async () => {
  const c = await customer()
  const i = await invoice(c, 3)
  const p = (await qb.createPayment({ CustomerRef: ref(c.Id), TotalAmt: 60, Line: [{ Amount: 60, LinkedTxn: [{ TxnId: i.Id, TxnType: 'Invoice' }] }] })).Payment
  assert.equal(p.UnappliedAmt, 0)
  assert.equal((await qb.getInvoice(i.Id)).Invoice.Balance, 0)
  assert.equal((await qb.getPayment(p.Id)).Payment.TotalAmt, 60)
})

test('an invoice is voided', async () => {
  const i = await invoice(await customer())
  await qb.voidInvoice({ Id: i.Id, SyncToken: i.SyncToken })
  assert.equal((await qb.getInvoice(i.Id)).Invoice.TotalAmt, 0)
})

test('an invoice is deleted', async () => {
  const i = await invoice(await customer())
  assert.equal((await qb.deleteInvoice({ Id: i.Id, SyncToken: i.SyncToken })).Invoice.status, 'Deleted')
})

test('an invoice is sent', async () => {
  const i = await invoice(await customer())
  assert.equal((await qb.sendInvoicePdf(i.Id, 'a@b.example')).EmailStatus, 'EmailSent') // without the envelope
})

test('an estimate, a credit memo', async () => {
  const c = await customer()
  assert.equal((await qb.createEstimate({ CustomerRef: ref(c.Id), Line: [sale(item, 1, 20)] })).Estimate.TxnStatus, 'Pending')
  assert.equal((await qb.createCreditMemo({ CustomerRef: ref(c.Id), Line: [sale(item, 1, 20)] })).CreditMemo.RemainingCredit, 20)
})

test('a query with operators, an order and a page', async () => {
  for (const n of ['Sorted B', 'Sorted A', 'Sorted C']) await qb.createCustomer({ DisplayName: n })
  const r = await qb.findCustomers({ items: [{ field: 'DisplayName', value: 'Sorted%', operator: 'LIKE' }], sort: ['DisplayName', 'DESC'], limit: 2 })
  assert.deepEqual(r.QueryResponse.Customer.map(c => c.DisplayName), ['Sorted C', 'Sorted B'])
})

test('a query of an unknown property is 4001', async () => {
  assert.equal((await fault(qb.findCustomers([{ field: 'Nonsense', value: 'x' }]))).code, '4001')
})

test('a batch', async () => {
  const r = await qb.batch([{ bId: '1', operation: 'create', Term: { Name: 'Net 50', DueDays: 50 } }, { bId: '2', Query: 'select count(*) from Term' }])
  assert.equal(r.BatchItemResponse.length, 2)
})

test('what changed since a date', async () => {
  const c = await customer()
  const r = await qb.changeDataCapture(['Customer'], new Date(Date.now() - 600_000))
  assert.ok(r.CDCResponse[0].QueryResponse[0].Customer.some(x => x.Id === c.Id))
})

test('lists a new company has', async () => {
  assert.ok((await qb.findTerms()).QueryResponse.Term.length > 0)
  assert.ok((await qb.findPaymentMethods()).QueryResponse.PaymentMethod.length > 0)
  assert.ok((await qb.findTaxCodes()).QueryResponse.TaxCode.length > 0)
})

// hook receives what the company sends while work is done.
async function hook(work) {
  const got = []
  const server = createServer((request, response) => {
    let text = ''
    request.on('data', part => (text += part))
    request.on('end', () => {
      got.push({ text, signature: request.headers['intuit-signature'] })
      response.end()
    })
  })
  await new Promise(resolve => server.listen(0, '127.0.0.1', resolve))
  try {
    await say('webhook', { url: `http://127.0.0.1:${server.address().port}/` })
    await work()
    await say('deliver', {})
  } finally {
    await say('webhook', { url: '' })
    server.close()
  }
  return got
}

test('a notification passes the check of the client', async () => {
  let made
  const [n] = await hook(async () => { made = await customer() })
  assert.equal(Client.verifyWebhook(box.verifier, JSON.parse(n.text), n.signature), true)
  const [{ dataChangeEvent }] = JSON.parse(n.text).eventNotifications
  assert.ok(dataChangeEvent.entities.some(e => e.name === 'Customer' && e.id === made.Id && e.operation === 'Create'))
})

test('a notification that was tampered with does not', async () => {
  const [n] = await hook(customer)
  const other = JSON.parse(n.text)
  other.eventNotifications[0].realmId = '1'
  assert.equal(Client.verifyWebhook(box.verifier, other, n.signature), false)
})

test('a signature with another key does not pass', async () => {
  const [n] = await hook(customer)
  assert.equal(Client.verifyWebhook(box.verifier, JSON.parse(n.text), sign(n.text, 'another')), false)
})
