// What an organisation is set up like (zoho-crm.md sections 7.6 and 9).
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { create, outcome, params, pick, read, refusal, sdk, signIn } from '../lib/zoho.mjs'

await signIn()
const { Modules, Fields, Layouts, Currencies, Org, Users, Profiles, Roles, Taxes, RelatedLists } = sdk

test('modules', async () => {
  const all = (await new Modules.ModulesOperations().getModules(new sdk.ParameterMap(), new sdk.HeaderMap())).getObject().getModules()
  const names = all.map(m => m.getAPIName())
  for (const name of ['Accounts', 'Contacts', 'Deals', 'Products', 'Quotes', 'Invoices', 'Vendors', 'Purchase_Orders']) assert.ok(names.includes(name), name)
})

test('a module says whether the API reaches it', async () => {
  const all = (await new Modules.ModulesOperations().getModules(new sdk.ParameterMap(), new sdk.HeaderMap())).getObject().getModules()
  const accounts = all.find(m => m.getAPIName() === 'Accounts')
  assert.equal(accounts.getAPISupported(), true)
  assert.equal(accounts.getPluralLabel(), 'Accounts')
  assert.equal(typeof accounts.getId(), 'bigint')
})

test('one module by its name', async () => {
  const [m] = (await new Modules.ModulesOperations().getModuleByAPIName('Invoices')).getObject().getModules()
  assert.equal(m.getAPIName(), 'Invoices')
})

const fields = async (module, more = []) => new Fields.FieldsOperations().getFields(await params([[Fields.GetFieldsParam.MODULE, module], ...more]))

test('fields with type, length and label', async () => {
  const all = (await fields('Accounts')).getObject().getFields()
  const name = all.find(f => f.getAPIName() === 'Account_Name')
  assert.equal(name.getDataType(), 'text')
  assert.equal(name.getLength(), 200)
  assert.equal(name.getSystemMandatory(), true)
  assert.equal(name.getCustomField(), false)
})

test('a picklist field has its values', async () => {
  const stage = (await fields('Deals')).getObject().getFields().find(f => f.getAPIName() === 'Stage')
  assert.ok(stage.getPickListValues().some(v => v.getActualValue() === 'Closed Won'))
})

test('a look-up field names its module', async () => {
  const account = (await fields('Contacts')).getObject().getFields().find(f => f.getAPIName() === 'Account_Name')
  assert.equal(account.getDataType(), 'lookup')
  assert.equal(account.getLookup().getModule().getAPIName(), 'Accounts')
})

test('fields of an unknown module are INVALID_MODULE', async () => {
  assert.equal(refusal(await fields('Nonsense')).code, 'INVALID_MODULE')
})

test('fields without a module are refused', async () => {
  assert.equal(refusal(await new Fields.FieldsOperations().getFields(new sdk.ParameterMap())).code, 'REQUIRED_PARAM_MISSING')
})

async function addField(module, set) {
  const f = new Fields.Fields()
  set(f)
  const b = new Fields.BodyWrapper()
  b.setFields([f])
  const answer = await new Fields.FieldsOperations().createField(b, await params([[Fields.CreateFieldParam.MODULE, module]]))
  return { http: answer.getStatusCode(), ...outcome(answer.getObject().getFields ? answer.getObject().getFields()[0] : answer.getObject()) }
}

test('a field is created, filled and read', async () => {
  const made = await addField('Vendors', f => { f.setFieldLabel('Paid Through'); f.setDataType('text'); f.setLength(50) })
  assert.deepEqual([made.http, made.code], [201, 'SUCCESS'])
  await sdk.ModuleFieldsHandler.refreshFields('Vendors')
  const [id] = await create('Vendors', { Vendor_Name: 'Has it', Paid_Through: 'Bank' })
  assert.equal((await read('Vendors', id)).getKeyValue('Paid_Through'), 'Bank')
})

test('one field by its id', async () => {
  const made = await addField('Vendors', f => { f.setFieldLabel('By Id'); f.setDataType('currency') })
  const [one] = (await new Fields.FieldsOperations().getField(BigInt(made.details.id), await params([[Fields.GetFieldParam.MODULE, 'Vendors']]))).getObject().getFields()
  assert.deepEqual([one.getAPIName(), one.getCustomField(), one.getDataType()], ['By_Id', true, 'currency'])
})

