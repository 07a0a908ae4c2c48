-- Whoever served a talk before may read how it goes on: what their page asks in the moment it changes hands is answered.

alter table messaging.conversation add column given_by uuid;
