using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using EdgeInference.ModelFormat;
using EdgeInference.Runtime.Kernels;

namespace EdgeInference.Runtime;

/// <summary>
/// Runs a model. Holds the arena, so it serves one thread at a time; create as many as there are threads. After it is
/// made, no call allocates, locks or throws unless its arguments are wrong.
/// </summary>
/// <remarks>
/// Session and model may be disposed on any thread at any time: an inference that is under way ends, the next call throws
/// <see cref="ObjectDisposedException"/>. A span that was handed out stays valid.
/// </remarks>
public sealed unsafe class Session : IDisposable
{
    private readonly SessionMemory memory;
    private readonly BoundKernel[] kernels;
    private readonly TensorPort[] inputs;
    private readonly TensorPort[] outputs;
    private readonly bool hasState;

    // Where the first kernel keeps the address of the model's only input, null where it must be copied; and that input's own address.
    private readonly float** firstInput;
    private readonly float* ownInput;

    // The only number that the model gives, null where it gives more or an integer.
    private readonly float* onlyOutput;
    private BatchRunner? batch;
    private BatchRunner? largeBatch;
    private byte[]?[]? constantOutputs;

    internal Session(EdgeModel model, KernelSet kernelSet)
    {
        Model = model;
        Kernels = kernelSet;
        memory = new SessionMemory(model.Memory, model.File.ArenaBytes);
        kernels = BindKernels(model, memory, kernelSet, model.Limits.MaxScratchBytes);
        inputs = Array.ConvertAll(model.File.Inputs, Port);
        outputs = Array.ConvertAll(model.File.Outputs, Port);
        InputLength = inputs.Sum(port => port.Elements);
        OutputLength = outputs.Sum(port => port.Elements);
        firstInput = FirstInput(model.File);
        ownInput = firstInput == null ? null : *firstInput;
        onlyOutput = OutputLength == 1 && model.File.Outputs[0].Type == TensorType.Float32 ? (float*)Address(model.File.Outputs[0]) : null;
        hasState = model.File.Tensors.Any(tensor => tensor.Storage == TensorStorage.State);
    }

    /// <summary>The model that this session runs.</summary>
    public EdgeModel Model { get; }

    /// <summary>The kernels that this session uses.</summary>
    public KernelSet Kernels { get; }

    /// <summary>Number of values that one inference takes.</summary>
    public int InputLength { get; }

    /// <summary>Number of values that one inference gives.</summary>
    public int OutputLength { get; }

    /// <summary>What the kernels have besides the arena.</summary>
    internal KernelRoom Room => memory.Room!;

    /// <summary>Runs one inference. Quantized inputs and outputs are converted by their scale and zero point.</summary>
    /// <param name="input"><see cref="InputLength"/> values: all inputs one after the other, row-major.</param>
    /// <param name="output">Room for <see cref="OutputLength"/> values or more.</param>
    /// <exception cref="ArgumentException">A span has the wrong length.</exception>
    /// <exception cref="ObjectDisposedException">The session or its model was disposed.</exception>
    /// <exception cref="InvalidOperationException">The session is running on another thread. Not every such call is noticed.</exception>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Run(ReadOnlySpan<float> input, Span<float> output)
    {
        if (input.Length != InputLength || output.Length < OutputLength)
        {
            ThrowLength(input.Length, output.Length);
        }

        memory.Enter();
        fixed (float* source = input, destination = output)
        {
            if (firstInput != null)
            {
                *firstInput = source;
            }
            else
            {
                WriteInputs(source);
            }

            RunKernels();
            if (onlyOutput != null)
            {
                *destination = *onlyOutput;
            }
            else
            {
                ReadOutputs(destination);
            }
        }

        // The last use of memory, which keeps the model's memory too.
        memory.Leave();
    }

