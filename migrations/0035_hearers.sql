-- Which reactions have something to do for what was announced; null: all that know the event. An event that concerns one of three makes one job.
alter table kernel.undispatched add column reactions text[];
