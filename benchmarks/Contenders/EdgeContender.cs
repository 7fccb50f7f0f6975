using EdgeInference.Runtime;

namespace EdgeInference.Benchmarks.Contenders;

/// <summary>Our engine, through the call that a user makes: float32 in, float32 out.</summary>
internal sealed class EdgeContender : IContender
{
    private readonly EdgeModel model;
    private readonly Session session;
    private readonly float[] input;

    internal EdgeContender(string name, byte[] file, float[] input, KernelSet kernels = KernelSet.Fast)
    {
        Name = name;
        this.input = input;
        model = EdgeModel.Load(file);
        session = model.CreateSession(kernels);
        Output = new float[session.OutputLength];
    }

    public string Name { get; }

    public float[] Output { get; }

    public void Run(int times)
    {
        for (int i = 0; i < times; i++)
        {
            session.Run(input, Output);
        }
    }

    public void Dispose()
    {
        session.Dispose();
        model.Dispose();
    }
}
