// node-quickbooks: sales, purchases, payments, batches, changes, mail (quickbooks-online.md sections 5 to 8).
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { accessToken, bought, classic, fault, ref, sale, say, spent, unique } from '../lib/quickbooks.mjs'

const qb = classic(await accessToken())
const accounts = Object.fromEntries((await qb.findAccounts({ limit: 1000 })).QueryResponse.Account.map(a => [a.Name, a.Id]))
const customer = async () => (await qb.createCustomer({ DisplayName: unique('Customer') })).Id
const vendor = async () => (await qb.createVendor({ DisplayName: unique('Vendor') })).Id
const service = (await qb.createItem({ Name: 'Work', Type: 'Service', UnitPrice: 20, IncomeAccountRef: ref(accounts.Services), ExpenseAccountRef: ref(accounts['Cost of Goods Sold']) })).Id
const pump = (await qb.createItem({
  Name: 'Pump', Type: 'Inventory', TrackQtyOnHand: true, QtyOnHand: 100, InvStartDate: '2020-01-01', UnitPrice: 15, PurchaseCost: 10,
  IncomeAccountRef: ref(accounts['Sales of Product Income']), ExpenseAccountRef: ref(accounts['Cost of Goods Sold']), AssetAccountRef: ref(accounts['Inventory Asset']),
})).Id
const balance = async id => (await qb.getCustomer(id)).Balance
const invoice = async (c, ...lines) => qb.createInvoice({ CustomerRef: ref(c), Line: lines.length ? lines : [sale(service, 3, 20)] })

test('an invoice adds up and raises the balance', async () => {
  const c = await customer()
  const i = await invoice(c, sale(service, 3, 20), sale(service, 1, 0.5))
  assert.deepEqual([i.TotalAmt, i.Balance, await balance(c)], [60.5, 60.5, 60.5])
  assert.ok(i.DocNumber)
})

test('an invoice is read with its subtotal', async () => {
  const i = await invoice(await customer())
  const r = await qb.getInvoice(i.Id)
  assert.equal(r.Line.at(-1).DetailType, 'SubTotalLineDetail')
  assert.equal(r.Line.at(-1).Amount, 60)
})

test('amount that is not price times quantity is 6070', async () => {
  const f = await fault(invoice(await customer(), sale(service, 3, 620.36, { Amount: 1861.07 })))
  assert.deepEqual([f.code, f.detail], ['6070', 'Amount is not equal to UnitPrice * Qty. Supplied value:1,861.07'])
})

test('an invoice without lines is 2020', async () => {
  const f = await fault(qb.createInvoice({ CustomerRef: ref(await customer()) }))
  assert.deepEqual([f.code, f.element], ['2020', 'Line'])
})

test('an invoice for nobody is 2020', async () => {
  assert.equal((await fault(qb.createInvoice({ Line: [sale(service, 1, 1)] }))).element, 'CustomerRef')
})

test('an unknown customer is 2500', async () => {
  assert.equal((await fault(invoice('99999'))).code, '2500')
})

test('an unknown item is 2500', async () => {
  assert.equal((await fault(invoice(await customer(), sale('99999', 1, 1)))).code, '2500')
})

test('a number in use is 6140', async () => {
  const c = await customer()
  await qb.createInvoice({ CustomerRef: ref(c), DocNumber: 'SAME-1', Line: [sale(service, 1, 1)] })
  assert.equal((await fault(qb.createInvoice({ CustomerRef: ref(c), DocNumber: 'same-1', Line: [sale(service, 1, 1)] }))).code, '6140')
})

test('a number in use is taken when the client allows it', async () => {
  const c = await customer()
  await qb.createInvoice({ CustomerRef: ref(c), DocNumber: 'SAME-2', Line: [sale(service, 1, 1)] })
  const i = await qb.createInvoice({ CustomerRef: ref(c), DocNumber: 'SAME-2', Line: [sale(service, 1, 1)], allowDuplicateDocNum: true })
  assert.equal(i.DocNumber, 'SAME-2')
})

