using EdgeInference.ModelFormat;

namespace EdgeInference.ModelConverter.Operators.Cost;

/// <summary>The rows that a kernel of EdgeInference.Nano walks an output in: axes that lie behind each other in every input are one.</summary>
/// <param name="Rows">Number of rows.</param>
/// <param name="IsDense">Whether each input is read without gaps within a row.</param>
internal readonly record struct RowWalk(double Rows, bool IsDense)
{
    /// <summary>The walk over an output.</summary>
    /// <param name="output">The output, or what is walked in its order.</param>
    /// <param name="steps">Elements from one place of an axis to the next, for each input.</param>
    internal static RowWalk Of(TensorInfo output, params IReadOnlyList<int[]> steps)
    {
        int length = 1;
        int[]? inner = null;
        for (int axis = output.Rank - 1; axis >= 0; axis--)
        {
            int size = output.Dimension(axis);
            if (size == 1)
            {
                continue;
            }

            if (inner is null)
            {
                inner = [.. steps.Select(list => list[axis])];
            }
            else if (!steps.Select((list, k) => list[axis] == inner[k] * length).All(merges => merges))
            {
                break;
            }

            length *= size;
        }

        return new RowWalk((double)output.Elements / length, inner is null || inner.All(step => step == 1));
    }

    /// <summary>Elements from one place of each axis of an output to the next, of an input that is spread over it.</summary>
    internal static int[] Spread(TensorInfo input, TensorInfo output)
    {
        int[] steps = new int[output.Rank];
        int step = 1;
        for (int axis = 1; axis <= input.Rank; axis++)
        {
            int size = input.Dimension(input.Rank - axis);
            steps[output.Rank - axis] = size == 1 ? 0 : step;
            step *= size;
        }

        return steps;
    }

    /// <summary>Elements from one place of each axis of a tensor to the next.</summary>
    internal static int[] Own(TensorInfo tensor)
    {
        int[] steps = new int[tensor.Rank];
        int step = 1;
        for (int axis = tensor.Rank - 1; axis >= 0; axis--)
        {
            steps[axis] = step;
            step *= tensor.Dimension(axis);
        }

        return steps;
    }
}
