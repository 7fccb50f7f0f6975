using System.Text.RegularExpressions;

namespace EdgeInference.ModelConverter.Import.Keras;

/// <summary>An equation of EinsumDense as a matrix product: axes are summed over, kept from the input, or free, from the weights.</summary>
internal sealed partial class EinsumEquation
{
    private readonly string input;
    private readonly string kernel;
    private readonly string summed;

    private EinsumEquation(string input, string kernel, string output)
    {
        this.input = input;
        this.kernel = kernel;
        summed = string.Concat(kernel.Where(axis => !output.Contains(axis, StringComparison.Ordinal)));
        string kept = string.Concat(input.Where(axis => output.Contains(axis, StringComparison.Ordinal)));
        string free = string.Concat(output.Where(axis => kernel.Contains(axis, StringComparison.Ordinal)));
        InputOrder = Order(kept + summed, input);
        KernelOrder = Order(free + summed, kernel);
        OutputOrder = Order(output, kept + free);
    }

    /// <summary>The input's axes: those kept, then those summed over.</summary>
    internal int[] InputOrder { get; }

    /// <summary>The weights' axes: those free, then those summed over.</summary>
    internal int[] KernelOrder { get; }

    /// <summary>The output's axes among those kept and then those free.</summary>
    internal int[] OutputOrder { get; }

    /// <summary>How many axes are summed over.</summary>
    internal int Summed => summed.Length;

    /// <summary>Reads an equation, or gives null if it is not a matrix product.</summary>
    /// <param name="text">Such as <c>abc,cd->abd</c> or <c>...x,xy->...y</c>.</param>
    /// <param name="rank">The number of the input's axes.</param>
    internal static EinsumEquation? Parse(string text, int rank)
    {
        Match match = Parts().Match(text);
        if (!match.Success)
        {
            return null;
        }

        int elided = rank - match.Groups[1].Value.Replace("...", "", StringComparison.Ordinal).Length;

        // Letters that no equation has.
        string dots = elided < 0 ? "" : string.Concat(Enumerable.Range(0, elided).Select(i => (char)('0' + i)));
        string[] terms = [.. match.Groups.Values.Skip(1).Select(group => group.Value.Replace("...", dots, StringComparison.Ordinal))];
        (string input, string kernel, string output) = (terms[0], terms[1], terms[2]);
        bool product = input.Length == rank
            && terms.All(term => term.Distinct().Count() == term.Length)
            && input.All(axis => kernel.Contains(axis, StringComparison.Ordinal) != output.Contains(axis, StringComparison.Ordinal))
            && kernel.All(axis => input.Contains(axis, StringComparison.Ordinal) != output.Contains(axis, StringComparison.Ordinal))
            && output.All(axis => input.Contains(axis, StringComparison.Ordinal) != kernel.Contains(axis, StringComparison.Ordinal))
            && kernel.Any(axis => input.Contains(axis, StringComparison.Ordinal))
            && output[0] == input[0];
        return product ? new EinsumEquation(input, kernel, output) : null;
    }

    /// <summary>The shape that the weights must have; −1 for a free axis.</summary>
    internal int[] KernelShape(int[] shape) => [.. kernel.Select(axis => input.IndexOf(axis, StringComparison.Ordinal) is >= 0 and int i ? shape[i] : -1)];

    /// <summary>How many products are summed.</summary>
    internal int Depth(int[] shape) => summed.Aggregate(1, (product, axis) => product * shape[input.IndexOf(axis, StringComparison.Ordinal)]);

    private static int[] Order(string wanted, string present) => [.. wanted.Select(axis => present.IndexOf(axis, StringComparison.Ordinal))];

    [GeneratedRegex(@"^((?:\.\.\.)?[a-zA-Z]+|[a-zA-Z]+\.\.\.),([a-zA-Z]+)->((?:\.\.\.)?[a-zA-Z]+|[a-zA-Z]+\.\.\.)$")]
    private static partial Regex Parts();
}
