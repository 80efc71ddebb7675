-- In which of Stripe's modes a customer was made was taken from how their row was made. Of this id it is known that `test` says it; of any other, as of all from before, Stripe is asked before anything is moved (0175).
alter table customers add column mode_known_of text;

-- Of one customer several may be set aside in one mode: a process with the other key may make another one while keys change.
alter table stripe_customers_aside drop constraint stripe_customers_aside_customer_id_test_key;
create index stripe_customers_aside_of on stripe_customers_aside (customer_id, test);
