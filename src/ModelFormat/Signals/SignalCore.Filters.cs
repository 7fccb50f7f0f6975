namespace EdgeInference.ModelFormat.Signals
{
    /// <content>What a pipeline with filters has besides.</content>
    internal sealed partial class SignalCore
    {
        private BiquadCascade filters;

        partial void MakeFilters(int[] coefficients)
        {
            filters = coefficients.Length == 0 ? null : new BiquadCascade(coefficients, channels);
        }

        partial void AddFilters(ref int bytes)
        {
            bytes += filters == null ? 0 : filters.RamBytes;
        }

        partial void ResetFilters()
        {
            if (filters != null)
            {
                filters.Reset();
            }
        }

        partial void Filter()
        {
            if (filters != null)
            {
                short[] counts = ring;
                int at = next;
                for (int channel = 0; channel < channels; channel++)
                {
                    counts[at] = (short)filters.Next(channel, counts[at]);
                    at += length;
                }
            }
        }
    }
}
