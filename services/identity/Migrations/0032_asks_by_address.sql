-- Whom an account asks to join is counted by the typed address, whether or not anybody has it: a miss that counted nowhere told who has signed up, as often as it was asked. The day's count begins anew.
truncate member_asks;
alter table member_asks drop column user_id, add column email_hash bytea not null check (length(email_hash) = 32);
