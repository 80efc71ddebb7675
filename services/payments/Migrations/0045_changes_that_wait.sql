-- To which price a subscription changes when the difference is paid: until then it stands, and gives its tier, as before.
alter table subscriptions add column pending_price text;
