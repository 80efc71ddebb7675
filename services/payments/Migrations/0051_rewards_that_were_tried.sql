-- Who had paid in test mode rewards whoever sent them when they pay in earnest: the referral is then told and moved under another name than what was tried.
alter table referrals add column in_earnest boolean not null default false;
