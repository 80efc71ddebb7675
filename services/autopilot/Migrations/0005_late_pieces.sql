-- A piece that comes after its cycle went on is found by its id.
create index cycle_pieces_by_piece on cycle_pieces (tenant_id, piece_id) where piece_id is not null;
