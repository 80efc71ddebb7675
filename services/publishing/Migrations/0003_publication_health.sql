create index publications_last on publications (settled_at) where state = 'published';   -- /health/business asks for the newest
