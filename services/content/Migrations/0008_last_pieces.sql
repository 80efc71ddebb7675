-- Health asks when a piece of each kind was last generated, whenever somebody looks.
create index pieces_generated on pieces (kind, finished_at) where state = 'generated';
