import { tenantCreated } from '#domains/identity/events.ts'
import { when } from '#kernel/react.ts'
import { layStages } from './stages.ts'

export const reactions = [when(tenantCreated, 'a new organisation begins with stages of its own to change', ctx => layStages(ctx))]
