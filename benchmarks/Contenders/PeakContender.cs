namespace EdgeInference.Benchmarks.Contenders;

/// <summary>What one thread of this machine multiplies at best, timed among the engines, so that a slow spell falls on it too.</summary>
internal sealed class PeakContender(Precision precision) : IContender
{
    internal Precision Precision { get; } = precision;

    /// <summary>Multiply-accumulates of one run; 0 where no loop for this processor is known.</summary>
    internal double Products { get; } = MachineLimits.Products(precision);

    public string Name => $"peak of {Precision}";

    public float[] Output => [];

    public void Run(int times)
    {
        for (int i = 0; i < times; i++)
        {
            MachineLimits.Products(Precision);
        }
    }

    public void Dispose()
    {
    }
}
