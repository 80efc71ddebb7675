-- Until when a page may still be paid follows from when it was opened, which its effect knows.
alter table coupon_redemptions drop column held_until;
