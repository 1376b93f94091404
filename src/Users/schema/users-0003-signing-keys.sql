-- The ES256 keys of access tokens, shared by all instances. The newest that may sign already does; older ones are published until
-- their last tokens have expired.
create table signing_keys (
  key_id text primary key,
  public_key bytea not null,    -- SubjectPublicKeyInfo
  private_key bytea not null,   -- PKCS#8, encrypted when Users:KeySecret is set
  signs_from timestamptz not null
);
