namespace Rosa.Cli.Load;

/// <summary>Something was not as it must be, so there is nothing to measure: said in one line, and the bench ends with 1.</summary>
sealed class BenchFailure(string message) : Exception(message);
