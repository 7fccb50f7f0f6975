namespace EdgeInference.ModelConverter.Emit.Operators;

/// <summary>A sum over a row: constants for its elements (null for 0), what it begins with, and what becomes of it.</summary>
/// <param name="Group">Sums of a group read the same elements.</param>
/// <param name="Bytes">Bytes of IL that it takes, from above.</param>
/// <param name="Factor">The constant of an element.</param>
/// <param name="Initial">What it begins with.</param>
/// <param name="Store">Takes the sum, its bytes, its number of products, and the array of the results.</param>
internal sealed record RowItem(int Group, int Bytes, Func<int, string?> Factor, string Initial, Action<string, int, int, string> Store);

/// <summary>The code of a row: elements into locals, then one sum of products with constants after the other.</summary>
internal static class RowCode
{
    /// <summary>Bytes of a method, less what goes around the code of a row.</summary>
    internal const int MaxBodyBytes = EmitContext.MaxMethodBytes - 1_500;

    /// <summary>Instructions of a product.</summary>
    internal const int TermInstructions = 4;

    private const int BlockElements = 128;
    private const int MaxPartialSums = 80;
    private const int LoadBytes = 14;
    private const int LoadInstructions = 7;

    /// <summary>The sums of each of as few methods as can be.</summary>
    internal static IEnumerable<List<RowItem>> Chunks(List<RowItem> items, int elements)
    {
        var chunk = new List<RowItem>();
        int bytes = 0;
        foreach (RowItem item in items)
        {
            bool isSame = chunk.Count > 0 && chunk[^1].Group == item.Group;
            int more = item.Bytes + (isSame ? 0 : elements * LoadBytes);
            if (chunk.Count > 0 && (bytes + more > MaxBodyBytes || (elements > BlockElements && chunk.Count == MaxPartialSums)))
            {
                yield return chunk;
                chunk = [];
                bytes = 0;
                more = item.Bytes + (elements * LoadBytes);
            }

            bytes += more;
            chunk.Add(item);
        }

        yield return chunk;
    }

    /// <summary>Writes the sums of one group.</summary>
    /// <param name="context">The code.</param>
    /// <param name="elements">Elements of the row.</param>
    /// <param name="offset">Where an element lies, from the local "at" on.</param>
    /// <param name="items">The sums.</param>
    /// <param name="from">The array of the row.</param>
    /// <param name="to">The array of the results.</param>
    /// <param name="type">Type of the sums.</param>
    /// <param name="termBytes">Bytes of IL of a product.</param>
    internal static void Emit(EmitContext context, int elements, Func<int, int> offset, List<RowItem> items, string from, string to, string type, int termBytes)
    {
        for (int start = 0; start < elements; start += BlockElements)
        {
            int end = Math.Min(start + BlockElements, elements);
            string?[][] factors = [.. items.Select(item => Enumerable.Range(start, end - start).Select(item.Factor).ToArray())];
            for (int k = start; k < end; k++)
            {
                if (Array.Exists(factors, row => row[k - start] is not null))
                {
                    int place = offset(k);
                    context.Add($"{context.Declare(type, $"x{k - start}")}x{k - start} = {from}[at{(place == 0 ? "" : $" + {place}")}];", LoadInstructions, LoadBytes);
                }
            }

            for (int i = 0; i < items.Count; i++)
            {
                List<string> terms = [start == 0 ? items[i].Initial : $"s{i}"];
                terms.AddRange(factors[i].Select((factor, k) => factor is null ? "" : $"(x{k} * {factor})").Where(term => term.Length > 0));
                int count = terms.Count - 1;
                string sum = DenseFixedPointEmitter.Wrapped(terms, context.Indent);
                if (end == elements)
                {
                    items[i].Store(sum, (count * termBytes) + 14, count, to);
                }
                else
                {
                    context.Add($"{context.Declare(type, $"s{i}")}s{i} = {sum};", (count * TermInstructions) + 2, (count * termBytes) + 14);
                }
            }
        }
    }
}
