using Microsoft.AspNetCore.Http.HttpResults;
using Rosa.Platform.Database;
using Rosa.Platform.Identity;

namespace Rosa.Notifications;

/// <summary>This service's part of the file in which a person gets all that is held about them (<see cref="PersonalData"/>).</summary>
static class GetPersonalData
{
    public static Task<ContentHttpResult> Handle(PersonalDataRequest request, ServiceDatabase database, CancellationToken cancellationToken) =>
        PersonalData.ReadAsync(database, request,
            """
            select jsonb_build_object(
              'recipient', (select jsonb_build_object('email', email, 'firstName', first_name, 'phone', phone, 'language', language, 'notificationsEnabled', notifications_enabled)
                            from recipients where user_id = $1 and deleted_at is null),
              'notifications', (select coalesce(jsonb_agg(jsonb_build_object(
                                  'event', event, 'channel', channel, 'language', language, 'orderId', order_id, 'subject', subject, 'text', text, 'outcome', outcome,
                                  'createdAt', created_at, 'sentAt', sent_at, 'readAt', read_at) order by notification_id), '[]')
                                from notifications where user_id = $1))::text
            """, cancellationToken);
}
