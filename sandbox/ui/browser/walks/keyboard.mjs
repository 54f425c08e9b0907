// A person with a keyboard and no mouse: everything is reached by the Tab key,
// chosen by what it is called, and used by Enter, the space bar and letters.
import { chromium } from 'playwright-core'
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import assert from 'node:assert/strict'

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
const rules = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']
const colours = { type: 'rule', values: ['color-contrast', 'link-in-text-block'] }
const patience = 120_000 // ms; a busy machine is slow, not wrong
const farthest = 500 // presses of the Tab key on one page

// distance estimates how many presses lie ahead, so that only the last ones need
// a look at where the keyboard is. It presses nothing itself.
function distance([name, kind]) {
  const all = [...document.querySelectorAll('a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex="0"]')].filter(e => e.checkVisibility())
  const called = e => (e.getAttribute('aria-label') ?? (e.labels?.length ? e.labels[0].innerText : e.innerText ?? '')).replace(/\s+/g, ' ').trim()
  const fits = e => (called(e) === name || called(e).startsWith(name + ' ')) && (!kind || e.tagName.toLowerCase() === kind)
  const here = document.activeElement
  let at = all.indexOf(here)
  if (at < 0 && here !== document.body) at = all.findIndex(e => here.compareDocumentPosition(e) & Node.DOCUMENT_POSITION_FOLLOWING) - 1
  for (let i = 1; i <= all.length; i++) {
    if (fits(all[(at + i) % all.length])) return i
  }
  return 0
}

export class Person {
  static async sitDown(url) {
    const browser = await chromium.launch({ executablePath: process.env.CHROMIUM, args: ['--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage'], timeout: patience })
    const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, colorScheme: 'light' })
    context.setDefaultTimeout(patience)
    context.setDefaultNavigationTimeout(patience)
    const page = await context.newPage()
    const person = new Person(browser, page)
    page.on('console', message => { if (message.type() === 'error') person.complaints.push(message.text()) })
    page.on('pageerror', error => person.complaints.push(String(error)))
    page.on('dialog', dialog => { person.complaints.push('a dialog opened: ' + dialog.message()); void dialog.dismiss() })
    await page.goto(url + '/_sandbox/ui')
    return person
  }

  constructor(browser, page) {
    Object.assign(this, { browser, page, complaints: [], failed: false })
  }

  // step runs one part of the walk and tells it as a line of JSON; after a
  // failure the rest has no ground to stand on.
  async step(name, run) {
    if (this.failed) return
    let error = ''
    try {
      this.complaints.length = 0
      await run()
      // A refusal is answered with 422 or another 4xx, which the browser notes as a failed load.
      const bad = this.complaints.filter(text => !/status of (400|403|422|404|405)/.test(text))
      assert.deepEqual(bad, [], 'the browser complains')
    } catch (e) {
      this.failed = true
      error = (e.stack ?? String(e)) + '\nat ' + this.page.url() + '\n' + (await this.page.locator('main').innerText().catch(() => '')).slice(0, 1500)
    }
    console.log(JSON.stringify({ name, error }))
  }

  async standUp() {
    await this.browser.close()
    process.exitCode = this.failed ? 1 : 0
  }

  // focused is what the keyboard is on.
  focused() {
    return this.page.evaluate(() => {
      const e = document.activeElement
      if (!e || e === document.body) return { name: '', kind: 'page' }
      const label = e.getAttribute('aria-label') ?? (e.labels?.length ? e.labels[0].innerText : e.innerText ?? '')
      const ring = getComputedStyle(e)
      return { name: label.replace(/\s+/g, ' ').trim(), kind: e.tagName.toLowerCase(), ringed: ring.outlineStyle !== 'none' && parseFloat(ring.outlineWidth) > 0 }
    })
  }

  // to presses Tab until the keyboard is on what bears the name.
  async to(name, kind) {
    let near = await this.page.evaluate(distance, [name, kind])
    if (near > 20 && (await this.focused()).kind === 'page') { // the menu is in the way: skip it, as its first link offers
      await this.page.keyboard.press('Tab')
      await this.page.keyboard.press('Enter')
      const ahead = await this.page.evaluate(distance, [name, kind])
      near = Math.min(near, ahead)
    }
    await Promise.all(Array.from({ length: Math.max(0, near - 2) }, () => this.page.keyboard.press('Tab')))
    for (let i = 0; i < farthest; i++) {
      await this.page.keyboard.press('Tab')
      const at = await this.focused()
      if ((at.name === name || at.name.startsWith(name + ' ')) && (!kind || at.kind === kind)) {
        assert.ok(at.ringed, `the focus cannot be seen on “${name}”`)
        return
      }
    }
    assert.fail(`the Tab key does not reach “${name}”`)
  }

  async type(name, text) {
    await this.to(name)
    await this.page.keyboard.press('Control+A')
    await this.page.keyboard.insertText(text)
  }

  // choose types the beginning of an option, as people do in a list.
  async choose(name, option) {
    await this.to(name, 'select')
    await this.page.keyboard.type(option)
  }

  // go presses Enter on a link or a button and waits for the next page.
  async go(name, kind) {
    await this.to(name, kind)
    await Promise.all([this.page.waitForNavigation({ waitUntil: 'load' }), this.page.keyboard.press('Enter')])
  }

  async heading(want) {
    assert.equal((await this.page.locator('h1').innerText()).trim(), want)
  }

  async sees(text) {
    const all = (await this.page.locator('body').innerText()).replace(/\s+/g, ' ')
    assert.ok(all.includes(text), `“${text}” is not on the page`)
  }

  // judge lets axe look at the page in light and dark, and at its width on a
  // phone. What does not depend on colours is judged once.
  async judge() {
    const found = []
    await this.page.evaluate(axe)
    for (const [colorScheme, runOnly] of [['light', rules], ['dark', colours]]) {
      await this.page.emulateMedia({ colorScheme })
      const bad = await this.page.evaluate(async runOnly => (await window.axe.run(document, { runOnly, resultTypes: ['violations'] })).violations
        .map(v => v.id + ': ' + v.nodes.map(n => n.html).slice(0, 3).join(' | ')), runOnly)
      found.push(...bad.map(text => colorScheme + ' ' + text))
    }
    await this.page.emulateMedia({ colorScheme: 'light' })
    await this.page.setViewportSize({ width: 390, height: 844 })
    const wide = await this.page.evaluate(() => document.documentElement.scrollWidth)
    await this.page.setViewportSize({ width: 1280, height: 900 })
    if (wide > 390) found.push(`on a phone of 390 the page is ${wide} wide`)
    assert.deepEqual(found, [])
  }
}
