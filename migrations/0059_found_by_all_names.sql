-- What is held by any of several files; no two of their texts are read as one phrase.
create aggregate customers.all_words(tsvector) (sfunc = tsvector_concat, stype = tsvector, initcond = '');

-- A file is found by the names of all that were merged into it, and not of the last one only: those files are read anew.
update customers.customer kept set search_version = 0
  from customers.customer gone where gone.tenant_id = kept.tenant_id and gone.merged_into = kept.id;
