using System.Net;
using System.Net.Http.Json;
using System.Text.Json;

namespace Rosa.Users.Tests;

static class Answers
{
    /// <summary>The body of an answer that must have this status.</summary>
    public static async Task<T> ShouldBe<T>(this HttpResponseMessage response, HttpStatusCode status)
    {
        Assert.True(response.StatusCode == status, $"{(int)response.StatusCode} instead of {(int)status}: {await response.Content.ReadAsStringAsync()}");
        return (await response.Content.ReadFromJsonAsync<T>())!;
    }

    /// <summary>A refusal in problem details with this status and code; returns them.</summary>
    public static async Task<JsonElement> ShouldRefuse(this HttpResponseMessage response, HttpStatusCode status, string code)
    {
        var problem = await response.ShouldBe<JsonElement>(status);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        Assert.Equal(code, problem.GetProperty("code").GetString());
        Assert.True(problem.TryGetProperty("traceId", out _));
        return problem;
    }

    /// <summary>A 400 that names this field.</summary>
    public static async Task ShouldRefuseField(this HttpResponseMessage response, string field)
    {
        var problem = await response.ShouldRefuse(HttpStatusCode.BadRequest, "VALIDATION_FAILED");
        Assert.Contains(problem.GetProperty("errors").EnumerateObject(), error => error.Name == field);
    }
}
