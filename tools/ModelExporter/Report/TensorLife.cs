using EdgeInference.ModelFormat;

namespace EdgeInference.Tool.Report;

/// <summary>How long a tensor of the arena is needed.</summary>
/// <param name="Tensor">The tensor.</param>
/// <param name="First">Index of the operator that writes it; −1 where a caller does.</param>
/// <param name="Last">Index of the last operator that reads it; the number of operators where a caller does.</param>
internal sealed record TensorLife(TensorInfo Tensor, int First, int Last)
{
    /// <summary>The lives of a file's tensors in the arena, as its operators use them. State lives throughout.</summary>
    internal static IReadOnlyList<TensorLife> Of(ModelFile file)
    {
        var first = new Dictionary<int, int>();
        var last = new Dictionary<int, int>();
        foreach (TensorInfo input in file.Inputs)
        {
            first[input.Index] = -1;
            last[input.Index] = -1;
        }

        for (int step = 0; step < file.Operators.Length; step++)
        {
            foreach (TensorInfo input in file.Operators[step].Inputs.Where(input => input is not null))
            {
                last[input.Index] = step;
            }

            foreach (TensorInfo output in file.Operators[step].Outputs)
            {
                first.TryAdd(output.Index, step);
                last[output.Index] = step;
            }
        }

        foreach (TensorInfo output in file.Outputs)
        {
            last[output.Index] = file.Operators.Length;
        }

        return
        [
            .. file.Tensors.Where(tensor => tensor.Storage != TensorStorage.Constant && (tensor.Storage == TensorStorage.State || first.ContainsKey(tensor.Index)))
                .Select(tensor => tensor.Storage == TensorStorage.State
                    ? new TensorLife(tensor, -1, file.Operators.Length)
                    : new TensorLife(tensor, first[tensor.Index], last[tensor.Index])),
        ];
    }
}
