namespace EdgeInference.Runtime.Kernels;

/// <summary>A kernel with its arguments: all that is left to do per inference is one indirect call.</summary>
internal readonly unsafe struct BoundKernel
{
    private readonly delegate*<void*, void> function;
    private readonly void* arguments;

    internal BoundKernel(delegate*<void*, void> function, void* arguments, float** input = null)
    {
        this.function = function;
        this.arguments = arguments;
        Input = input;
    }

    /// <summary>
    /// Where the kernel keeps the address of its input 0, if it reads that input alone there, no element beyond its last, and may be given
    /// another address before each run; else null.
    /// </summary>
    internal float** Input { get; }

    /// <summary>The same kernel, of which nobody may change the input.</summary>
    internal BoundKernel WithoutInput => new(function, arguments);

    /// <summary>Whether the operator needs no work at run time; it is left out then.</summary>
    internal bool IsNoOp => function == null;

    internal void Run() => function(arguments);
}
