using Rosa.Web;

namespace Rosa.Backoffice;

/// <summary>An order with all that explains it; parts that are down are null.</summary>
public sealed record OrderFile(Order Order, OrderStory? Story, Payment? Payment, Profile? Customer, MessagePage? Messages);

/// <summary><c>GET /office/orders/{orderId}</c></summary>
static class ShowOrder
{
    public static Task<IResult> Handle(Guid orderId, OfficeApi office) => PageAsync(orderId, office, PostedForm.Empty);

    /// <summary>The order's page, with what was wrong with the form that was sent from it.</summary>
    public static async Task<IResult> PageAsync(Guid orderId, OfficeApi office, PostedForm form)
    {
        var order = (await office.OrderAsync(orderId)).OrThrow();
        var (story, payments, customer, messages) =
            (office.StoryAsync(orderId), office.PaymentsAsync(orderId), office.PersonAsync(order.UserId), office.MessagesAsync(null, orderId, null, null, null, page: 1, limit: 20));
        var file = new OrderFile(order, (await story).Value, (await payments).Value?.Payments.FirstOrDefault(), (await customer).Value, (await messages).Value);
        return Html.Page<OrderView>(new { File = file, Form = form }, form.HasErrors ? StatusCodes.Status422UnprocessableEntity : StatusCodes.Status200OK);
    }
}
