import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { findBrowser, findWorkingBrowser } from '../browser.ts'

function fake(name: string, script: string): { folder: string; file: string } {
  const folder = mkdtempSync(join(tmpdir(), 'normlab-browser-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const file = join(folder, name)
  writeFileSync(file, `#!/bin/sh\n${script}\n`)
  chmodSync(file, 0o755)
  return { folder, file }
}

test('CHROMIUM_PATH goes before what is installed', () => {
  const named = fake('mine', 'exit 0')
  const installed = fake('chromium', 'exit 0')
  expect(findBrowser({ CHROMIUM_PATH: named.file, PATH: installed.folder })).toBe(named.file)
  expect(findBrowser({ PATH: installed.folder })).toBe(installed.file)
})

test('a CHROMIUM_PATH that names nothing is an error, not another browser', () => {
  const { folder } = fake('chromium', 'exit 0')
  expect(() => findBrowser({ CHROMIUM_PATH: '/no/such/chromium', PATH: folder })).toThrow('/no/such/chromium')
})

test.skipIf(process.platform === 'win32')('one that does not start is passed over', async () => {
  const broken = fake('chromium', 'exit 127')
  const whole = fake('google-chrome', 'echo Chrome 1')
  const PATH = [broken.folder, whole.folder].join(delimiter)
  expect(findBrowser({ PATH })).toBe(broken.file)
  expect(await findWorkingBrowser({ PATH })).toBe(whole.file)
})
