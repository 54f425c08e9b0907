// node-quickbooks: money that moves without an invoice, files, reports
// (quickbooks-online.md sections 5, 9 and 10).
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { accessToken, classic, fault, ref, sale, spent, unique } from '../lib/quickbooks.mjs'

const qb = classic(await accessToken())
const chart = (await qb.findAccounts({ limit: 1000 })).QueryResponse.Account
const account = name => chart.find(a => a.Name === name)?.Id ?? assert.fail('no account ' + name)
const ofType = type => chart.find(a => a.AccountType === type)?.Id ?? assert.fail('no account of type ' + type)
const [bank, expense, equity] = [account('Checking'), ofType('Expense'), ofType('Equity')]
const savings = (await qb.createAccount({ Name: 'Rainy Day', AccountType: 'Bank' })).Id
const customer = (await qb.createCustomer({ DisplayName: 'Books Customer' })).Id
const vendor = (await qb.createVendor({ DisplayName: 'Books Vendor' })).Id
const service = (await qb.createItem({ Name: 'Books Work', Type: 'Service', UnitPrice: 20, IncomeAccountRef: ref(account('Services')) })).Id
const held = async id => Math.round((await qb.getAccount(id)).CurrentBalance * 100) // in cents

test('a sales receipt puts money where it says', async () => {
  const before = await held(bank)
  const r = await qb.createSalesReceipt({ CustomerRef: ref(customer), DepositToAccountRef: ref(bank), Line: [sale(service, 2, 20)] })
  assert.equal(r.TotalAmt, 40)
  assert.equal(await held(bank), before + 4000)
  assert.equal((await qb.getSalesReceipt(r.Id)).TotalAmt, 40)
})

test('a sales receipt is deleted and the money leaves', async () => {
  const before = await held(bank)
  const r = await qb.createSalesReceipt({ CustomerRef: ref(customer), DepositToAccountRef: ref(bank), Line: [sale(service, 1, 20)] })
  await qb.deleteSalesReceipt({ Id: r.Id, SyncToken: r.SyncToken })
  assert.equal(await held(bank), before)
})

test('a refund receipt takes money out', async () => {
  const before = await held(bank)
  const r = await qb.createRefundReceipt({ CustomerRef: ref(customer), DepositToAccountRef: ref(bank), Line: [sale(service, 1, 15)] })
  assert.equal(r.TotalAmt, 15)
  assert.equal(await held(bank), before - 1500)
})

test('a vendor credit lowers what is owed', async () => {
  const before = (await qb.getVendor(vendor)).Balance
  const c = await qb.createVendorCredit({ VendorRef: ref(vendor), Line: [spent(expense, 12)] })
  assert.equal(c.TotalAmt, 12)
  assert.equal((await qb.getVendor(vendor)).Balance, before - 12)
})

test('a bill is paid from the bank', async () => {
  const b = await qb.createBill({ VendorRef: ref(vendor), Line: [spent(expense, 70)] })
  const before = await held(bank)
  const p = await qb.createBillPayment({ VendorRef: ref(vendor), PayType: 'Check', CheckPayment: { BankAccountRef: ref(bank) }, TotalAmt: 70, Line: [{ Amount: 70, LinkedTxn: [{ TxnId: b.Id, TxnType: 'Bill' }] }] })
  assert.equal(p.TotalAmt, 70)
  assert.equal((await qb.getBill(b.Id)).Balance, 0)
  assert.equal(await held(bank), before - 7000)
})

test('a purchase is spent at once', async () => {
  const before = await held(bank)
  const p = await qb.createPurchase({ PaymentType: 'Cash', AccountRef: ref(bank), Line: [spent(expense, 9.99)] })
  assert.equal(p.TotalAmt, 9.99)
  assert.equal(await held(bank), before - 999)
})

test('a transfer moves money between accounts', async () => {
  const before = await held(savings)
  const t = await qb.createTransfer({ FromAccountRef: ref(bank), ToAccountRef: ref(savings), Amount: 30 })
  assert.equal((await qb.getTransfer(t.Id)).Amount, 30)
  assert.equal(await held(savings), before + 3000)
})

