using EdgeInference.Runtime;

namespace EdgeInference.Benchmarks.Contenders;

/// <summary>Our engine without the conversion and copy of inputs and outputs: what lies in the arena is run again.</summary>
internal sealed class InPlaceContender : IContender
{
    private readonly EdgeModel model;
    private readonly Session session;

    internal InPlaceContender(string name, byte[] file)
    {
        Name = name;
        model = EdgeModel.Load(file);
        session = model.CreateSession();
        Output = new float[session.OutputLength];
    }

    public string Name { get; }

    public float[] Output { get; }

    public void Run(int times)
    {
        for (int i = 0; i < times; i++)
        {
            session.Run();
        }
    }

    public void Dispose()
    {
        session.Dispose();
        model.Dispose();
    }
}
