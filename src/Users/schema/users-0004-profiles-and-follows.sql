alter table users
  add column phone text check (phone ~ '^\+[1-9][0-9]{5,14}$'),
  add column email_verified_at timestamptz;

-- The words of a name as they are searched for: lower case, without accents.
create function name_words(name text) returns tsvector language sql immutable strict parallel safe as $$
  select array_to_tsvector(array_remove(regexp_split_to_array(
    translate(lower(name), 'àáâãäåçèéêëìíîïñòóôõöøùúûüýÿ', 'aaaaaaceeeeiiiinoooooouuuuyy'), '[^[:alnum:]]+'), ''))
$$;
alter table users add column words tsvector generated always as (name_words(first_name || ' ' || last_name)) stored;
create index users_words on users using gin (words);
create index users_role on users (role, user_id) where role <> 'customer';

create table follows (
  follower_id uuid not null references users (user_id) on delete cascade,
  followed_id uuid not null references users (user_id) on delete cascade,
  followed_at timestamptz not null,
  primary key (follower_id, followed_id),
  constraint follows_somebody_else check (follower_id <> followed_id)
);
create index follows_of_followed on follows (followed_id, followed_at desc);
create index follows_of_follower on follows (follower_id, followed_at desc);
