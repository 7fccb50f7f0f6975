using System.Runtime.CompilerServices;
using EdgeInference.ModelFormat;
using EdgeInference.ModelFormat.Rules;

namespace EdgeInference.Runtime.Kernels.Float32.Elementwise;

/// <summary>FeatureTransform, an output at a time; every operation of float32 is rounded, so that the bits are those of the other engines.</summary>
internal static unsafe class FeatureTransformKernel
{
    internal static BoundKernel Bind(in BindContext context)
    {
        TensorInfo kinds = context.Input(FeatureTransformRule.Kinds);
        TensorType sourceType = context.Input(FeatureTransformRule.Sources).Type;
        byte* sources = context.InputData(FeatureTransformRule.Sources);
        byte* counts = context.InputData(FeatureTransformRule.Counts);
        float* values = (float*)context.InputData(FeatureTransformRule.Values);
        Column* columns = context.KeepMany<Column>(kinds.Elements);
        int counted = 0;
        for (int i = 0; i < kinds.Elements; i++)
        {
            int kind = context.InputData(FeatureTransformRule.Kinds)[i];
            int count = FeatureTransformRule.HasCount(kind) ? IntegerPointer.Unsigned(counts, context.Input(FeatureTransformRule.Counts).Type, counted++) : 0;
            columns[i] = new Column { Values = values, Source = IntegerPointer.Unsigned(sources, sourceType, i), Kind = (FeatureKind)kind, Count = count };
            values += FeatureTransformRule.ValueCount(kind, count);
        }

        int features = context.Input(0).LastDimension;
        return new BoundKernel(&Run, context.Keep(new Arguments
        {
            Input = (float*)context.InputData(0),
            Output = (float*)context.OutputData(),
            Columns = columns,
            Rows = context.Elements(0) / features,
            Features = features,
            Outputs = kinds.Elements,
        }));
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Run(void* pointer)
    {
        ref readonly Arguments a = ref Unsafe.AsRef<Arguments>(pointer);
        float* x = a.Input;
        float* y = a.Output;
        for (nint row = 0; row < a.Rows; row++)
        {
            for (nint i = 0; i < a.Outputs; i++)
            {
                Column column = a.Columns[i];
                float v = x[column.Source];
                y[i] = column.Kind switch
                {
                    FeatureKind.PiecewiseLinear => float.IsNaN(v) ? *column.Values : Line(v, column.Values + 1, column.Count),
                    FeatureKind.Equal => v == *column.Values ? 1f : 0f,
                    FeatureKind.Missing => float.IsNaN(v) ? 1f : 0f,
                    FeatureKind.Unknown => float.IsNaN(v) || (v >= 0f && v < column.Count && v == (int)v) ? 0f : 1f,
                    _ => AtOrBelow(v, column.Values, column.Count),
                };
            }

            x += a.Features;
            y += a.Outputs;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static float Line(float v, float* knots, int count)
    {
        int segment = 0;
        if (count > 1)
        {
            v = v < knots[0] ? knots[0] : v > knots[count - 1] ? knots[count - 1] : v;
            segment = count == 2 ? 0 : AtOrBelow(v, knots + 1, count - 2);
        }

        float* line = knots + count + (2 * segment);
        return line[0] + ((v - knots[segment]) * line[1]);
    }

    // How many of the values, which ascend, are at or below v; none is where v is NaN.
    private static int AtOrBelow(float v, float* values, int count)
    {
        int low = 0;
        int high = count;
        while (low < high)
        {
            int middle = (low + high) >> 1;
            if (values[middle] <= v)
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }

        return low;
    }

    // What an output is made of.
    private struct Column
    {
        internal float* Values;
        internal int Source;
        internal int Count;
        internal FeatureKind Kind;
    }

    private struct Arguments
    {
        internal float* Input;
        internal float* Output;
        internal Column* Columns;
        internal nint Rows;
        internal nint Features;
        internal nint Outputs;
    }
}
