import { type ParseArgsConfig, parseArgs } from 'node:util'

/** What the command line asks for. `--help` prints the usage; what is mistyped gets one line, then the usage, and exit code 2. */
export function options<const O extends NonNullable<ParseArgsConfig['options']>>(usage: string, known: O) {
  if (helpAsked()) helped(usage)
  try {
    return parseArgs({ options: known }).values
  } catch (error) {
    // Node adds a hint about positional arguments after the first sentence.
    mistyped(error instanceof Error ? (error.message.split('. ')[0] ?? '') : String(error), usage)
  }
}

export const helpAsked = (): boolean => process.argv.includes('--help') || process.argv.includes('-h')

export function helped(usage: string): never {
  process.stdout.write(`${usage}\n`)
  process.exit(0)
}

export function mistyped(words: string, usage: string): never {
  process.stderr.write(`${words}\n\n${usage}\n`)
  process.exit(2)
}