test('a number that is too long is 2050', async () => {
  const f = await fault(qb.createInvoice({ CustomerRef: ref(await customer()), DocNumber: '9'.repeat(22), Line: [sale(service, 1, 1)] }))
  assert.deepEqual([f.code, f.element], ['2050', 'DocNumber'])
})

test('a sparse update of a memo leaves the lines', async () => {
  const i = await invoice(await customer())
  const u = await qb.updateInvoice({ Id: i.Id, SyncToken: i.SyncToken, sparse: true, PrivateNote: 'note' })
  assert.deepEqual([u.TotalAmt, u.PrivateNote], [60, 'note'])
})

test('lines of a sparse update replace all lines', async () => {
  const i = await invoice(await customer(), sale(service, 1, 10), sale(service, 1, 20))
  const u = await qb.updateInvoice({ Id: i.Id, SyncToken: i.SyncToken, sparse: true, CustomerRef: i.CustomerRef, Line: [sale(service, 1, 5)] })
  assert.equal(u.TotalAmt, 5)
})

test('a discount in percent', async () => {
  const i = await invoice(await customer(), sale(service, 1, 200), { DetailType: 'DiscountLineDetail', DiscountLineDetail: { PercentBased: true, DiscountPercent: 10 } })
  assert.equal(i.TotalAmt, 180)
})

test('stock goes down with an invoice and back with its deletion', async () => {
  const before = (await qb.getItem(pump)).QtyOnHand
  const i = await invoice(await customer(), sale(pump, 2, 15))
  assert.equal((await qb.getItem(pump)).QtyOnHand, before - 2)
  await qb.deleteInvoice({ Id: i.Id, SyncToken: i.SyncToken })
  assert.equal((await qb.getItem(pump)).QtyOnHand, before)
})

test('an invoice is voided: it stays with zeros', async () => {
  const c = await customer()
  const i = await invoice(c)
  await qb.voidInvoice({ Id: i.Id, SyncToken: i.SyncToken })
  const r = await qb.getInvoice(i.Id)
  assert.deepEqual([r.TotalAmt, r.Balance, r.PrivateNote], [0, 0, 'Voided'])
  assert.equal(await balance(c), 0)
})

test('an invoice is deleted and then not found', async () => {
  const i = await invoice(await customer())
  const d = await qb.deleteInvoice({ Id: i.Id, SyncToken: i.SyncToken })
  assert.equal(d.Invoice.status, 'Deleted')
  assert.equal((await fault(qb.getInvoice(i.Id))).code, '610')
})

test('deleting by the id alone lets the client read first', async () => {
  const i = await invoice(await customer())
  assert.equal((await qb.deleteInvoice(i.Id)).Invoice.status, 'Deleted')
})

test('an invoice is sent', async () => {
  const i = await invoice(await customer())
  const s = await qb.sendInvoicePdf(i.Id, 'amy@bird.example')
  assert.equal((s.Invoice ?? s).EmailStatus, 'EmailSent')
})

test('an invoice on paper', async () => {
  const i = await invoice(await customer())
  const paper = Buffer.from(await qb.getInvoicePdf(i.Id)).toString('latin1')
  assert.match(paper, /^%PDF-1\.4/)
  assert.ok(paper.includes(`(INVOICE ${i.DocNumber}) Tj`))
})

test('an estimate closes with its invoice', async () => {
  const c = await customer()
  const e = await qb.createEstimate({ CustomerRef: ref(c), Line: [sale(service, 1, 50)] })
  assert.equal(e.TxnStatus, 'Pending')
  const i = await qb.createInvoice({ CustomerRef: ref(c), Line: [sale(service, 1, 50)], LinkedTxn: [{ TxnId: e.Id, TxnType: 'Estimate' }] })
  const r = await qb.getEstimate(e.Id)
  assert.equal(r.TxnStatus, 'Closed')
  assert.deepEqual(r.LinkedTxn.map(l => l.TxnId), [i.Id])
})

