using System.Buffers;
using EdgeInference.ModelFormat;
using EdgeInference.Runtime.Kernels;

namespace EdgeInference.Runtime;

/// <summary>
/// A model: validated once, immutable, safe to share between threads. Each thread that runs it takes its own session.
/// </summary>
/// <remarks>
/// Dispose the model after its sessions; an unreferenced one is freed by the garbage collector. A model that was loaded from a path keeps the file mapped and must not be
/// overwritten in place meanwhile; write beside it and rename.
/// </remarks>
public sealed unsafe class EdgeModel : IDisposable
{
    private readonly IDisposable? owner;
    private MemoryHandle pin;
    private readonly Lock sharedLock = new();
    private readonly Dictionary<(int Operator, string Name), nint> shared = [];
    private bool disposed;

    private EdgeModel(ReadOnlyMemory<byte> bytes, IDisposable? owner, ModelLoadOptions? options)
    {
        this.owner = owner;
        Limits = options ?? ModelLoadOptions.Default;
        pin = bytes.Pin();
        Base = (byte*)pin.Pointer;
        try
        {
            File = ModelFile.Read(new ModelBytes(bytes), Limits.MaxSteps);
            Inputs = Array.AsReadOnly(File.Inputs);
            Outputs = Array.AsReadOnly(File.Outputs);
            foreach (OperatorRecord record in File.Operators)
            {
                if (KernelTable.Find(record.Info.Opcode, record.Inputs[0].Type) is null)
                {
                    throw new ModelFormatException("operators", record.Offset, $"this engine has no {record.Info.Name} for {record.Inputs[0].Type}");
                }
            }
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>Frees what a model that was not disposed holds: the pin on its bytes and the memory that sessions share.</summary>
    /// <remarks>A session refers to its model, so this does not run while one is in use. The mapping of a file has its own finalizer, since <see cref="File"/> may outlive the model.</remarks>
    ~EdgeModel() => Free();

    /// <summary>The validated file: tensors and metadata.</summary>
    public ModelFile File { get; }

    /// <summary>The model's name, empty if the file has none.</summary>
    public string Name => File.Metadata.Text(MetadataKey.Name);

    /// <summary>A label for each class, empty if the file has none.</summary>
    public IReadOnlyList<string> Labels => File.Metadata.TextList(MetadataKey.Labels);

    /// <summary>The tensors that a caller fills, one or more: type, shape, scale.</summary>
    public IReadOnlyList<TensorInfo> Inputs { get; }

    /// <summary>The tensors that a caller reads, one or more.</summary>
    public IReadOnlyList<TensorInfo> Outputs { get; }

    /// <summary>Number of values that one inference takes: the elements of all inputs.</summary>
    public int InputLength => File.Inputs.Sum(tensor => tensor.Elements);

    /// <summary>Number of values that one inference gives: the elements of all outputs.</summary>
    public int OutputLength => File.Outputs.Sum(tensor => tensor.Elements);

    /// <summary>What it was loaded with.</summary>
    internal ModelLoadOptions Limits { get; }

    /// <summary>Address of the file's first byte.</summary>
    internal byte* Base { get; }

    /// <summary>Loads a model by mapping its file into memory.</summary>
    /// <exception cref="ModelFormatException">The file is not a valid model, or asks for more steps than the options allow; the message names section and offset.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static EdgeModel Load(string path, ModelLoadOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        var file = new MappedFile(path);
        return new EdgeModel(file.Memory, file, options);
    }

    /// <summary>As <see cref="Load(string, ModelLoadOptions?)"/>, on a thread of the pool: to check a file takes reading all of it.</summary>
    /// <exception cref="ModelFormatException">The file is not a valid model, or asks for more steps than the options allow; the message names section and offset.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled before it began.</exception>
    public static Task<EdgeModel> LoadAsync(string path, ModelLoadOptions? options = null, CancellationToken cancellation = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        return Task.Run(() => Load(path, options), cancellation);
    }

    /// <summary>Loads a model from memory without a copy; the bytes must not change while the model is in use.</summary>
    /// <exception cref="ModelFormatException">The bytes are not a valid model, or ask for more steps than the options allow; the message names section and offset.</exception>
    public static EdgeModel Load(ReadOnlyMemory<byte> bytes, ModelLoadOptions? options = null) => new(bytes, null, options);

    /// <summary>Creates a session with its own arena.</summary>
    /// <exception cref="ModelFormatException">The kernels need more working memory than the options allow.</exception>
    public Session CreateSession(KernelSet kernels = KernelSet.Fast)
    {
        ObjectDisposedException.ThrowIf(disposed, this);
        return new Session(this, kernels);
    }

    /// <summary>Unmaps the file and frees what sessions shared.</summary>
    public void Dispose()
    {
        if (disposed)
        {
            return;
        }

        disposed = true;
        Free();
        owner?.Dispose();
        GC.SuppressFinalize(this);
    }

    internal byte* Shared<TState>(int operatorOffset, string name, int bytes, TState state, PackAction<TState> fill)
        where TState : unmanaged
    {
        lock (sharedLock)
        {
            if (!shared.TryGetValue((operatorOffset, name), out nint block))
            {
                block = NativeBlocks.Allocate(bytes);
                fill((byte*)block, state);
                shared.Add((operatorOffset, name), block);
            }

            return (byte*)block;
        }
    }

    private void Free()
    {
        foreach (nint block in shared.Values)
        {
            NativeBlocks.Free(block);
        }

        shared.Clear();
        pin.Dispose();
    }
}
