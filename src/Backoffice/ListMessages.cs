using Rosa.Web;

namespace Rosa.Backoffice;

/// <summary>What the log of messages is narrowed to.</summary>
public sealed record MessageFilter(Guid? User, string? Event, string? Channel, string? Outcome, int Page)
{
    public string Address(int page) => Backoffice.Address.Of("/office/messages", ("user", User?.ToString()), ("event", Event), ("channel", Channel), ("outcome", Outcome), ("page", page == 1 ? null : $"{page}"));
}

/// <summary><c>GET /office/messages</c>: what was told to whom, and how it ended; <c>POST …/send-again</c> for what has failed.</summary>
static class ListMessages
{
    public static async Task<IResult> Handle(
        OfficeApi office, Visit visit, Guid? user = null, [Microsoft.AspNetCore.Mvc.FromQuery(Name = "event")] string? happened = null, string? channel = null, string? outcome = null, int page = 1, string? refused = null)
    {
        var found = (await office.MessagesAsync(user, null, happened, channel, outcome, page)).OrThrow();
        var names = await office.NamesAsync(found.Notifications.Select(message => message.UserId));
        var trouble = refused is null ? null : visit.Texts.Find($"refused.{refused}") ?? visit.Texts["problem.500.text"];
        return Html.Page<MessageListView>(new { Found = found, Names = names, Filter = new MessageFilter(user, happened, channel, outcome, page), Trouble = trouble });
    }

    public static async Task<IResult> SendAgain(Guid notificationId, PostedForm form, OfficeApi office)
    {
        var back = SeeOther.IsOwn(form["back"]) && form["back"].StartsWith("/office/messages", StringComparison.Ordinal) ? form["back"] : "/office/messages";
        var result = await office.SendAgainAsync(notificationId) is { } refusal ? $"refused={refusal.Code}" : "done=message-again";
        return new SeeOther($"{back}{(back.Contains('?', StringComparison.Ordinal) ? '&' : '?')}{result}");
    }
}