test('an estimate is accepted', async () => {
  const e = await qb.createEstimate({ CustomerRef: ref(await customer()), Line: [sale(service, 1, 50)] })
  const u = await qb.updateEstimate({ Id: e.Id, SyncToken: e.SyncToken, CustomerRef: e.CustomerRef, TxnStatus: 'Accepted' })
  assert.equal(u.TxnStatus, 'Accepted')
})

test('an unknown status is 2170', async () => {
  assert.equal((await fault(qb.createEstimate({ CustomerRef: ref(await customer()), TxnStatus: 'Dreamt', Line: [sale(service, 1, 1)] }))).code, '2170')
})

const pay = (c, total, id, amount) => qb.createPayment({ CustomerRef: ref(c), TotalAmt: total, Line: id ? [{ Amount: amount, LinkedTxn: [{ TxnId: id, TxnType: 'Invoice' }] }] : [] })

test('a payment lowers what is open', async () => {
  const c = await customer()
  const i = await invoice(c)
  const p = await pay(c, 40, i.Id, 40)
  assert.equal(p.UnappliedAmt, 0)
  const r = await qb.getInvoice(i.Id)
  assert.deepEqual([r.Balance, r.LinkedTxn[0].TxnType], [20, 'Payment'])
  assert.equal(await balance(c), 20)
})

test('a payment beyond what is open is 6000', async () => {
  const c = await customer()
  const i = await invoice(c)
  assert.equal((await fault(pay(c, 100, i.Id, 70))).code, '6000')
})

test('a payment without lines stays unapplied', async () => {
  const c = await customer()
  assert.equal((await pay(c, 30)).UnappliedAmt, 30)
  assert.equal(await balance(c), -30)
})

test('a payment is voided', async () => {
  const c = await customer()
  const i = await invoice(c)
  const p = await pay(c, 60, i.Id, 60)
  await qb.voidPayment({ Id: p.Id, SyncToken: p.SyncToken, sparse: true })
  assert.equal((await qb.getInvoice(i.Id)).Balance, 60)
})

test('a payment is deleted', async () => {
  const c = await customer()
  const i = await invoice(c)
  const p = await pay(c, 60, i.Id, 60)
  await qb.deletePayment({ Id: p.Id, SyncToken: p.SyncToken })
  assert.equal(await balance(c), 60)
})

test('a credit memo lowers the balance', async () => {
  const c = await customer()
  const m = await qb.createCreditMemo({ CustomerRef: ref(c), Line: [sale(service, 1, 25)] })
  assert.equal(m.RemainingCredit, 25)
  assert.equal(await balance(c), -25)
})

test('a bill raises what is owed', async () => {
  const v = await vendor()
  const b = await qb.createBill({ VendorRef: ref(v), Line: [spent(accounts.Travel ?? accounts['Cost of Goods Sold'], 80)] })
  assert.equal(b.Balance, 80)
  assert.equal((await qb.getVendor(v)).Balance, 80)
})

test('a bill is changed and deleted', async () => {
  const v = await vendor()
  const b = await qb.createBill({ VendorRef: ref(v), Line: [spent(accounts['Cost of Goods Sold'], 80)] })
  const u = await qb.updateBill({ Id: b.Id, SyncToken: b.SyncToken, VendorRef: ref(v), Line: [spent(accounts['Cost of Goods Sold'], 30)] })
  assert.equal(u.TotalAmt, 30)
  await qb.deleteBill({ Id: u.Id, SyncToken: u.SyncToken })
  assert.equal((await qb.getVendor(v)).Balance, 0)
})

test('a purchase order is open until it is billed', async () => {
  const v = await vendor()
  const o = await qb.createPurchaseOrder({ VendorRef: ref(v), Line: [bought(pump, 2, 10)] })
  assert.deepEqual([o.POStatus, o.TotalAmt], ['Open', 20])
  await qb.createBill({ VendorRef: ref(v), Line: [{ ...bought(pump, 2, 10), LinkedTxn: [{ TxnId: o.Id, TxnType: 'PurchaseOrder', TxnLineId: o.Line[0].Id }] }] })
  assert.equal((await qb.getPurchaseOrder(o.Id)).POStatus, 'Closed')
})

