namespace EdgeInference.Benchmarks.Contenders;

/// <summary>One engine with one model, ready to run on one input again and again.</summary>
internal interface IContender : IDisposable
{
    string Name { get; }

    /// <summary>The result of the last run.</summary>
    float[] Output { get; }

    /// <summary>Runs the same input <paramref name="times"/> times, without allocation of its own.</summary>
    void Run(int times);
}
