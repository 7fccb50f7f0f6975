using EdgeInference.ModelFormat;

namespace EdgeInference.Runtime.Kernels;

/// <summary>What a kernel may ask while it is bound to one operator of one session. Nothing here is used per inference.</summary>
internal readonly unsafe ref struct BindContext
{
    private readonly EdgeModel model;
    private readonly byte* arena;
    private readonly KernelRoom room;
    private readonly int rows;

    /// <param name="model">The model.</param>
    /// <param name="arena">The session's arena, <paramref name="rows"/> times the model's.</param>
    /// <param name="room">Where the kernel's arguments and scratch are.</param>
    /// <param name="record">The operator.</param>
    /// <param name="kernels">Fast or reference.</param>
    /// <param name="rows">Inferences that the kernel does at once; above 1 only for kernels whose row in the table says so.</param>
    internal BindContext(EdgeModel model, byte* arena, KernelRoom room, OperatorRecord record, KernelSet kernels, int rows = 1)
    {
        this.rows = rows;
        this.model = model;
        this.arena = arena;
        this.room = room;
        Operator = record;
        Kernels = kernels;
    }

    internal OperatorRecord Operator { get; }

    internal KernelSet Kernels { get; }

    internal bool Fast => Kernels == KernelSet.Fast;

    /// <summary>The same for another operator of the session, which the kernel does too.</summary>
    internal BindContext Of(OperatorRecord other) => new(model, arena, room, other, Kernels, rows);

    internal TensorInfo Input(int position) => Operator.Inputs[position];

    /// <summary>Elements of an input, of all inferences that the kernel does at once.</summary>
    internal int Elements(int position) => Operator.Inputs[position].Elements * rows;

    internal TensorInfo Output(int position = 0) => Operator.Outputs[position];

    /// <summary>Address of an input's elements, or null if the operator does not have it.</summary>
    internal byte* InputData(int position) => Operator.HasInput(position) ? Data(Operator.Inputs[position]) : null;

    /// <summary>Address of an output's elements.</summary>
    internal byte* OutputData(int position = 0) => Data(Operator.Outputs[position]);

    /// <summary>Keeps a copy of the arguments for as long as the session lives.</summary>
    internal void* Keep<T>(in T arguments)
        where T : unmanaged
    {
        T* copy = (T*)room.Keep(sizeof(T));
        *copy = arguments;
        return copy;
    }

    /// <summary>Memory that only this kernel writes, for as long as the session lives, 64-byte aligned and zeroed.</summary>
    internal T* KeepMany<T>(int count)
        where T : unmanaged
        => (T*)room.Keep(Within((long)count * sizeof(T)));

    /// <summary>
    /// Memory to work in while the kernel runs, 64-byte aligned. Other kernels use it too: anything may be in it when the kernel begins,
    /// and it must not be touched before.
    /// </summary>
    /// <exception cref="ModelFormatException">The session's kernels ask for more than the model was loaded with.</exception>
    internal byte* Scratch(long bytes)
    {
        byte* block = room.Scratch(Within(bytes));
        return block != null ? block : throw TooLarge(bytes);
    }

    /// <summary>
    /// A table that follows from the operator's shapes, which <paramref name="state"/> gives, 64-byte aligned: shared as
    /// <see cref="Shared"/> is, and counted against what a session may take.
    /// </summary>
    /// <exception cref="ModelFormatException">The session's kernels ask for more than the model was loaded with.</exception>
    internal byte* Table<TState>(long bytes, TState state, PackAction<TState> fill)
        where TState : unmanaged
        => room.TryCountTable(bytes) ? Shared(bytes, state, fill) : throw TooLarge(bytes);

    /// <summary>
    /// Memory that all sessions of the model share, 64-byte aligned, filled once: weights in the order that a kernel
    /// reads them. Operators whose <paramref name="state"/> is the same share it too, so it says all that <paramref name="fill"/>
    /// reads, nothing of the session, and has no padding.
    /// </summary>
    /// <param name="bytes">Bytes.</param>
    /// <param name="state">All that <paramref name="fill"/> reads.</param>
    /// <param name="fill">Fills the memory.</param>
    /// <param name="isForRunsOnly">
    /// Whether nothing reads the memory while kernels are bound, the filling of other memory included. It has only an address then where a
    /// binding is to measure.
    /// </param>
    /// <exception cref="ModelFormatException">The operator's sizes ask for more than 2 GiB.</exception>
    internal byte* Shared<TState>(long bytes, TState state, PackAction<TState> fill, bool isForRunsOnly = false)
        where TState : unmanaged
    {
        int size = Within(bytes);
        byte* measured = room.CountShared(PackKey.Of(size, fill, state), size);
        return measured == null || !isForRunsOnly ? model.Memory.Shared(size, state, fill) : measured;
    }

    private ModelFormatException TooLarge(long bytes) => new(
        "operators", Operator.Offset, $"with {Operator.Name}, which needs {bytes} bytes of working memory, a session takes more than {room.MaxBytes}; raise MaxScratchBytes to load it");

    // A file of a few hundred MB can hold an operator whose sums or padding do not fit an int.
    private int Within(long bytes) => bytes <= int.MaxValue
        ? (int)bytes
        : throw new ModelFormatException("operators", Operator.Offset, $"{Operator.Name} needs {bytes} bytes of working memory, more than {int.MaxValue}");

    private byte* Data(TensorInfo tensor) =>
        tensor.Storage == TensorStorage.Constant ? model.Memory.Base + tensor.Offset : arena + ((long)tensor.Offset * rows);
}

/// <summary>Fills shared memory.</summary>
internal unsafe delegate void PackAction<TState>(byte* destination, TState state)
    where TState : unmanaged;
