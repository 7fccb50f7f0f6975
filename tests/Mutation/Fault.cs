namespace EdgeInference.Mutation;

/// <summary>
/// A fault that somebody wrote down: what stands in the source and what replaces it (nothing removes a statement), the tests that catch
/// it (class or class.method), and whether it must be built alone because no switch can hold it.
/// </summary>
internal sealed record Fault(
    string Area, string Name, string File, string? Member, string Original, string Replacement, IReadOnlyList<string> Tests, bool Rebuild, string Where);
