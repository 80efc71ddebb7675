-- An invoice and its payment are told apart, in any order: the invoice keeps the provider's name of the payment, and finds it when it is read.
alter table invoices drop column payment_id, add column payment_ref text;
