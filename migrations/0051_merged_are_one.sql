-- Whoever asks for a customer by the id of a file that was merged is told of the one it is read as.
-- Said by `case`: of those who were never merged nothing further is looked up.
create or replace view customers.fact_customer with (security_invoker = true) as
  select c.tenant_id, c.id,
    case when c.merged_into is null then c.name else k.name end as name,
    case when c.merged_into is null then c.number else k.number end as number,
    case when c.merged_into is null then c.tier else k.tier end as tier,
    case when c.merged_into is null then c.kind else k.kind end as kind,
    case when c.merged_into is null then c.district else k.district end as district,
    case when c.merged_into is null then c.tags else k.tags end as tags
  from customers.customer c left join customers.customer k on k.tenant_id = c.tenant_id and k.id = c.merged_into;

-- What was compared of a file when it was looked at last: the same again is not compared again.
create table customers.match_look (
  tenant_id uuid not null,
  customer_id uuid not null,
  print text not null,
  primary key (tenant_id, customer_id)
);
select kernel.guard('customers.match_look');
