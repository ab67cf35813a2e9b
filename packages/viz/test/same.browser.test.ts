import { expect, test } from 'vitest'
import { figures, hash } from './figures.ts'
import wanted from './same.fixture.json' with { type: 'json' }

test.each(Object.keys(figures))('%s is the same string as in Node', (name) => {
  expect(hash(figures[name]())).toBe((wanted as Record<string, string>)[name])
})
