namespace Rosa.Testing;

/// <summary>Rosa's own programs, for tests that start them as processes.</summary>
public static class RosaPrograms
{
    /// <summary>As <c>./rosa up</c> builds and starts it, where <c>./rosa test</c> says (<c>ROSA_TEST_PROGRAMS</c>); otherwise the one beside the tests, which compiles itself for seconds at each start.</summary>
    /// <param name="name">Rosa.Host.dll, say. The test project refers to it.</param>
    public static string Find(string name) => Path.Combine(Environment.GetEnvironmentVariable("ROSA_TEST_PROGRAMS") ?? AppContext.BaseDirectory, name);
}
