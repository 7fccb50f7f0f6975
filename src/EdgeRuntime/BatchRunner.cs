using System.Runtime.CompilerServices;
using EdgeInference.ModelFormat;
using EdgeInference.Runtime.Kernels;

namespace EdgeInference.Runtime;

/// <summary>
/// Runs blocks of inferences at once in its own arena: every tensor is as many times longer, at an offset as many
/// times larger, so that tensors overlap exactly where they do in the model's arena.
/// </summary>
internal sealed unsafe class BatchRunner : IDisposable
{
    /// <summary>Rows below which single inferences are as fast.</summary>
    internal const int MinRows = 4;

    // Wide layers have weights that leave a core's own cache: a block of more rows reads them less often, which is worth an arena that leaves it
    // too, up to this. A block of more rows than the number below gains nothing more.
    private const int ArenaBytes = 1 << 20;
    private const int MaxRows = 64;

    /// <summary>Rows of a block of a model whose weights leave a core's own cache: they are read a quarter as often.</summary>
    internal const int LargeRows = 256;

    private const int LargeArenaBytes = 8 << 20;
    private const int LargeWeightBytes = 2 << 20;

    private readonly SessionMemory memory;
    private readonly BoundKernel[] kernels;
    private readonly TensorPort input;
    private readonly TensorPort output;
    private readonly int blockRows;

    /// <param name="model">The model.</param>
    /// <param name="kernelSet">Its kernels.</param>
    /// <param name="isLarge">Whether blocks have <see cref="LargeRows"/>; <see cref="IsWorthLarge"/> says for which models.</param>
    internal BatchRunner(EdgeModel model, KernelSet kernelSet, bool isLarge)
    {
        blockRows = isLarge ? LargeRows : Math.Clamp(ArenaBytes / Math.Max(1, model.File.ArenaBytes) / MinRows * MinRows, MinRows, MaxRows);
        memory = new SessionMemory(model.Memory, checked(model.File.ArenaBytes * blockRows));
        kernels = Session.BindKernels(model, memory, kernelSet, int.MaxValue, blockRows);
        input = Port(model.File.Inputs[0]);
        output = Port(model.File.Outputs[0]);
    }

    /// <summary>Whether the model can be run so: one input, one output, no state, and kernels that take more rows.</summary>
    internal static bool CanBatch(EdgeModel model)
    {
        if (model.File.Inputs.Length != 1 || model.File.Outputs.Length != 1 || model.File.ArenaBytes > int.MaxValue / MaxRows)
        {
            return false;
        }

        foreach (OperatorRecord record in model.File.Operators)
        {
            if (!KernelTable.Batches(record))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Whether larger blocks are faster and their arena is not large beside the rows that the caller holds.</summary>
    internal static bool IsWorthLarge(EdgeModel model)
    {
        if (model.File.ArenaBytes > LargeArenaBytes / LargeRows)
        {
            return false;
        }

        long weights = 0;
        foreach (TensorInfo tensor in model.File.Tensors)
        {
            weights += tensor.Storage == TensorStorage.Constant && tensor.Type == TensorType.Float32 ? tensor.Bytes : 0;
        }

        return weights >= LargeWeightBytes;
    }

    /// <summary>Runs as many rows as blocks are worth while for.</summary>
    /// <returns>The number of rows done, from the first; the caller does the rest.</returns>
    /// <exception cref="ObjectDisposedException">The session or its model was disposed.</exception>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal int Run(ReadOnlySpan<float> inputs, Span<float> outputs, int rows)
    {
        int done = 0;
        memory.Enter();
        fixed (float* source = inputs, destination = outputs)
        {
            // A block costs about as much as half its rows would one by one, whether all of its rows mean something or not.
            while (rows - done >= blockRows / 2)
            {
                int count = Math.Min(blockRows, rows - done);
                input.Write(source + ((long)done * input.Elements), count * input.Elements);
                foreach (ref readonly BoundKernel kernel in kernels.AsSpan())
                {
                    kernel.Run();
                }

                output.Read(destination + ((long)done * output.Elements), count * output.Elements);
                done += count;
            }
        }

        memory.Leave();
        return done;
    }

    /// <summary>Frees what the runner holds, at the end of the block if one is under way.</summary>
    public void Dispose() => memory.Dispose();

    private TensorPort Port(TensorInfo tensor) => new(tensor, memory.Arena + ((long)tensor.Offset * blockRows));
}
