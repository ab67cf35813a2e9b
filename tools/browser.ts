import { existsSync } from 'node:fs'
import { homedir } from 'node:os'
import { delimiter, join } from 'node:path'
import { chromium } from 'playwright'
import { x } from 'tinyexec'

/** No network but this machine, no sandbox (containers), software GL. */
export const browserArgs = [
  '--no-sandbox',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--enable-unsafe-swiftshader',
  '--enable-unsafe-webgpu',
  '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1',
]

const names = [
  'chromium',
  'chromium-browser',
  'google-chrome',
  'google-chrome-stable',
  'chrome',
  'microsoft-edge',
]
const apps: Partial<Record<NodeJS.Platform, string[]>> = {
  darwin: ['', homedir()].flatMap((base) => [
    `${base}/Applications/Google Chrome.app/Contents/MacOS/Google Chrome`,
    `${base}/Applications/Chromium.app/Contents/MacOS/Chromium`,
    `${base}/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge`,
  ]),
  win32: ['PROGRAMFILES', 'PROGRAMFILES(X86)', 'LOCALAPPDATA'].flatMap((name) =>
    [
      'Google\\Chrome\\Application\\chrome.exe',
      'Chromium\\Application\\chrome.exe',
      'Microsoft\\Edge\\Application\\msedge.exe',
    ].map((app) => join(process.env[name] ?? 'C:\\', app)),
  ),
}

/** What there is on this machine: CHROMIUM_PATH alone, else what is installed, else Playwright's own. */
function candidates(env: NodeJS.ProcessEnv): string[] {
  if (env.CHROMIUM_PATH) {
    if (existsSync(env.CHROMIUM_PATH)) return [env.CHROMIUM_PATH]
    throw new Error(
      `CHROMIUM_PATH names ${env.CHROMIUM_PATH}, and no file is there. Unset it, or name a Chromium.`,
    )
  }
  const folders = (env.PATH ?? '').split(delimiter).filter(Boolean)
  const onPath = folders.flatMap((folder) => names.map((name) => join(folder, name)))
  return [...onPath, ...(apps[process.platform] ?? []), chromium.executablePath()].filter((path) =>
    existsSync(path),
  )
}

export const findBrowser = (env: NodeJS.ProcessEnv = process.env): string | undefined => candidates(env)[0]

/** A download may lie there and not start: the system's libraries are missing. */
async function starts(path: string): Promise<boolean> {
  if (process.platform === 'win32') return true // there --version opens a window
  return x(path, ['--version'], { timeout: 20_000 }).then(
    ({ exitCode }) => exitCode === 0,
    () => false,
  )
}

/** The first one that starts. */
export async function findWorkingBrowser(env: NodeJS.ProcessEnv = process.env): Promise<string | undefined> {
  for (const path of candidates(env)) if (await starts(path)) return path
  return undefined
}

const aptInstall =
  'apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends chromium'

/** Ways to get one where none is, each with a time limit: offline, a download may hang. */
const installers: { name: string; can: () => boolean; command: string[]; seconds: number }[] = [
  {
    name: 'playwright install chromium',
    can: () => true,
    command: [
      process.execPath,
      join(import.meta.dirname, 'node_modules/playwright/cli.js'),
      'install',
      'chromium',
    ],
    seconds: 90,
  },
  {
    name: 'apt-get install chromium',
    can: () => process.getuid?.() === 0 && existsSync('/usr/bin/apt-get'),
    command: ['sh', '-c', aptInstall],
    seconds: 180,
  },
]

/** Finds a browser, or installs one; says what it does. Undefined where none can be had. */
export async function getBrowser(log: (line: string) => void = console.log): Promise<string | undefined> {
  const found = await findWorkingBrowser()
  if (found) return found
  for (const { name, can, command, seconds } of installers) {
    if (!can()) continue
    log(`No Chromium that starts: trying "${name}" (at most ${seconds} s)`)
    const exitCode = await x(command[0], command.slice(1), { timeout: seconds * 1000 }).then(
      (result) => result.exitCode,
      () => undefined,
    )
    const now = await findWorkingBrowser()
    if (now) return now
    log(`"${name}" brought none (${exitCode === undefined ? 'out of time' : `exit ${exitCode}`})`)
  }
  return undefined
}
