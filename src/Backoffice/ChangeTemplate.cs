using Rosa.Web;

namespace Rosa.Backoffice;

/// <summary><c>GET /office/templates</c></summary>
static class ListTemplates
{
    public static async Task<IResult> Handle(OfficeApi office) => Html.Page<TemplateListView>(new { Found = (await office.TemplatesAsync()).OrThrow() });
}

/// <summary><c>GET</c> and <c>POST /office/templates/{event}/{channel}/{language}</c>: what is told when something happens, with a preview before it is saved.</summary>
static class ChangeTemplate
{
    public static async Task<IResult> Show(string @event, string channel, string language, OfficeApi office)
    {
        var (answer, tag) = await office.TemplateAsync(Path(@event, channel, language));
        var template = answer.OrThrow();
        var form = new PostedForm { ["subject"] = template.Subject ?? "", ["text"] = template.Text ?? "", ["html"] = template.Html ?? "", ["tag"] = tag };
        return Page(template, form, preview: null);
    }

    public static async Task<IResult> Handle(string @event, string channel, string language, PostedForm form, HttpContext context, OfficeApi office, Visit visit)
    {
        var path = Path(@event, channel, language);
        form["text"] = context.LongText("text");
        form["html"] = context.LongText("html");
        form.Require(visit.Texts["field.needed"], "text");
        var content = new TemplateContent(ProductForm.Empty(form["subject"]), form["text"], ProductForm.Empty(form["html"]));
        TemplatePreview? preview = null;
        if (!form.HasErrors && form["do"] == "preview")
        {
            var (shown, refusal) = await office.PreviewAsync(path, content);
            preview = shown;
            if (refusal is not null) form.Explain(refusal, visit.Texts);
        }
        else if (!form.HasErrors)
        {
            if (await office.ChangeTemplateAsync(path, content, form["tag"]) is not { } refusal) return new SeeOther($"/office/templates/{path}?done=template-saved");
            form.Explain(refusal, visit.Texts, ("TEMPLATE_CHANGED", "text"));
        }
        return Page((await office.TemplateAsync(path)).Answer.OrThrow(), form, preview);
    }

    public static async Task<IResult> Reset(string @event, string channel, string language, OfficeApi office)
    {
        var path = Path(@event, channel, language);
        return await office.ResetTemplateAsync(path) is { } refusal ? throw refusal.ToException() : new SeeOther($"/office/templates/{path}?done=template-reset");
    }

    static string Path(string happened, string channel, string language) => $"{Address.Segment(happened)}/{Address.Segment(channel)}/{Address.Segment(language)}";

    static IResult Page(Template template, PostedForm form, TemplatePreview? preview) =>
        Html.Page<TemplateView>(new { Template = template, Form = form, Preview = preview }, form.HasErrors ? StatusCodes.Status422UnprocessableEntity : StatusCodes.Status200OK);
}
