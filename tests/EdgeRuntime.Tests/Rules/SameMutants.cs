namespace EdgeRuntime.Tests.Rules;

/// <summary>Mutants that no file can tell from the reader, each with the reason why.</summary>
internal static class SameMutants
{
    private static readonly HashSet<(string File, string Before, string After)> Listed = [];

    internal static bool Contains(ReaderMutant mutant) => Listed.Contains((mutant.File, mutant.Before, mutant.After));
}