test('a purchase order is deleted', async () => {
  const o = await qb.createPurchaseOrder({ VendorRef: ref(await vendor()), Line: [bought(pump, 1, 10)] })
  assert.equal((await qb.deletePurchaseOrder({ Id: o.Id, SyncToken: o.SyncToken })).PurchaseOrder.status, 'Deleted')
})

test('documents are found by customer and date', async () => {
  const c = await customer()
  const i = await qb.createInvoice({ CustomerRef: ref(c), TxnDate: '2024-02-29', Line: [sale(service, 1, 1)] })
  const r = (await qb.findInvoices([{ field: 'CustomerRef', value: c }, { field: 'TxnDate', value: '2024-02-29', operator: '>=' }])).QueryResponse
  assert.deepEqual(r.Invoice.map(x => x.Id), [i.Id])
})

test('the same request id gives the same invoice', async () => {
  const c = await customer()
  const make = () => qb.createInvoice({ CustomerRef: ref(c), Line: [sale(service, 1, 9)], requestId: 'only-once-' + c })
  const [a, b] = [await make(), await make()]
  assert.equal(a.Id, b.Id)
  assert.equal(await balance(c), 9)
})

test('a batch answers each item by itself', async () => {
  const name = unique('Batch')
  const { BatchItemResponse: items } = await qb.batch([
    { bId: 'a', operation: 'create', Vendor: { DisplayName: name } },
    { bId: 'b', operation: 'create', Vendor: { DisplayName: name + ':' } },
    { bId: 'c', Query: `select * from Vendor where DisplayName = '${name}'` },
  ])
  const by = Object.fromEntries(items.map(i => [i.bId, i]))
  assert.equal(by.a.Vendor.DisplayName, name)
  assert.equal(by.b.Fault.Error[0].code, '2040')
  assert.ok(by.c.QueryResponse)
})

test('more than thirty in a batch are refused', async () => {
  const f = await fault(qb.batch(Array.from({ length: 31 }, (_, i) => ({ bId: String(i), Query: 'select * from Vendor' }))))
  assert.equal(f.code, '1040')
})

test('what changed since, deleted ones as stubs', async () => {
  const since = new Date(Date.now() - 3600_000).toISOString()
  const i = await invoice(await customer())
  await qb.deleteInvoice({ Id: i.Id, SyncToken: i.SyncToken })
  const [{ QueryResponse: parts }] = (await qb.changeDataCapture(['Customer', 'Invoice'], since)).CDCResponse
  const [customers, invoices] = [parts.find(p => p.Customer), parts.find(p => p.Invoice)] // in no promised order
  assert.ok(customers.Customer.length > 0)
  assert.equal(invoices.Invoice.find(x => x.Id === i.Id).status, 'Deleted')
})

test('changes older than a month are refused', async () => {
  assert.equal((await fault(qb.changeDataCapture(['Customer'], new Date(Date.now() - 40 * 86400_000).toISOString()))).code, '4001')
})

test('a call too many is 429', async () => {
  await say('faults', { kind: 'rate_limit', times: 1, path_contains: '/companyinfo' })
  await assert.rejects(qb.getCompanyInfo('1'), e => e.response.status === 429)
})

test('a failure of the service is 500', async () => {
  await say('faults', { kind: 'status', status: 500, times: 1, path_contains: '/companyinfo' })
  await assert.rejects(qb.getCompanyInfo('1'), e => e.response.status === 500)
})

test('an invoice whose answer was lost is there all the same', async () => {
  const c = await customer()
  await say('faults', { kind: 'reset_after', times: 1, method: 'POST', path_contains: '/invoice' })
  await assert.rejects(invoice(c))
  assert.equal((await qb.findInvoices({ CustomerRef: c })).QueryResponse.Invoice.length, 1)
})
