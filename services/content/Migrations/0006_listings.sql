-- Listings of products of one's own, and reviews of them, are pieces too: with their prompt version, calls and cost.
alter table pieces drop constraint pieces_kind_check;
alter table pieces add constraint pieces_kind_check check (kind in ('recipe', 'blog_post', 'script', 'social_post', 'article', 'listing', 'listing_review'));
