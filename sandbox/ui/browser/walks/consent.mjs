// The consent pages: a person is asked, chooses, and is sent back to the app.
import assert from 'node:assert/strict'
import { Person } from './keyboard.mjs'

const { BOX: ZOHO, QUICKBOOKS, ZOHO_CLIENT, QUICKBOOKS_CLIENT, REALM, APP } = process.env
const zoho = more => ZOHO + '/oauth/v2/auth?' + new URLSearchParams({
  client_id: ZOHO_CLIENT, response_type: 'code', access_type: 'offline', redirect_uri: APP, state: 's1', scope: 'ZohoCRM.modules.ALL,ZohoCRM.org.READ', ...more })
const quickbooks = more => QUICKBOOKS + '/connect/oauth2?' + new URLSearchParams({
  client_id: QUICKBOOKS_CLIENT, response_type: 'code', redirect_uri: APP, state: 's1', scope: 'com.intuit.quickbooks.accounting openid', ...more })

const p = await Person.sitDown(ZOHO)
const back = () => new URL(p.page.url()).searchParams
// The last choice made stays under the keyboard: the space bar takes a radio button, an arrow moves on.
const press = async key => p.page.keyboard.press(key)

await p.step('Zoho CRM asks who one is and what for', async () => {
  await p.page.goto(zoho())
  await p.heading('An app asks for access to your CRM')
  for (const text of ['Sandbox Organisation', 'Super Admin', 'see, add, change and delete records', 'see the organisation', APP.slice(0, APP.indexOf('/back'))]) await p.sees(text)
  await p.judge()
})

await p.step('the next user is chosen by an arrow, and the app gets a code', async () => {
  await p.to('Super Admin', 'input')
  await press('ArrowDown')
  assert.ok(await p.page.getByLabel('Office Admin').isChecked())
  await p.go('Accept', 'button')
  await p.sees('The app is back.')
  assert.ok(back().get('code').startsWith('1000.'))
  assert.equal(back().get('state'), 's1')
  assert.equal(back().get('location'), 'us')
  assert.equal(back().get('accounts-server'), ZOHO)
})

await p.step('Reject sends the refusal', async () => {
  await p.page.goto(zoho())
  await p.go('Reject', 'button')
  assert.equal(back().get('error'), 'access_denied')
})

await p.step('a page is answered once', async () => {
  await p.page.goto(zoho())
  const ticket = await p.page.locator('input[name=ticket]').inputValue()
  await p.go('Reject', 'button')
  const again = await p.page.request.post(ZOHO + '/oauth/v2/auth', { form: { ticket, decision: 'accept' }, maxRedirects: 0 })
  assert.equal(again.status(), 400)
  assert.ok((await again.text()).includes('This page was answered already'))
})

await p.step('an app that nobody knows stays on a page', async () => {
  await p.page.goto(zoho({ client_id: 'nobody' }))
  await p.heading('This app is not known')
  await p.judge()
})

await p.step('the self client gives a code', async () => {
  await p.page.goto(ZOHO + '/_sandbox/self-client')
  await p.heading('A code for a self client')
  await p.judge()
  await p.type('Scopes', 'ZohoCRM.users.READ')
  await p.go('Create', 'button')
  assert.match(await p.page.locator('#result').innerText(), /^1000\./)
  await p.judge()
})

await p.step('QuickBooks asks for the company', async () => {
  await p.page.goto(quickbooks())
  await p.heading('Connect an app to QuickBooks')
  for (const text of ['Sandbox Company', REALM, 'Sam Ledger', "see and change everything in the company's books"]) await p.sees(text)
  await p.judge()
})

await p.step('somebody without the right is told so, and the administrator connects', async () => {
  await p.to('Sam Ledger', 'input')
  await press('ArrowDown')
  await p.go('Connect', 'button')
  await p.sees('Only an administrator of the company can connect an app to it.')
  await p.judge()
  await p.to('Somebody else in the company', 'input')
  await press('ArrowUp')
  await p.go('Connect', 'button')
  await p.sees('The app is back.')
  assert.equal(back().get('realmId'), REALM)
  assert.equal(back().get('state'), 's1')
  assert.ok(back().get('code'))
})

await p.step('No thanks sends the refusal', async () => {
  await p.page.goto(quickbooks())
  await p.go('No thanks', 'button')
  assert.equal(back().get('error'), 'access_denied')
})

await p.step('an address that is not registered stays on a page', async () => {
  await p.page.goto(quickbooks({ redirect_uri: 'http://app.example/cb' }))
  await p.heading('The app cannot be sent an answer')
  await p.judge()
})

await p.standUp()
