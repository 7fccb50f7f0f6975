namespace EdgeInference.Runtime.Kernels;

/// <summary>A kernel with its arguments: all that is left to do per inference is one indirect call.</summary>
internal readonly unsafe struct BoundKernel
{
    private readonly delegate*<void*, void> function;
    private readonly void* arguments;

    internal BoundKernel(delegate*<void*, void> function, void* arguments)
    {
        this.function = function;
        this.arguments = arguments;
    }

    /// <summary>Whether the operator needs no work at run time; it is left out then.</summary>
    internal bool IsNoOp => function == null;

    internal void Run() => function(arguments);
}
