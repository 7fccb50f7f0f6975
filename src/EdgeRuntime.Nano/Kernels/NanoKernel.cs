namespace EdgeInference.Nano.Kernels
{
    /// <summary>
    /// One operator of one session, bound to its arrays. To the interpreter one virtual call per operator costs what a static
    /// one does, about eight instructions; within a kernel nothing is virtual and nothing allocates.
    /// </summary>
    internal abstract class NanoKernel
    {
        /// <summary>Computes the outputs from the inputs.</summary>
        internal abstract void Run();
    }
}
