/** libtensorflow from a TensorFlow wheel: pip fetches it, checked against the hash here; nothing of it is installed. */
import { mkdirSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { run } from './run.ts'

export const TENSORFLOW = '2.21.0'

export type Flavour = 'cpu' | 'cuda'

interface Wheel {
  readonly project: string
  /** pip's name of the platform. */
  readonly platform: string
  readonly sha256: string
  readonly megabytes: number
}

/** By flavour and Node's name of the processor. Linux: elsewhere wheels hold other libraries. */
const WHEELS: Readonly<Record<string, Wheel>> = {
  'cpu x64': {
    project: 'tensorflow-cpu',
    platform: 'manylinux_2_27_x86_64',
    sha256: 'dcc8afd32930e42d5296b6ee19078b773706830af4ea97fbe503b9f5e0f820cb',
    megabytes: 274,
  },
  'cuda x64': {
    project: 'tensorflow',
    platform: 'manylinux_2_27_x86_64',
    sha256: 'b3b95643c4e70eb925839938fb35cbe142f317ec84af6844ee61513713bb13c0',
    megabytes: 573,
  },
  'cpu arm64': {
    project: 'tensorflow',
    platform: 'manylinux_2_27_aarch64',
    sha256: 'b07d15737406533898e36c7ef7944b1be18e9028dc521b9229952c537bbc5552',
    megabytes: 282,
  },
}

export const wheelFor = (flavour: Flavour, platform: string, arch: string): Wheel | undefined =>
  platform === 'linux' ? WHEELS[`${flavour} ${arch}`] : undefined

/** The version of Python is the wheel's, not that of the python3 that runs pip. */
const PYTHON = ['--python-version', '3.12', '--implementation', 'cp', '--abi', 'cp312']

/** @returns the wheel's path in `folder`. */
export async function fetchWheel(wheel: Wheel, folder: string, signal?: AbortSignal): Promise<string> {
  mkdirSync(folder, { recursive: true })
  const list = join(folder, 'wheel.txt')
  writeFileSync(list, `${wheel.project}==${TENSORFLOW} --hash=sha256:${wheel.sha256}\n`)
  const how = ['--no-deps', '--only-binary', ':all:', '--no-cache-dir', '--require-hashes']
  const what = [...PYTHON, '--platform', wheel.platform, '--dest', folder, '--requirement', list]
  await run('python3', ['-m', 'pip', 'download', ...how, ...what], {
    signal,
    env: { ...process.env, PIP_DISABLE_PIP_VERSION_CHECK: '1' },
  })
  return join(
    folder,
    readdirSync(folder).find((name) => name.endsWith('.whl'))!,
  )
}

/** A wheel is a zip file. Node reads none, and python3 is here for pip. */
const UNPACK = `
import os, re, shutil, sys, zipfile
wheel, to = sys.argv[1:]
headers = re.compile(r'tensorflow/include/((tensorflow/c|xla/tsl/c|tsl/c)/.*|.*/platform/ctstring\\w*)\\.h$')
with zipfile.ZipFile(wheel) as archive:
    for name in archive.namelist():
        if re.match(r'tensorflow/libtensorflow_(cc|framework)\\.so\\.2$', name):
            path = os.path.join(to, 'lib', os.path.basename(name))
        elif headers.match(name):
            path = os.path.join(to, name.removeprefix('tensorflow/'))
        else:
            continue
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with archive.open(name) as source, open(path, 'wb') as target:
            shutil.copyfileobj(source, target, 1 << 20)
`

/** Lays `lib` and `include` out in `folder` as tfjs-node's own scripts do, which may run again with `npm rebuild`. */
export async function unpackWheel(wheel: string, folder: string, signal?: AbortSignal): Promise<void> {
  rmSync(folder, { recursive: true, force: true })
  await run('python3', ['-c', UNPACK, wheel, folder], { signal })
  const lib = join(folder, 'lib')
  const names = { cc: ['', '.2', '.2.9.1'], framework: ['', '.2.9.1'] }
  for (const [part, suffixes] of Object.entries(names))
    for (const suffix of suffixes)
      symlinkSync(
        `libtensorflow_${part}.so.2`,
        join(lib, `libtensorflow${part === 'cc' ? '' : `_${part}`}.so${suffix}`),
      )
}
