using EdgeInference.ModelFormat;
using EdgeInference.Runtime.Kernels;

namespace EdgeInference.Runtime;

/// <summary>
/// A model: validated once, immutable, safe to share between threads. Each thread that runs it takes its own session.
/// </summary>
/// <remarks>
/// The model may be disposed while its sessions run: what is under way ends, every later call throws
/// <see cref="ObjectDisposedException"/>. One that nobody refers to is freed by the garbage collector.
/// </remarks>
public sealed unsafe class EdgeModel : IDisposable
{
    private EdgeModel(ReadOnlyMemory<byte> bytes, IDisposable? owner, ModelLoadOptions? options)
    {
        Limits = options ?? ModelLoadOptions.Default;
        Memory = new ModelMemory(bytes, owner);
        try
        {
            File = ModelFile.Read(new ModelBytes(bytes), Limits.MaxSteps);
            Inputs = Array.AsReadOnly(File.Inputs);
            Outputs = Array.AsReadOnly(File.Outputs);
            foreach (OperatorRecord record in File.Operators)
            {
                if (KernelTable.Find(record.Opcode, record.Inputs[0].Type) is null)
                {
                    throw new ModelFormatException("operators", record.Offset, $"this engine has no {record.Name} for {record.Inputs[0].Type}");
                }
            }
        }
        catch
        {
            Dispose();
            throw;
        }
    }

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

    /// <summary>What sessions read.</summary>
    internal ModelMemory Memory { get; }

    /// <summary>Loads a model from a copy of its file, which may change or vanish afterwards, or as the options say.</summary>
    /// <param name="path">Path of the .edge file.</param>
    /// <param name="options">How to load it; null for the defaults.</param>
    /// <exception cref="ModelFormatException">The file is not a valid model, or asks for more steps than the options allow; the message names section and offset.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static EdgeModel Load(string path, ModelLoadOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        FileBytes file = options is { MapFile: true } ? new MappedFile(path) : new FileCopy(path);
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
    /// <exception cref="ObjectDisposedException">The model was disposed.</exception>
    public Session CreateSession(KernelSet kernels = KernelSet.Fast) => new(this, kernels);

    /// <summary>
    /// Frees what the model holds, at the end of the inferences that are under way on other threads. Later calls of its sessions
    /// throw <see cref="ObjectDisposedException"/>.
    /// </summary>
    public void Dispose() => Memory.Dispose();
}
