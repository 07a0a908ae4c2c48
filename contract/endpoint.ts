import * as z from 'zod'

// Where a content policy allows no code made from text, zod must not even try: before the first schema is made.
if ('document' in globalThis) z.config({ jitless: true })

/** UUIDv7 made in Node. */
export const Id = z.uuid()
/** An instant: ISO 8601 on the wire, `Date` in both houses. Beyond these years PostgreSQL and ISO 8601 write dates differently. */
const Instant = z.date().min(new Date('1900-01-01T00:00:00Z')).max(new Date('9999-12-31T23:59:59.999Z'))
export const Time = z.codec(z.iso.datetime({ offset: true }), Instant, {
  decode: text => new Date(text),
  encode: date => date.toISOString(),
})
/** Typed words of a person: trimmed, never empty. */
export const Words = (max: number) => z.string().trim().min(1).max(max)
/** Query strings carry only text; a number or a yes/no in a query is decoded by these. */
export const QueryInt = z.codec(z.string().regex(/^-?\d{1,9}$/), z.int(), { decode: Number, encode: String })
/** Several ids in a query, with commas between. */
export const QueryIds = z.codec(z.string().max(37 * 100), z.array(Id).min(1).max(100), {
  decode: text => text.split(','),
  encode: ids => ids.join(','),
})
export const QueryBool = z.codec(z.enum(['true', 'false']), z.boolean(), {
  decode: t => t === 'true',
  encode: b => (b ? ('true' as const) : ('false' as const)),
})

/**
 * Whatever zod can parse. Zod's own `ZodType` has eighty methods, and holding every schema against all of them was half of what `tsc` did;
 * this one asks only for what is parsed and what comes of it.
 */
export type Schema<Output = unknown, Input = unknown> = z.core.$ZodType<Output, Input>

/** Pages are cut by key, never by offset. `after` is the opaque `next` of the page before. */
export const Paging = z.object({ after: z.string().max(600).optional(), size: QueryInt.pipe(z.int().min(1).max(200)).optional() })
/** The orders a list offers, by the words of its address; a minus before one: downwards. The first is how it runs without any. */
export const Order = <const O extends string>(...orders: readonly [O, ...O[]]) => z.enum(orders).optional()
export const pageOf = <R extends Schema>(row: R) => z.object({ rows: z.array(row), next: z.string().nullable() })

/** Who may call: a permission, or one of the doors that need none.
 *  `public`: anyone; `signed-in`: any user and any API key; `self`: a person's own account, open before a due second factor is set up; `visitor`: the chat widget's token; `link`: the secret of a link sent to a customer. */
export type Permission = `${string}:${string}`
export type May = Permission | 'public' | 'signed-in' | 'self' | 'visitor' | 'link'

type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
type Nothing = z.ZodOptional<z.ZodUndefined>
export type PathKeys<P extends string> = P extends `${string}:${infer K}/${infer Rest}`
  ? K | PathKeys<`/${Rest}`>
  : P extends `${string}:${infer K}`
    ? K
    : never

export type Endpoint<P extends string = string, Q extends Schema = Schema, B extends Schema = Schema, R extends Schema = Schema> = {
  method: Method
  path: P
  query: Q
  body: B
  reply: R
  may: May
  /** One sentence for the API reference. */
  says: string
}

type Spec<Q, B, R> = { query?: Q; body?: B; reply?: R; may: May; says?: string }
const nothing: Nothing = z.undefined().optional()

const endpoint =
  (method: Method) =>
  <const P extends string, Q extends Schema = Nothing, B extends Schema = Nothing, R extends Schema = Nothing>(
    path: P,
    spec: Spec<Q, B, R>,
  ): Endpoint<
    P,
    Q,
    B,
    R
  > => // The three defaults are the very types the parameters default to; TypeScript cannot see that a missing key and its default meet.
  ({
    method,
    path,
    query: (spec.query ?? nothing) as Q,
    body: (spec.body ?? nothing) as B,
    reply: (spec.reply ?? nothing) as R,
    may: spec.may,
    says: spec.says ?? '',
  })

export const get = endpoint('GET')
export const post = endpoint('POST')
export const put = endpoint('PUT')
export const patch = endpoint('PATCH')
export const del = endpoint('DELETE')

export type Endpoints = Record<string, Endpoint>

/** A change: any of the fields, and none that was not sent. Plain `.partial()` would fill in the defaults and so reset what nobody touched. */
export const changeOf = <S extends z.ZodObject>(shape: S): Change<S> => {
  const bare = Object.fromEntries(
    Object.entries(shape.shape).map(([key, field]) => [key, field instanceof z.ZodDefault ? field.unwrap() : field]),
  )
  return z.object(bare).partial() as Change<S>
}
type Change<S extends z.ZodObject> = z.ZodObject<{
  [K in keyof S['shape']]: z.ZodOptional<S['shape'][K] extends z.ZodDefault<infer T> ? T : S['shape'][K]>
}>

/** Stands for all that a row of a catalog says: another one, and somebody changed it. Catalogs that keep their rows by hand have none. */
const Edition = z.string().max(40)

/** A list of names and settings without behaviour: list, add, change, retire. Nothing is deleted. */
export const catalog = <const P extends `/${string}`, S extends z.ZodObject>(path: P, shape: S, may: { read: May; write: May }) => {
  const Row = z.object({ id: Id, retired: z.boolean(), edition: Edition.optional(), ...(shape.shape as S['shape']) })
  const one: `${P}/:id` = `${path}/:id`
  return {
    list: get(path, {
      query: z.object({ retired: QueryBool.optional() }),
      reply: z.array(Row),
      may: may.read,
      says: `All rows of ${path.slice(1)}.`,
    }),
    add: post(path, { body: shape, reply: Row, may: may.write, says: `Add a row to ${path.slice(1)}.` }),
    change: patch(one, {
      body: changeOf(shape).extend({ edition: Edition.optional() }),
      reply: Row,
      may: may.write,
      says: `Change a row of ${path.slice(1)}. With the \`edition\` that was read it is refused when someone else changed the row since.`,
    }),
    retire: put(`${one}/retired` as `${P}/:id/retired`, {
      body: z.object({ retired: z.boolean() }),
      reply: Row,
      may: may.write,
      says: `Retire a row of ${path.slice(1)} or bring it back.`,
    }),
    shape,
    Row,
  }
}

/** The problem+json (RFC 9457) body of every refusal. */
export const Problem = z.object({
  type: z.string(),
  title: z.string(),
  status: z.int(),
  code: z.string(),
  /** Facts for the words of the code; `fields` of an `input.invalid` name what is wrong where. */
  facts: z.record(z.string(), z.unknown()).optional(),
  requestId: z.string().optional(),
})
export type Problem = z.output<typeof Problem>
