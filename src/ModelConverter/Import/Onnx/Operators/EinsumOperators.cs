using EdgeInference.ModelConverter.Build;
using EdgeInference.ModelConverter.Graphs;
using EdgeInference.ModelFormat;

namespace EdgeInference.ModelConverter.Import.Onnx.Operators;

/// <summary>Einsum: sums of products over named axes, as diagonals, sums, transpositions and matrix products of two operands at a time.</summary>
internal static class EinsumOperators
{
    internal static readonly OnnxOperatorRow[] Rows = [new("Einsum", Einsum)];

    private static void Einsum(OnnxNodeContext call)
    {
        var equation = EinsumEquation.Parse(call);
        GraphBuilder builder = call.Builder;
        var terms = new List<Term>();
        for (int i = 0; i < equation.Operands.Count; i++)
        {
            terms.Add(WithoutOnes(builder, Diagonal(builder, new Term(call.Input(i), equation.Operands[i]))));
        }

        Term product = terms[0];
        for (int i = 1; i < terms.Count; i++)
        {
            product = Multiply(builder, product, terms[i], [.. equation.Output, .. terms.Skip(i + 1).SelectMany(term => term.Labels)]);
        }

        product = Sum(builder, product, label => equation.Output.Contains(label));

        // A label that only axes of one element have was taken away; its place in the output is such an axis.
        Value y = Ordered(builder, product, [.. equation.Output.Where(product.Labels.Contains)]);
        call.Output(builder.Reshape(y, [.. equation.Output.Select(label => equation.Sizes[label])]));
    }

    private static Term Multiply(GraphBuilder builder, Term a, Term b, HashSet<int> later)
    {
        a = Sum(builder, a, label => b.Labels.Contains(label) || later.Contains(label));
        b = Sum(builder, b, label => a.Labels.Contains(label) || later.Contains(label));
        int[] common = [.. a.Labels.Where(label => b.Labels.Contains(label) && later.Contains(label))];
        int[] summed = [.. a.Labels.Where(label => b.Labels.Contains(label) && !later.Contains(label))];
        int[] left = [.. a.Labels.Where(label => !b.Labels.Contains(label))];
        int[] right = [.. b.Labels.Where(label => !a.Labels.Contains(label))];

        // The engine multiplies by a constant matrix from the right.
        if (a.Value.IsConstant && !b.Value.IsConstant)
        {
            (a, b, left, right) = (b, a, right, left);
        }

        (int batch, int rows, int depth, int columns) = (a.Size(common), a.Size(left), a.Size(summed), b.Size(right));
        int[] shape = [.. a.Sizes(common), .. a.Sizes(left), .. b.Sizes(right)];
        Value y;
        if (summed.Length == 0)
        {
            Value x = builder.Reshape(Ordered(builder, a, [.. common, .. left]), batch, rows, 1);
            y = builder.Arithmetic(Opcode.Mul, x, builder.Reshape(Ordered(builder, b, [.. common, .. right]), batch, 1, columns));
        }
        else
        {
            Value x = Ordered(builder, a, [.. common, .. left, .. summed]);
            Value z = Ordered(builder, b, [.. common, .. summed, .. right]);
            y = common.Length == 0
                ? MatrixOperators.Product(builder, builder.Reshape(x, rows, depth), builder.Reshape(z, depth, columns))
                : builder.MatMul(builder.Reshape(x, batch, rows, depth), builder.Reshape(z, batch, depth, columns));
        }

        return new Term(builder.Reshape(y, shape), [.. common, .. left, .. right]);
    }

    // A label that stands twice at one operand is its diagonal: every (n + 1)th element of the two axes in one.
    private static Term Diagonal(GraphBuilder builder, Term term)
    {
        while (term.Labels.GroupBy(label => label).FirstOrDefault(group => group.Count() > 1)?.Key is { } twice)
        {
            int first = Array.IndexOf(term.Labels, twice);
            int second = Array.IndexOf(term.Labels, twice, first + 1);
            int[] others = [.. Enumerable.Range(0, term.Labels.Length).Where(axis => axis != first && axis != second)];
            int size = term.Value.Shape[first];
            int[] shape = [.. others.Select(axis => term.Value.Shape[axis])];
            Value flat = builder.Reshape(builder.Transpose(term.Value, [.. others, first, second]), [.. shape, size * size]);
            int[] steps = [.. shape.Select(_ => 1), size + 1];
            term = new Term(builder.Slice(flat, new int[steps.Length], steps, [.. shape, size]), [.. others.Select(axis => term.Labels[axis]), twice]);
        }

        return term;
    }

    // An axis of one element is the same for every element of the label's axis elsewhere, so it needs no axis.
    private static Term WithoutOnes(GraphBuilder builder, Term term)
    {
        int[] kept = [.. Enumerable.Range(0, term.Labels.Length).Where(axis => term.Value.Shape[axis] > 1)];
        return new Term(builder.Reshape(term.Value, [.. kept.Select(axis => term.Value.Shape[axis])]), [.. kept.Select(axis => term.Labels[axis])]);
    }

    private static Term Sum(GraphBuilder builder, Term term, Func<int, bool> isKept)
    {
        int[] summed = [.. Enumerable.Range(0, term.Labels.Length).Where(axis => !isKept(term.Labels[axis]))];
        return summed.Length == 0
            ? term
            : new Term(builder.Reduce(ReduceKind.Sum, term.Value, summed, keepDimensions: false), [.. term.Labels.Where(isKept)]);
    }

    private static Value Ordered(GraphBuilder builder, Term term, int[] labels) =>
        builder.Transpose(term.Value, Array.ConvertAll(labels, label => Array.IndexOf(term.Labels, label)));

    /// <summary>A tensor whose axes have labels, each its own.</summary>
    private sealed record Term(Value Value, int[] Labels)
    {
        internal IEnumerable<int> Sizes(int[] labels) => labels.Select(label => Value.Shape[Array.IndexOf(Labels, label)]);

        internal int Size(int[] labels) => Sizes(labels).Aggregate(1, (product, size) => checked(product * size));
    }
}
