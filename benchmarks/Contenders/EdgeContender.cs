using EdgeInference.Benchmarks.Models;
using EdgeInference.Runtime;

namespace EdgeInference.Benchmarks.Contenders;

/// <summary>Our engine, through the call that a user makes: float32 in, float32 out.</summary>
internal sealed class EdgeContender : ModelContender
{
    private readonly EdgeModel model;
    private readonly Session session;
    private readonly int batch;

    private EdgeContender(Engine engine, EdgeModel model, Session session, RowSet rows, int batch)
        : base(engine, rows, session.OutputLength * batch)
    {
        this.model = model;
        this.session = session;
        this.batch = batch;
    }

    internal static EdgeContender Create(Engine engine, byte[] file, RowSet rows, int batch)
    {
        EdgeModel model = EdgeModel.Load(file);
        return new EdgeContender(engine, model, model.CreateSession(), rows, batch);
    }

    public override void Run(int times)
    {
        for (int i = 0; i < times; i++)
        {
            ReadOnlySpan<float> input = Rows.Values.AsSpan(Take() * Rows.Length, Rows.Length);
            if (batch == 1)
            {
                session.Run(input, Output);
            }
            else
            {
                session.RunBatch(input, Output, batch);
            }
        }
    }

    public override void Dispose()
    {
        session.Dispose();
        model.Dispose();
    }
}
