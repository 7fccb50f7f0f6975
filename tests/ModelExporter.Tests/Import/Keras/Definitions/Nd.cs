namespace EdgeInference.Tool.Tests.Import.Keras.Definitions;

/// <summary>An array of doubles without the batch, row-major.</summary>
internal sealed class Nd(int[] shape, double[] data)
{
    internal Nd(params int[] shape)
        : this(shape, new double[shape.Aggregate(1, (a, b) => a * b)])
    {
    }

    internal int[] Shape { get; } = shape;

    internal double[] Data { get; } = data;

    internal int Last => Shape[^1];

    internal double this[params ReadOnlySpan<int> at]
    {
        get => Data[Index(at)];
        set => Data[Index(at)] = value;
    }

    /// <summary>An array whose elements are those of this at a place that depends on theirs.</summary>
    internal static Nd Make(int[] shape, Func<int[], double> element)
    {
        var result = new Nd(shape);
        for (int i = 0; i < result.Data.Length; i++)
        {
            result.Data[i] = element(result.At(i));
        }

        return result;
    }

    internal int[] At(int index)
    {
        var at = new int[Shape.Length];
        for (int axis = at.Length - 1; axis >= 0; axis--)
        {
            at[axis] = index % Shape[axis];
            index /= Shape[axis];
        }

        return at;
    }

    internal Nd Map(Func<double, double> function) => new(Shape, Array.ConvertAll(Data, value => function(value)));

    /// <summary>Axis i of the result is axis order[i] of this.</summary>
    internal Nd Permute(params int[] order) => Make([.. order.Select(axis => Shape[axis])], at =>
    {
        var from = new int[at.Length];
        for (int i = 0; i < at.Length; i++)
        {
            from[order[i]] = at[i];
        }

        return this[from];
    });

    internal Nd Reshape(params int[] other) => new(other, Data);

    private int Index(ReadOnlySpan<int> at)
    {
        int index = 0;
        for (int axis = 0; axis < Shape.Length; axis++)
        {
            index = (index * Shape[axis]) + at[axis];
        }

        return index;
    }
}
