import {
  AliasNode,
  BinaryOperationNode,
  ColumnNode,
  type DeleteQueryNode,
  IdentifierNode,
  type InsertQueryNode,
  JoinNode,
  type KyselyPlugin,
  type OnConflictNode,
  type OperationNode,
  OperationNodeTransformer,
  OperatorNode,
  type PluginTransformQueryArgs,
  type PluginTransformResultArgs,
  PrimitiveValueListNode,
  type QueryId,
  QueryNode,
  type QueryResult,
  RawNode,
  ReferenceNode,
  type RootOperationNode,
  SelectionNode,
  SelectQueryNode,
  TableNode,
  type UnknownRow,
  type UpdateQueryNode,
  ValueListNode,
  ValueNode,
  ValuesNode,
} from 'kysely'

type Source = { reference: TableNode }

/** A reference to a table in a schema is tenanted; names without a schema are CTEs and aliases of sub-queries. */
function sourceOf(node: OperationNode): Source | null {
  if (TableNode.is(node)) return node.table.schema ? { reference: node } : null
  if (AliasNode.is(node) && TableNode.is(node.node) && node.node.table.schema && IdentifierNode.is(node.alias))
    return { reference: TableNode.create(node.alias.name) }
  return null
}

/**
 * Adds `tenant_id = $n` to every reference of a tenanted table and to every insert. Row-level security stays the guard;
 * this lets a planner (ours, and Citus above all) route by the tenant, which no policy can do.
 */
class AddTenant extends OperationNodeTransformer {
  #tenantId: string
  constructor(tenantId: string) {
    super()
    this.#tenantId = tenantId
  }

  #is(source: Source) {
    return BinaryOperationNode.create(
      ReferenceNode.create(ColumnNode.create('tenant_id'), source.reference),
      OperatorNode.create('='),
      ValueNode.create(this.#tenantId),
    )
  }

  #where<T extends SelectQueryNode | UpdateQueryNode | DeleteQueryNode>(query: T, nodes: readonly OperationNode[]): T {
    let result = query
    for (const node of nodes) {
      const source = sourceOf(node)
      // cloneWithWhere keeps the kind of query it is given; its type only says "one of them".
      if (source) result = QueryNode.cloneWithWhere(result, this.#is(source)) as T
    }
    return result
  }

  protected override transformSelectQuery(node: SelectQueryNode, id?: QueryId): SelectQueryNode {
    const query = super.transformSelectQuery(node, id)
    return this.#where(query, query.from?.froms ?? [])
  }

  protected override transformUpdateQuery(node: UpdateQueryNode, id?: QueryId): UpdateQueryNode {
    const query = super.transformUpdateQuery(node, id)
    return this.#where(query, [...(query.table ? [query.table] : []), ...(query.from?.froms ?? [])])
  }

  protected override transformDeleteQuery(node: DeleteQueryNode, id?: QueryId): DeleteQueryNode {
    const query = super.transformDeleteQuery(node, id)
    return this.#where(query, [...query.from.froms, ...(query.using?.tables ?? [])])
  }

  protected override transformJoin(node: JoinNode, id?: QueryId): JoinNode {
    const join = super.transformJoin(node, id)
    const source = sourceOf(join.table)
    return source ? JoinNode.cloneWithOn(join, this.#is(source)) : join
  }

  protected override transformInsertQuery(node: InsertQueryNode, id?: QueryId): InsertQueryNode {
    const query = super.transformInsertQuery(node, id)
    if (!query.into || !TableNode.is(query.into) || !sourceOf(query.into) || !query.columns) return query
    if (query.columns.some(c => c.column.name === 'tenant_id' || c.column.name === 'tenantId')) return query
    return {
      ...query,
      columns: [ColumnNode.create('tenant_id'), ...query.columns],
      ...(query.values ? { values: this.#values(query.values) } : {}),
    }
  }

  #values(values: OperationNode): OperationNode {
    if (ValuesNode.is(values))
      return ValuesNode.create(
        values.values.map(row =>
          PrimitiveValueListNode.is(row)
            ? PrimitiveValueListNode.create([this.#tenantId, ...row.values])
            : ValueListNode.create([ValueNode.create(this.#tenantId), ...row.values]),
        ),
      )
    if (SelectQueryNode.is(values))
      return {
        ...values,
        selections: [
          SelectionNode.create(AliasNode.create(ValueNode.create(this.#tenantId), IdentifierNode.create('tenant_id'))),
          ...(values.selections ?? []),
        ],
      } as SelectQueryNode
    return values
  }

  protected override transformOnConflict(node: OnConflictNode, id?: QueryId): OnConflictNode {
    const conflict = super.transformOnConflict(node, id)
    return conflict.columns ? { ...conflict, columns: [ColumnNode.create('tenant_id'), ...conflict.columns] } : conflict
  }
}

/** SQL written by hand, with nothing but values in it. It names its tenant itself, and walking through it costs more than sending it. */
export const isPlain = (node: OperationNode): boolean =>
  RawNode.is(node) && node.parameters.every(each => ValueNode.is(each) || isPlain(each))

export class TenantPlugin implements KyselyPlugin {
  #add: AddTenant
  constructor(tenantId: string) {
    this.#add = new AddTenant(tenantId)
  }
  transformQuery(args: PluginTransformQueryArgs): RootOperationNode {
    return isPlain(args.node) ? args.node : this.#add.transformNode(args.node, args.queryId)
  }
  async transformResult(args: PluginTransformResultArgs): Promise<QueryResult<UnknownRow>> {
    return args.result
  }
}
