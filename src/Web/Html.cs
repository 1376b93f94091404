using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Rosa.Web;

/// <summary>Answers with a component, rendered here and now.</summary>
/// <remarks>Endpoints return it as <see cref="IResult"/>: the generator of request delegates cannot see the types that are made of .razor files.</remarks>
public static class Html
{
    /// <param name="parameters">The component's, as an anonymous object or a dictionary.</param>
    public static IResult Page<TComponent>(object? parameters = null, int status = StatusCodes.Status200OK) where TComponent : IComponent =>
        new RazorComponentResult<TComponent>(parameters ?? new { }) { StatusCode = status };
}
