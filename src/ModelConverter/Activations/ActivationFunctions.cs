using EdgeInference.ModelFormat;

namespace EdgeInference.ModelConverter.Activations;

/// <summary>The list of activation functions. Each adds itself in its own file, so that nothing else lists them.</summary>
internal static partial class ActivationFunctions
{
    // Made by whichever entry's initializer runs first: their order across files is not defined.
    private static ActivationFunction[]? functions;

    /// <summary>All of them, at the index that is their <see cref="ActivationKind"/>.</summary>
    public static IReadOnlyList<ActivationFunction> All => functions!;

    /// <summary>The function of a kind.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such kind, or it has no definition.</exception>
    public static ActivationFunction Get(ActivationKind kind) =>
        ((uint)kind < (uint)All.Count ? All[(int)kind] : null) ?? throw new ArgumentOutOfRangeException(nameof(kind), kind, "Unknown activation.");

    /// <summary>The function of this name, in any case, or null.</summary>
    public static ActivationFunction? Find(string name) =>
        All.FirstOrDefault(function => string.Equals(function.Name, name, StringComparison.OrdinalIgnoreCase));

    /// <summary>All names that a source format has, with the functions they name.</summary>
    internal static IEnumerable<(ActivationFunction Function, SourceName Name)> Named(Func<SourceNames, IReadOnlyList<SourceName>> format) =>
        All.SelectMany(function => format(function.Names).Select(name => (function, name)));

    private static ActivationFunction Add(ActivationFunction function)
    {
        functions ??= new ActivationFunction[ActivationKinds.Count];
        return functions[(int)function.Kind] = function;
    }
}
