-- The client's Idempotency-Key: a repeated request finds its post even when the first answer was lost with the process.
alter table social_posts add column request_key text;
create unique index social_posts_request on social_posts (tenant_id, request_key) where request_key is not null;
