import { parseArgs } from 'node:util'
import * as z from 'zod'
import { makeSample } from '#domains/sample/index.ts'
import { allTenants } from '#kernel/directory.ts'
import { migrate } from '#kernel/migrate.ts'
import type { Config } from '../config.ts'
import { openDatabase } from './database.ts'
import { StartFailure } from './faces.ts'
import { whoHolds } from './lock.ts'
import { bar } from './progress.ts'
import { withHouse } from './tenant.ts'

const Options = z.object({ size: z.enum(['S', 'M', 'L']).default('S'), language: z.enum(['zh', 'en']).default('zh') })

/** `huiyin sample --size=M`: the sample centre, or a larger one. The product must not run: tables of this size are filled without their indexes. */
export async function makeSampleAsTold(config: Config, args: string[]): Promise<void> {
  const { values } = parseArgs({ args, options: { size: { type: 'string' }, language: { type: 'string' } } })
  const options = Options.safeParse(values)
  if (!options.success)
    throw new StartFailure('options.invalid', '参数不对：--size=S|M|L --language=zh|en', 'Wrong options: --size=S|M|L --language=zh|en')
  if (!config.DATABASE_URL && (await whoHolds(config.DATA)) !== null)
    throw new StartFailure('sample.running', '产品正在运行，先停止它再造样例', 'The product is running: stop it, then make the sample')
  const database = await openDatabase(config, { info: () => {}, warn: words => void process.stderr.write(`${words}\n`) })
  try {
    await migrate(database.controlUrl)
    await withHouse(config, database, async house => {
      const tenants = await allTenants(house.control)
      if (tenants.some(t => t.slug !== 'qingyuan'))
        throw new StartFailure(
          'sample.not_alone',
          '库里已有别的机构，样例只造在空库里',
          'The database has organisations of its own; a sample goes into an empty one',
        )
      await makeSample(house, database.controlUrl, { ...options.data, now: house.clock(), enlarge: true, tell: bar() })
    })
    process.stderr.write('\n')
  } finally {
    await database.stop()
  }
}
