-- An idempotency key of up to 255 characters becomes part of a request key.
alter table pieces drop constraint pieces_request_key_check;
alter table pieces add constraint pieces_request_key_check check (length(request_key) between 1 and 300);