test('a field is deleted', async () => {
  const made = await addField('Vendors', f => { f.setFieldLabel('Short Lived'); f.setDataType('text') })
  const answer = await new Fields.FieldsOperations().deleteField(BigInt(made.details.id), await params([[Fields.DeleteFieldParam.MODULE, 'Vendors']]))
  assert.equal(answer.getStatusCode(), 200)
  assert.ok(!(await fields('Vendors')).getObject().getFields().some(f => f.getAPIName() === 'Short_Lived'))
})

test('a label that exists is DUPLICATE_DATA', async () => {
  const made = await addField('Vendors', f => { f.setFieldLabel('City'); f.setDataType('text') })
  assert.deepEqual([made.http, made.code], [400, 'DUPLICATE_DATA'])
})

test('a text longer than 255 is refused', async () => {
  const made = await addField('Vendors', f => { f.setFieldLabel('Long'); f.setDataType('text'); f.setLength(256) })
  assert.deepEqual([made.code, made.details.api_name], ['INVALID_DATA', 'length'])
})

const unique = label => f => {
  f.setFieldLabel(label)
  f.setDataType('text')
  f.setLength(50)
  const u = new Fields.Unique()
  u.setCasesensitive('false')
  f.setUnique(u)
}

test('a unique field keeps doubles out and names who has it', async () => {
  const made = await addField('Deals', unique('Code'))
  assert.equal(made.code, 'SUCCESS')
  await sdk.ModuleFieldsHandler.refreshFields('Deals')
  const [id] = await create('Deals', { Deal_Name: 'One', Stage: pick('Qualification'), Code: 'a-1' })
  await assert.rejects(create('Deals', { Deal_Name: 'Two', Stage: pick('Qualification'), Code: 'A-1' }), e => e.message.includes('DUPLICATE_DATA') && e.message.includes(String(id)))
})

test('the third unique field is LIMIT_EXCEEDED', async () => {
  assert.equal((await addField('Deals', unique('Second'))).code, 'SUCCESS')
  assert.equal((await addField('Deals', unique('Third'))).code, 'LIMIT_EXCEEDED')
})

const layouts = async module => (await new Layouts.LayoutsOperations().getLayouts(await params([[Layouts.GetLayoutsParam.MODULE, module]]))).getObject().getLayouts()

test('layouts with sections and fields', async () => {
  const [standard] = await layouts('Invoices')
  assert.equal(standard.getName(), 'Standard')
  const names = standard.getSections().flatMap(s => (s.getFields() ?? []).map(f => f.getAPIName()))
  assert.ok(names.includes('Subject'))
  assert.ok(names.includes('Grand_Total'))
})

test('documents have a second layout', async () => {
  assert.deepEqual((await layouts('Quotes')).map(l => l.getName()), ['Standard', 'QuickBooks'])
})

test('one layout by its id', async () => {
  const [, second] = await layouts('Quotes')
  const [one] = (await new Layouts.LayoutsOperations().getLayout(second.getId(), await params([[Layouts.GetLayoutParam.MODULE, 'Quotes']]))).getObject().getLayouts()
  assert.equal(one.getName(), 'QuickBooks')
})

test('related lists', async () => {
  const answer = await new RelatedLists.RelatedListsOperations().getRelatedLists(await params([[RelatedLists.GetRelatedListsParam.MODULE, 'Accounts']]))
  assert.ok(answer.getObject().getRelatedLists().some(l => l.getAPIName() === 'Contacts'))
})

test('the organisation', async () => {
  const [org] = (await new Org.OrgOperations().getOrganization()).getObject().getOrg()
  assert.equal(org.getIsoCode(), 'USD')
  assert.ok(org.getCompanyName())
  assert.ok(org.getLicenseDetails().getPaidType())
})

test('users', async () => {
  const users = (await new Users.UsersOperations().getUsers(new sdk.ParameterMap(), new sdk.HeaderMap())).getObject().getUsers()
  assert.ok(users.length > 1)
  assert.ok(users[0].getEmail())
  assert.ok(users[0].getProfile().getName())
})

test('the user who is signed in', async () => {
  const users = (await new Users.UsersOperations().getUsers(await params([[Users.GetUsersParam.TYPE, 'CurrentUser']]), new sdk.HeaderMap())).getObject().getUsers()
  assert.equal(users.length, 1)
})

