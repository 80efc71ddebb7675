-- Which payments an older key seals, and how many: asked every hour, of every payment there ever was.
create index payments_by_key on payments (split_part(client_secret, '.', 2), id) where client_secret is not null;
