using EdgeInference.ModelFormat;
using EdgeInference.Runtime;
using EdgeInference.Runtime.Kernels;

namespace EdgeInference.ModelConverter.Check;

/// <summary>The kernels of a model with memory of their own, to be run one by one by who looks between them.</summary>
internal sealed unsafe class OperatorRun : IDisposable
{
    private readonly EdgeModel model;
    private readonly SessionMemory memory;

    /// <summary>Binds the kernels. The memory is in use until the end, even if the model is disposed meanwhile.</summary>
    internal OperatorRun(EdgeModel model, KernelSet kernels)
    {
        this.model = model;
        memory = new SessionMemory(model.Memory, model.File.ArenaBytes);
        try
        {
            Kernels = KernelProgram.Bind(model, memory, kernels, int.MaxValue);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>A kernel for each operator, in the file's order; one without work stands where another does its operator too, or where nothing is to be done.</summary>
    internal BoundKernel[] Kernels { get; }

    /// <summary>Writes the inputs of an inference.</summary>
    internal void Fill(ReadOnlySpan<float> row)
    {
        fixed (float* values = row)
        {
            float* from = values;
            foreach (TensorInfo input in model.File.Inputs)
            {
                new TensorPort(input, memory.Arena + input.Offset).Write(from);
                from += input.Elements;
            }
        }
    }

    /// <summary>Whether an operator has a kernel of its own.</summary>
    internal bool HasKernel(int index) => !Kernels[index].IsNoOp;

    /// <summary>Runs an operator, if it has work to do.</summary>
    internal void Run(int index)
    {
        if (HasKernel(index))
        {
            Kernels[index].Run();
        }
    }

    /// <summary>The elements of a tensor of the arena as they are now, real numbers where it is quantized.</summary>
    internal float[] Read(TensorInfo tensor)
    {
        float[] values = new float[tensor.Elements];
        fixed (float* to = values)
        {
            new TensorPort(tensor, memory.Arena + tensor.Offset).Read(to);
        }

        return values;
    }

    /// <summary>Frees the memory.</summary>
    public void Dispose()
    {
        memory.Dispose();
        memory.Leave();
    }
}
