-- Lists have pages and numbers have bounds: both look at the rows of one account or person.
create index api_keys_listed on api_keys (tenant_id, created_at desc, id desc);
create index access_controls_listed on access_controls (tenant_id, created_at desc, id desc);
create index memberships_listed on memberships (tenant_id, created_at, user_id);
create index invite_codes_listed on invite_codes (tenant_id, created_at desc, id desc);
create index privacy_requests_by_person on privacy_requests (user_id, tenant_id);
