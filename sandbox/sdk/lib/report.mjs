// A reporter for the test runner: one line of JSON for each case.
export default async function* report(source) {
  for await (const { type, data } of source) {
    if (type !== 'test:pass' && type !== 'test:fail') continue
    if (data.details?.type === 'suite') continue
    const error = data.details?.error
    const cause = error?.cause ?? error
    yield JSON.stringify({
      name: data.name,
      ok: type === 'test:pass',
      skipped: Boolean(data.skip ?? data.todo),
      error: type === 'test:fail' ? String(cause?.stack ?? cause) + describe(cause) : '',
    }) + '\n'
  }
}

// The vendors' exceptions keep what happened beside the message.
function describe(cause) {
  if (!cause || typeof cause !== 'object') return ''
  const { code, details, cause: inner } = cause
  const more = JSON.stringify({ code, details }, (_, v) => (typeof v === 'bigint' ? String(v) : v))
  return more === '{}' ? '' : '\n' + more + (inner ? '\nbecause: ' + (inner.stack ?? inner) : '')
}
