-- Today's figures read today only: contacts by when they began to wait, tickets by when they were opened and closed.

create index interaction_queued on interactions.interaction (tenant_id, queued_at) where queued_at is not null;
create index ticket_opened on tickets.ticket (tenant_id, opened_at);
create index ticket_closed on tickets.ticket (tenant_id, closed_at) where closed_at is not null;
