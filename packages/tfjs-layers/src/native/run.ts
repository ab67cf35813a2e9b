import { spawn } from 'node:child_process'

export interface Running {
  readonly cwd?: string
  readonly env?: NodeJS.ProcessEnv
  readonly signal?: AbortSignal
}

/** Runs a command with its output shown. @throws Error naming the command where it fails or cannot be started. */
export async function run(command: string, args: readonly string[], options: Running = {}): Promise<void> {
  await finish(command, args, options, 'inherit')
}

/** What a command prints on its standard output. */
export const output = (command: string, args: readonly string[], options: Running = {}): Promise<string> =>
  finish(command, args, options, 'pipe')

function finish(
  command: string,
  args: readonly string[],
  { cwd, env, signal }: Running,
  to: 'inherit' | 'pipe',
): Promise<string> {
  return new Promise((resolve, reject) => {
    const said: string[] = []
    const child = spawn(command, args, { cwd, env, signal, stdio: ['ignore', to, to] })
    child.stdout?.setEncoding('utf8').on('data', (text: string) => said.push(text))
    const complaints: string[] = []
    child.stderr?.setEncoding('utf8').on('data', (text: string) => complaints.push(text))
    child.on('error', reject)
    child.on('close', (code, by) => {
      if (code === 0) resolve(said.join(''))
      else
        reject(
          new Error(
            `${command} ${args[0] ?? ''} ended with ${by ?? code}\n${complaints.join('').slice(-2000)}`.trim(),
          ),
        )
    })
  })
}

/** True where the command can be started and ends well. */
export const works = (command: string, args: readonly string[]): Promise<boolean> =>
  output(command, args).then(
    () => true,
    () => false,
  )
