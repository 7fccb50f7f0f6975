namespace EdgeInference.ModelTraining;

/// <summary>Rounds a layer's values as its int8 form will, and remembers which were clipped: the straight-through estimator passes gradients but there.</summary>
internal sealed class LayerQuantizer(int units, FakeQuantizer? before, FakeQuantizer? after)
{
    private readonly bool[] passes = new bool[units];

    /// <summary>Rounds what the activation reads, where that is rounded at all; to be called before <see cref="RoundAfter"/>.</summary>
    internal void RoundBefore(Span<double> values)
    {
        Array.Fill(passes, true);
        Round(before, values);
    }

    /// <summary>Rounds what the layer gives.</summary>
    internal void RoundAfter(Span<double> values) => Round(after, values);

    /// <summary>Whether a unit's values were not clipped.</summary>
    internal bool Passes(int unit) => passes[unit];

    /// <summary>Sets the gradients of units that were clipped to 0.</summary>
    internal void Block(Span<double> delta)
    {
        for (int i = 0; i < delta.Length; i++)
        {
            delta[i] = passes[i] ? delta[i] : 0;
        }
    }

    private void Round(FakeQuantizer? quantizer, Span<double> values)
    {
        if (quantizer is { } q)
        {
            for (int i = 0; i < values.Length; i++)
            {
                passes[i] &= q.Holds(values[i]);
                values[i] = q.Round(values[i]);
            }
        }
    }
}
