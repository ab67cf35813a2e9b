#!/usr/bin/env node
import { dirname } from 'node:path'
import { createRequire } from 'node:module'
import { parseArgs } from 'node:util'
import { doctor, installLibtensorflow, report, useNativeBackend } from './node.ts'

const USAGE = `normlab-tfjs doctor
    what is installed for TensorFlow.js in Node, what is wrong with it, and which backend is chosen
normlab-tfjs libtensorflow [--cuda] [--package FOLDER]
    gives @tensorflow/tfjs-node (--cuda: @tensorflow/tfjs-node-gpu), installed with --ignore-scripts, libtensorflow from the
    TensorFlow wheel of PyPI, and builds its addon. Linux; wants python3 with pip, npm and a C++ compiler.`

function folderOf(name: string): string {
  try {
    return dirname(createRequire(`${process.cwd()}/index.js`).resolve(`${name}/package.json`))
  } catch {
    throw new Error(`${name} is not installed here: npm install --ignore-scripts ${name}`)
  }
}

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    options: { cuda: { type: 'boolean', default: false }, package: { type: 'string' } },
    allowPositionals: true,
  })
  const [command] = positionals
  if (command === 'doctor') {
    console.log(report(await doctor()))
    await useNativeBackend()
  } else if (command === 'libtensorflow') {
    const stop = new AbortController()
    for (const name of ['SIGINT', 'SIGTERM'] as const) process.on(name, () => stop.abort())
    const folder = values.package ?? folderOf(`@tensorflow/tfjs-node${values.cuda ? '-gpu' : ''}`)
    const flavour = values.cuda ? 'cuda' : 'cpu'
    const { fresh, tensorflow, gpu } = await installLibtensorflow(folder, { flavour, signal: stop.signal })
    console.log(
      `libtensorflow ${tensorflow} ${fresh ? 'works' : 'was there and works'} (${gpu ? 'GPU' : 'CPU'})`,
    )
  } else {
    console.log(USAGE)
    process.exitCode = command === undefined ? 0 : 2
  }
}

try {
  await main()
} catch (error) {
  console.error((error as Error).message)
  process.exitCode = 1
}
