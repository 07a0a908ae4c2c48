-- Nobody reads it: needs are counted by their voices.
drop view needs.fact_need;