test('one user by id', async () => {
  const [me] = (await new Users.UsersOperations().getUsers(await params([[Users.GetUsersParam.TYPE, 'CurrentUser']]), new sdk.HeaderMap())).getObject().getUsers()
  const [same] = (await new Users.UsersOperations().getUser(me.getId(), new sdk.HeaderMap())).getObject().getUsers()
  assert.equal(same.getEmail(), me.getEmail())
})

test('no deleted users is 204', async () => {
  assert.equal((await new Users.UsersOperations().getUsers(await params([[Users.GetUsersParam.TYPE, 'DeletedUsers']]), new sdk.HeaderMap())).getStatusCode(), 204)
})

test('profiles', async () => {
  const all = (await new Profiles.ProfilesOperations().getProfiles(new sdk.ParameterMap())).getObject().getProfiles()
  assert.ok(all.some(p => p.getName() === 'Administrator'))
})

test('roles', async () => {
  const all = (await new Roles.RolesOperations().getRoles()).getObject().getRoles()
  assert.ok(all.some(r => r.getName() === 'CEO'))
})

test('taxes are added and read', async () => {
  const tax = new Taxes.Tax()
  tax.setName('City Tax')
  tax.setValue(8.25)
  tax.setSequenceNumber(1)
  const org = new Taxes.OrgTax()
  org.setTaxes([tax])
  const b = new Taxes.BodyWrapper()
  b.setOrgTaxes(org)
  assert.equal((await new Taxes.TaxesOperations().updateTaxes(b)).getStatusCode(), 200)
  const [found] = (await new Taxes.TaxesOperations().getTaxes()).getObject().getOrgTaxes().getTaxes()
  assert.deepEqual([found.getName(), found.getValue()], ['City Tax', 8.25])
})

const currencies = new Currencies.CurrenciesOperations()

function currency(code, rate, symbol, kind = Currencies.Currency) {
  const c = new kind()
  c.setIsoCode(code)
  c.setExchangeRate(rate)
  c.setSymbol(symbol)
  c.setName(code)
  c.setPrefixSymbol(true)
  c.setIsActive(true)
  const format = new Currencies.Format()
  format.setDecimalSeparator(pick('Period'))
  format.setThousandSeparator(pick('Comma'))
  format.setDecimalPlaces(pick('2'))
  c.setFormat(format)
  return c
}

test('currencies are off until somebody turns them on', async () => {
  const r = refusal(await currencies.getCurrencies())
  assert.deepEqual([r.http, r.code], [403, 'CURRENCIES_NOT_ENABLED'])
})

async function enable(code) {
  const b = new Currencies.BaseCurrencyWrapper()
  b.setBaseCurrency(currency(code, '1.000000000', '$', Currencies.BaseCurrency))
  return currencies.enableBaseCurrency(b)
}

test('currencies are turned on with the base currency', async () => {
  assert.equal((await enable('USD')).getStatusCode(), 200)
  const [base] = (await currencies.getCurrencies()).getObject().getCurrencies()
  assert.deepEqual([base.getIsoCode(), base.getIsBase()], ['USD', true])
})

test('currencies are turned on once', async () => {
  assert.equal((await enable('USD')).getStatusCode(), 400)
})

test('a currency is added and stands on records', async () => {
  const b = new Currencies.BodyWrapper()
  b.setCurrencies([currency('EUR', '1.100000000', '€')])
  const answer = await currencies.addCurrencies(b)
  assert.ok([200, 201].includes(answer.getStatusCode()))
  await sdk.ModuleFieldsHandler.refreshFields('Accounts')
  const [id] = await create('Accounts', { Account_Name: 'In euros', Currency: pick('EUR') })
  const r = await read('Accounts', id)
  assert.equal(r.getKeyValue('Exchange_Rate'), 1.1)
})

test('a currency twice is DUPLICATE_DATA', async () => {
  const b = new Currencies.BodyWrapper()
  b.setCurrencies([currency('EUR', '1.100000000', '€')])
  const answer = await currencies.addCurrencies(b)
  assert.equal(outcome(answer.getObject().getCurrencies()[0]).code, 'DUPLICATE_DATA')
})

test('one currency by its id', async () => {
  const eur = (await currencies.getCurrencies()).getObject().getCurrencies().find(c => c.getIsoCode() === 'EUR')
  const [one] = (await currencies.getCurrency(eur.getId())).getObject().getCurrencies()
  assert.equal(one.getExchangeRate(), '1.100000000')
})
