using EdgeInference.ModelFormat;

namespace EdgeInference.Runtime.Kernels;

/// <summary>The kernels of a model, bound to a session's memory.</summary>
internal static unsafe class KernelProgram
{
    /// <summary>Binds a kernel to each operator, in the file's order, and gives the memory its room.</summary>
    /// <param name="model">The model.</param>
    /// <param name="memory">Memory whose arena is <paramref name="rows"/> times the model's.</param>
    /// <param name="kernels">Fast or reference.</param>
    /// <param name="maxScratchBytes">Most bytes of scratch.</param>
    /// <param name="rows">Inferences that the kernels do at once.</param>
    /// <exception cref="ModelFormatException">The kernels need more.</exception>
    internal static BoundKernel[] Bind(EdgeModel model, SessionMemory memory, KernelSet kernels, long maxScratchBytes, int rows = 1)
    {
        var room = new KernelRoom(maxScratchBytes, NativeBlocks.IsChecked ? default : Measure(model, memory.Arena, kernels, maxScratchBytes, rows));
        memory.Room = room;
        return Bind(model, memory.Arena, room, kernels, rows);
    }

    private static KernelBytes Measure(EdgeModel model, byte* arena, KernelSet kernels, long maxScratchBytes, int rows)
    {
        if (!model.Memory.TryGetKernelBytes(kernels, rows, out KernelBytes bytes))
        {
            bytes = Measure(model, arena, kernels, maxScratchBytes, rows, out _);
            model.Memory.SetKernelBytes(kernels, rows, bytes);
        }

        return bytes;
    }

    /// <summary>What the kernels would take, without packing a weight.</summary>
    /// <param name="model">The model.</param>
    /// <param name="arena">Where the tensors are.</param>
    /// <param name="kernels">Fast or reference.</param>
    /// <param name="maxScratchBytes">Most bytes of scratch.</param>
    /// <param name="rows">Inferences that the kernels do at once.</param>
    /// <param name="sharedBytes">What the model keeps for all sessions: packed weights, and tables.</param>
    /// <exception cref="ModelFormatException">The kernels need more.</exception>
    internal static KernelBytes Measure(EdgeModel model, byte* arena, KernelSet kernels, long maxScratchBytes, int rows, out long sharedBytes)
    {
        using var room = new KernelRoom(maxScratchBytes);
        Bind(model, arena, room, kernels, rows);
        sharedBytes = room.SharedBytes;
        return room.Bytes;
    }

    private static BoundKernel[] Bind(EdgeModel model, byte* arena, KernelRoom room, KernelSet kernels, int rows)
    {
        OperatorRecord[] operators = model.File.Operators;
        var bound = new BoundKernel[operators.Length];
        int[]? readers = kernels == KernelSet.Fast && rows == 1 ? Readers(model.File) : null;
        for (int i = 0; i < operators.Length; i++)
        {
            OperatorRecord record = operators[i];
            room.NextOperator();
            var context = new BindContext(model, arena, room, record, kernels, rows);
            int fused = readers is null ? 0 : Float32.Reduction.SquaredDistanceKernel.Bind(context, operators.AsSpan(i + 1), IsOnlyReader, out bound[i]);
            if (readers is not null && fused == 0)
            {
                fused = Quantized.Reduction.QuantizedDistanceKernel.Bind(context, operators.AsSpan(i + 1), IsOnlyReader, out bound[i]);
            }

            if (readers is not null && fused == 0)
            {
                fused = Float32.Windows.PlanarConvKernel.Bind(context, operators.AsSpan(i + 1), IsOnlyReader, out bound[i]);
            }

            if (fused > 0)
            {
                // It stands where the last of its operators does, whose output it writes.
                (bound[i], bound[i + fused - 1]) = (default, i == 0 ? bound[i] : bound[i].WithoutInput);
                i += fused - 1;
                continue;
            }

            BoundKernel kernel = KernelTable.Find(record.Opcode, record.Inputs[0].Type)!(context);
            bound[i] = i == 0 ? kernel : kernel.WithoutInput;
        }

        return bound;

        bool IsOnlyReader(TensorInfo tensor, int inputs) => readers![tensor.Index] == inputs;
    }

    // How many inputs read each tensor; an output of the model has a reader more.
    private static int[] Readers(ModelFile file)
    {
        int[] readers = new int[file.Tensors.Length];
        foreach (OperatorRecord record in file.Operators)
        {
            for (int i = 0; i < record.Inputs.Length; i++)
            {
                if (record.HasInput(i))
                {
                    readers[record.Inputs[i].Index]++;
                }
            }
        }

        foreach (TensorInfo output in file.Outputs)
        {
            readers[output.Index]++;
        }

        return readers;
    }
}