    /// <summary>
    /// Runs many inferences. Each weight that is read serves several rows, so that this is faster than as many calls of
    /// <see cref="Run(ReadOnlySpan{float}, Span{float})"/>; results agree with those to the bit in fixed point and to the last
    /// bits in float32. Where the model keeps a state, rows are the steps of one stream, each beginning with the state that the
    /// one before it left. The first call makes room for several rows, and the first of 256 rows or more for these if the model is large; later ones allocate nothing.
    /// </summary>
    /// <param name="inputs"><paramref name="rows"/> times <see cref="InputLength"/> values, row after row.</param>
    /// <param name="outputs">Room for <paramref name="rows"/> times <see cref="OutputLength"/> values or more.</param>
    /// <param name="rows">Number of inferences, 0 or more.</param>
    /// <exception cref="ArgumentException">A span has the wrong length.</exception>
    /// <exception cref="ObjectDisposedException">The session or its model was disposed.</exception>
    /// <exception cref="InvalidOperationException">The session is running on another thread. Not every such call is noticed.</exception>
    public void RunBatch(ReadOnlySpan<float> inputs, Span<float> outputs, int rows)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(rows);
        if (inputs.Length != (long)rows * InputLength || outputs.Length < (long)rows * OutputLength)
        {
            throw new ArgumentException($"The session was given {inputs.Length} input values and room for {outputs.Length} outputs for {rows} rows; see InputLength and OutputLength.");
        }

        memory.ThrowIfClosed();
        int done = 0;
        if (rows >= BatchRunner.MinRows && !hasState && BatchRunner.CanBatch(Model))
        {
            if (rows >= BatchRunner.LargeRows && BatchRunner.IsWorthLarge(Model))
            {
                done = Batch(ref largeBatch, isLarge: true).Run(inputs, outputs, rows / BatchRunner.LargeRows * BatchRunner.LargeRows);
            }

            done += rows - done < BatchRunner.MinRows ? 0 : Batch(ref batch, isLarge: false).Run(inputs[(done * InputLength)..], outputs[(done * OutputLength)..], rows - done);
        }

