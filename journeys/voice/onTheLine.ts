import { spawnSync } from 'node:child_process'
import { describe } from 'vitest'
import { asteriskDir } from '#testing/asterisk.ts'

/** Tests that need an Asterisk and SIPp; where one of them is missing, they are told as skipped. */
export const onTheLine = describe.skipIf(!asteriskDir || spawnSync('sipp', ['-v']).error !== undefined)
