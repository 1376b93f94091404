using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;
using Rosa.Platform.Problems;

namespace Rosa.Catalog;

/// <summary>A file that is sent in a form, read as it comes in.</summary>
static class Upload
{
    static readonly Problem notMultipart = new(ProblemKind.UnsupportedMediaType, "UNSUPPORTED_MEDIA_TYPE", "Send multipart/form-data with the file in the field “file”.");

    static readonly Problem noFile = Problem.Validation("file", "The form has no file in the field “file”.");

    public static readonly Problem Unreadable = new(ProblemKind.Invalid, "BAD_REQUEST", "The form is not readable, or breaks off.");

    /// <summary>The content of the form's field <c>file</c>, or why there is none.</summary>
    public static async Task<(Stream? File, Problem? Problem)> FileAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        if (!MediaTypeHeaderValue.TryParse(request.ContentType, out var type) || !type.MediaType.Equals("multipart/form-data", StringComparison.OrdinalIgnoreCase)) return (null, notMultipart);
        var boundary = HeaderUtilities.RemoveQuotes(type.Boundary);
        if (boundary.Length is 0 or > 70) return (null, Unreadable);

        var reader = new MultipartReader(boundary.ToString(), request.Body) { HeadersCountLimit = 16 };
        while (await reader.ReadNextSectionAsync(cancellationToken) is { } section)
        {
            if (ContentDispositionHeaderValue.TryParse(section.ContentDisposition, out var disposition) && disposition.IsFileDisposition()
                && HeaderUtilities.RemoveQuotes(disposition.Name).Equals("file", StringComparison.Ordinal))
            {
                return (section.Body, null);
            }
        }
        return (null, noFile);
    }

    /// <summary>A form that is no form or breaks off, rather than one that is too large or a client that left.</summary>
    public static bool IsUnreadable(Exception exception) => exception is InvalidDataException or IOException and not BadHttpRequestException;
}
