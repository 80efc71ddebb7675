-- Until then somebody who is forgotten was the customer at Stripe: what is told of it may be of them, and what was paid before was paid by their card. 'infinity' while their cards may still stand there (0176).
alter table customers add column forgotten_until timestamptz;
alter table stripe_customers_aside add column forgotten_until timestamptz;