        for (; done < rows; done++)
        {
            Run(inputs.Slice(done * InputLength, InputLength), outputs.Slice(done * OutputLength, OutputLength));
        }
    }

    /// <summary>Runs one inference on what <see cref="Input{T}"/> was filled with; results are in <see cref="Output{T}"/>. No conversion, no copy.</summary>
    /// <exception cref="ObjectDisposedException">The session or its model was disposed.</exception>
    /// <exception cref="InvalidOperationException">The session is running on another thread. Not every such call is noticed.</exception>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Run()
    {
        memory.Enter();
        if (firstInput != null)
        {
            *firstInput = ownInput;
        }

        RunKernels();
        memory.Leave();
    }

    /// <summary>The elements of an input tensor in the arena, to be filled before <see cref="Run()"/>; its content after a run is undefined.</summary>
    /// <typeparam name="T">The element type: float, sbyte, short or int.</typeparam>
    /// <exception cref="ArgumentException"><typeparamref name="T"/> is not the tensor's element type.</exception>
    /// <exception cref="ObjectDisposedException">The session or its model was disposed.</exception>
    public Span<T> Input<T>(int index = 0)
        where T : unmanaged
    {
        TensorInfo tensor = Typed<T>(Model.File.Inputs[index]);
        return memory.Span<T>(tensor.Offset, tensor.Elements);
    }

    /// <summary>The elements of an output tensor in the arena, valid until the next run.</summary>
    /// <typeparam name="T">The element type: float, sbyte, short or int.</typeparam>
    /// <exception cref="ArgumentException"><typeparamref name="T"/> is not the tensor's element type.</exception>
    /// <exception cref="ObjectDisposedException">The session or its model was disposed.</exception>
    public ReadOnlySpan<T> Output<T>(int index = 0)
        where T : unmanaged
    {
        TensorInfo tensor = Typed<T>(Model.File.Outputs[index]);
        return tensor.Storage == TensorStorage.Constant
            ? MemoryMarshal.Cast<byte, T>(ConstantOutput(index))
            : memory.Span<T>(tensor.Offset, tensor.Elements);
    }

    /// <summary>Sets the state that the model keeps between inferences back to what it is before the first: a new sequence begins.</summary>
    /// <exception cref="ObjectDisposedException">The session or its model was disposed.</exception>
    public void Reset()
    {
        memory.ThrowIfClosed();
        if (!hasState)
        {
            return;
        }

        foreach (TensorInfo tensor in Model.File.Tensors)
        {
            if (tensor.Storage == TensorStorage.State)
            {
                memory.Span<byte>(tensor.Offset, tensor.Bytes).Clear();
            }
        }
    }

    /// <summary>Frees what the session holds, at the end of the inference if one is under way on another thread. Later calls throw <see cref="ObjectDisposedException"/>.</summary>
    public void Dispose()
    {
        memory.Dispose();
        Volatile.Read(ref batch)?.Dispose();
        Volatile.Read(ref largeBatch)?.Dispose();
    }

    /// <summary>The kernels of a model that have work to do, bound to memory for as many inferences at once as <paramref name="rows"/>.</summary>
    /// <remarks>The memory is in use from its beginning to the end of this call.</remarks>
    internal static BoundKernel[] BindKernels(EdgeModel model, SessionMemory memory, KernelSet kernelSet, long maxScratchBytes, int rows = 1)
    {
        try
        {
            return Array.FindAll(KernelProgram.Bind(model, memory, kernelSet, maxScratchBytes, rows), kernel => !kernel.IsNoOp);
        }
        catch
        {
            memory.Dispose();
            throw;
        }
        finally
        {
            memory.Leave();
        }
    }

    /// <summary>The bytes of a tensor of this session's model; of a constant a copy, since a span over a mapped file would not keep it mapped.</summary>
    internal ReadOnlySpan<byte> Bytes(TensorInfo tensor)
    {
        memory.ThrowIfClosed();
        return tensor.Storage == TensorStorage.Constant ? Model.File.Bytes.Copy(tensor.Offset, tensor.Bytes) : memory.Span<byte>(tensor.Offset, tensor.Bytes);
    }

    private static void ThrowLength(int input, int output) =>
        throw new ArgumentException($"The session was given {input} input values and room for {output} outputs; see InputLength and OutputLength.");

    // Who disposes meanwhile either sees the runner or is seen here.
    private BatchRunner Batch(ref BatchRunner? kept, bool isLarge)
    {
        BatchRunner runner = kept ??= new BatchRunner(Model, Kernels, isLarge);
        memory.ThrowIfClosed();
        return runner;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void WriteInputs(float* source)
    {
        foreach (ref readonly TensorPort port in inputs.AsSpan())
        {
            port.Write(source);
            source += port.Elements;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void ReadOutputs(float* destination)
    {
        foreach (ref readonly TensorPort port in outputs.AsSpan())
        {
            port.Read(destination);
            destination += port.Elements;
        }
    }

    // Only where the first operator alone reads the input: its place in the arena is not filled then.
    private float** FirstInput(ModelFile file)
    {
        TensorInfo input = file.Inputs[0];
        bool isAlone = file.Inputs.Length == 1 && input.Type == TensorType.Float32 && kernels.Length > 0
            && file.Operators[0].Inputs[0] == input && file.Operators.Sum(record => record.Inputs.Count(tensor => tensor == input)) == 1
            && !file.Outputs.Contains(input);
        float** place = isAlone ? kernels[0].Input : null;
        return place != null && (byte*)*place == Address(input) ? place : null;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void RunKernels()
    {
        foreach (ref readonly BoundKernel kernel in kernels.AsSpan())
        {
            kernel.Run();
        }
    }

    private static TensorInfo Typed<T>(TensorInfo tensor)
        where T : unmanaged
    {
        bool fits = tensor.Type switch
        {
            TensorType.Float32 => typeof(T) == typeof(float),
            TensorType.Int8 => typeof(T) == typeof(sbyte),
            TensorType.Int16 => typeof(T) == typeof(short),
            TensorType.Int32 => typeof(T) == typeof(int),
            _ => typeof(T) == typeof(long),
        };
        return fits ? tensor : throw new ArgumentException($"The tensor holds {tensor.Type}, not {typeof(T).Name}.");
    }

    // Copied by the first who asks, so that later calls allocate nothing.
    private byte[] ConstantOutput(int index)
    {
        memory.ThrowIfClosed();
        constantOutputs ??= new byte[outputs.Length][];
        return constantOutputs[index] ??= Bytes(Model.File.Outputs[index]).ToArray();
    }

    private byte* Address(TensorInfo tensor) =>
        (tensor.Storage == TensorStorage.Constant ? Model.Memory.Base : memory.Arena) + tensor.Offset;

    private TensorPort Port(TensorInfo tensor) => new(tensor, Address(tensor));
}
