-- What an import wrote where it changed something: whatever stands otherwise by now was somebody else's and stays. Null where only the version was remembered.
alter table kernel.import_changed add column became jsonb;
