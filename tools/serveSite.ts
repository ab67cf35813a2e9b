import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { x } from 'tinyexec'

export const siteFolder = join(import.meta.dirname, '../apps/site')

/** True when nothing listens on the port, on either family: a server on ::1 alone hides behind 127.0.0.1. */
export async function portIsFree(port: number): Promise<boolean> {
  for (const host of ['127.0.0.1', '::1', '0.0.0.0', '::']) if (!(await canListen(port, host))) return false
  return true
}

async function canListen(port: number, host: string): Promise<boolean> {
  const server = createServer()
  try {
    server.listen(port, host)
    await once(server, 'listening')
    server.close()
    await once(server, 'close')
    return true
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    return code === 'EADDRNOTAVAIL' || code === 'EAFNOSUPPORT' // a machine without IPv6
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  await once(server, 'close')
  return typeof address === 'object' && address ? address.port : 0
}

const answers = (url: string): Promise<boolean> =>
  fetch(url)
    .then((answer) => answer.ok)
    .catch(() => false)

export interface Served {
  url: string
  /** Settles when the server ends by itself. */
  ended: Promise<number | undefined>
  close: () => Promise<void>
}

/** Serves the built site on a port (0: any free one) with its own headers; resolves once a page comes back. */
export async function serveSite(wanted: number): Promise<Served> {
  if (!existsSync(join(siteFolder, 'dist/index.html')))
    throw new Error('The site is not built: run "pnpm build" first (apps/site/dist/index.html is missing).')
  const port = wanted || (await freePort())
  const url = `http://localhost:${port}/`
  // Bound to one family: where localhost means ::1 first, a server on it alone would refuse 127.0.0.1.
  const server = x('astro', ['preview', '--ignore-lock', '--host', '127.0.0.1', '--port', String(port)], {
    nodeOptions: { cwd: siteFolder },
  })
  let log = ''
  server.process?.stdout?.on('data', (text) => (log += text))
  server.process?.stderr?.on('data', (text) => (log += text))
  let code: number | undefined | null = null
  const ended = Promise.resolve(server).then(
    (result) => (code = result.exitCode),
    () => (code = 1),
  )
  const close = async () => {
    server.kill('SIGTERM')
    await ended
  }
  const start = Date.now()
  while (Date.now() - start < 30_000) {
    if (code !== null) throw new Error(`The preview server ended (exit ${code}):\n${log}`)
    if (await answers(url)) return { url, ended, close }
    await setTimeout(100)
  }
  await close()
  throw new Error(`The preview server gave no page at ${url} within 30 s:\n${log}`)
}
