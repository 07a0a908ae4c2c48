-- What was heard in a contact stands beside it.
create index opportunity_contact on sales.opportunity (tenant_id, interaction_id, changed_at desc, id desc) where interaction_id is not null;
