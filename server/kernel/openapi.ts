import * as z from 'zod'
import { type Endpoint, Problem, type Schema } from '#contract/endpoint.ts'

/** What crosses the wire is the input side of a codec: ISO text for an instant. */
const wire = (schema: Schema): Record<string, unknown> => {
  const { $schema, ...rest } = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any', target: 'draft-2020-12' })
  return rest
}

const isNothing = (schema: Schema) => schema instanceof z.ZodOptional && schema.unwrap() instanceof z.ZodUndefined

/** OpenAPI 3.1, from the same schemas that check every call. */
export function openApi(endpoints: readonly Endpoint[], version: string): Record<string, unknown> {
  const paths: Record<string, Record<string, unknown>> = {}
  for (const endpoint of endpoints) {
    const path = `/api${endpoint.path.replace(/:([a-zA-Z]+)/g, '{$1}')}`
    const [, tag = 'api'] = endpoint.path.split('/')
    const query = isNothing(endpoint.query) ? {} : (wire(endpoint.query) as { properties?: Record<string, unknown>; required?: string[] })
    const parameters = [
      ...[...endpoint.path.matchAll(/:([a-zA-Z]+)/g)].map(([, name]) => ({
        name,
        in: 'path',
        required: true,
        schema: name === 'key' ? { type: 'string' } : { type: 'string', format: 'uuid' },
      })),
      ...Object.entries(query.properties ?? {}).map(([name, schema]) => ({
        name,
        in: 'query',
        required: query.required?.includes(name) ?? false,
        schema,
      })),
    ]
    const operation = {
      tags: [tag],
      summary: endpoint.says,
      operationId: `${endpoint.method.toLowerCase()}${endpoint.path.replace(/[/:-]+(\w)/g, (_, c: string) => c.toUpperCase())}`,
      'x-may': endpoint.may,
      security: endpoint.may === 'public' ? [] : [{ bearer: [] }, { cookie: [] }],
      parameters,
      ...(isNothing(endpoint.body)
        ? {}
        : { requestBody: { required: true, content: { 'application/json': { schema: wire(endpoint.body) } } } }),
      responses: {
        ...(isNothing(endpoint.reply)
          ? { 204: { description: 'Done.' } }
          : { 200: { description: 'Done.', content: { 'application/json': { schema: wire(endpoint.reply) } } } }),
        default: {
          description: 'A refusal with a code.',
          content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
        },
      },
    }
    paths[path] = { ...paths[path], [endpoint.method.toLowerCase()]: operation }
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Huiyin 回音',
      version,
      description: 'Every door is the same: contract → permission → one transaction. Refusals are RFC 9457 problems with a `code`.',
    },
    paths,
    components: {
      schemas: { Problem: wire(Problem) },
      securitySchemes: { bearer: { type: 'http', scheme: 'bearer' }, cookie: { type: 'apiKey', in: 'cookie', name: 'huiyin_session' } },
    },
  }
}
