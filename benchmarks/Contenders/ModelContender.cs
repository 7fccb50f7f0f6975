using EdgeInference.Benchmarks.Models;

namespace EdgeInference.Benchmarks.Contenders;

/// <summary>One engine with one model, asked the calls of a <see cref="RowSet"/> in turn.</summary>
internal abstract class ModelContender(Engine engine, RowSet rows, int outputs) : IContender
{
    internal Engine Engine { get; } = engine;

    public string Name => Engine.Title();

    public float[] Output { get; } = new float[outputs];

    protected RowSet Rows { get; } = rows;

    /// <summary>The call that is next.</summary>
    protected int Next { get; private set; }

    public abstract void Run(int times);

    public abstract void Dispose();

    /// <summary>The outputs of all calls, one behind the other.</summary>
    internal float[] Answers()
    {
        Next = 0;
        float[] answers = new float[Rows.Count * Output.Length];
        for (int i = 0; i < Rows.Count; i++)
        {
            Run(1);
            Output.CopyTo(answers, i * Output.Length);
        }

        return answers;
    }

    /// <summary>The call to make now; moves on to the one after it.</summary>
    protected int Take()
    {
        int now = Next;
        Next = now + 1 == Rows.Count ? 0 : now + 1;
        return now;
    }

    /// <summary>Moves on by calls that were made in one go; gives the first.</summary>
    protected int Take(int times)
    {
        int now = Next;
        Next = (int)((now + (long)times) % Rows.Count);
        return now;
    }
}