test('a deposit brings money in', async () => {
  const before = await held(bank)
  const d = await qb.createDeposit({ DepositToAccountRef: ref(bank), Line: [{ Amount: 55, DetailType: 'DepositLineDetail', DepositLineDetail: { AccountRef: ref(equity) } }] })
  assert.equal(d.TotalAmt, 55)
  assert.equal(await held(bank), before + 5500)
})

const entry = (...rows) => qb.createJournalEntry({ Line: rows.map(([PostingType, id, Amount]) => ({ Amount, DetailType: 'JournalEntryLineDetail', JournalEntryLineDetail: { PostingType, AccountRef: ref(id) } })) })

test('a journal entry that balances', async () => {
  const before = await held(bank)
  const j = await entry(['Debit', bank, 100], ['Credit', equity, 100])
  assert.equal((await qb.getJournalEntry(j.Id)).Line.length, 2)
  assert.equal(await held(bank), before + 10000)
})

test('a journal entry that does not balance is refused', async () => {
  assert.equal((await fault(entry(['Debit', bank, 100], ['Credit', equity, 90]))).code, '6000')
})

test('a journal entry is deleted', async () => {
  const before = await held(bank)
  const j = await entry(['Debit', bank, 5], ['Credit', equity, 5])
  await qb.deleteJournalEntry({ Id: j.Id, SyncToken: j.SyncToken })
  assert.equal(await held(bank), before)
})

test('a note is attached to a customer, found and removed', async () => {
  const a = await qb.createAttachable({ Note: 'Ask for Amy', AttachableRef: [{ EntityRef: { type: 'Customer', value: customer } }] })
  assert.equal((await qb.getAttachable(a.Id)).Note, 'Ask for Amy')
  await qb.deleteAttachable({ Id: a.Id, SyncToken: a.SyncToken })
  assert.equal((await fault(qb.getAttachable(a.Id))).code, '610')
})

// cells finds the rows of a report with their values.
function cells(report) {
  const out = []
  const walk = rows => (rows?.Row ?? []).forEach(r => {
    if (r.ColData) out.push(r.ColData.map(c => c.value))
    if (r.Summary) out.push(r.Summary.ColData.map(c => c.value))
    walk(r.Rows)
  })
  walk(report.Rows)
  return out
}

test('the trial balance has the same on both sides', async () => {
  const report = await qb.reportTrialBalance({})
  assert.equal(report.Header.ReportName, 'TrialBalance')
  const total = cells(report).find(r => r[0] === 'TOTAL')
  assert.equal(total[1], total[2])
})

test('the balance sheet balances', async () => {
  const rows = cells(await qb.reportBalanceSheet({}))
  const of = name => rows.find(r => r[0].toUpperCase() === name)?.[1]
  assert.equal(of('TOTAL ASSETS'), of('TOTAL LIABILITIES AND EQUITY'))
})

test('profit and loss names its basis', async () => {
  const report = await qb.reportProfitAndLoss({ accounting_method: 'Accrual' })
  assert.equal(report.Header.ReportBasis, 'Accrual')
})

test('what customers owe is what their records say', async () => {
  const c = await qb.createCustomer({ DisplayName: unique('Owes') })
  await qb.createInvoice({ CustomerRef: ref(c.Id), Line: [sale(service, 1, 33)] })
  const row = cells(await qb.reportCustomerBalance({})).find(r => r[0] === c.DisplayName)
  assert.equal(Number(row[1]), (await qb.getCustomer(c.Id)).Balance)
})

test('aged receivables and payables', async () => {
  assert.equal((await qb.reportAgedReceivables({})).Header.ReportName, 'AgedReceivables')
  assert.equal((await qb.reportAgedPayables({})).Header.ReportName, 'AgedPayables')
})

test('vendor balances, item sales, inventory valuation', async () => {
  assert.equal((await qb.reportVendorBalance({})).Header.ReportName, 'VendorBalance')
  assert.equal((await qb.reportItemSales({})).Header.ReportName, 'ItemSales')
  assert.equal((await qb.reportInventoryValuationSummary({})).Header.ReportName, 'InventoryValuationSummary')
})

test('who the user is', async () => {
  assert.ok((await qb.getUserInfo()).givenName)
})
