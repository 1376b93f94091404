-- The relay numbers the groups in which it hands events over: whoever listens puts them into that order (RabbitMq/Arrivals.cs).
create sequence outbox_batches;

-- Events that came over the broker and wait for what happened before them: their group is not complete yet in all of the service's queues.
create table arrivals (
  event_id uuid primary key,
  source text not null,
  batch bigint not null,
  position bigint not null,
  routing_key text not null,
  subject text not null,
  envelope text not null
);
create index arrivals_batch on arrivals (source, batch);

-- Up to which group of its sender a queue has been received, a row a queue.
create table arrival_marks (
  routing_key text primary key,
  batch bigint not null
);
