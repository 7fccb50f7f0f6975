namespace EdgeInference.ModelFormat.Signals
{
    /// <content>What a pipeline with a spectrum has besides.</content>
    internal sealed partial class SignalCore
    {
        private FixedSpectrum spectrum;

        partial void MakeSpectrum()
        {
            spectrum = HasSpectrum() ? new FixedSpectrum(length) : null;
        }

        partial void AddSpectrum(ref int bytes)
        {
            bytes += spectrum == null ? 0 : spectrum.RamBytes;
        }

        partial void Transform(int start, int sum, int min, int max)
        {
            if (spectrum != null)
            {
                spectrum.Transform(ring, start, start + next, sum, min, max);
            }
        }

        partial void Bands(int at, float[] values, int offset)
        {
            int kind = plan[at];
            if (kind != (int)SignalFeature.BandPower)
            {
                Triangles(at, values, offset);
                return;
            }

            int end = at + 2 + plan[at + 1];
            for (int edge = at + 2; edge < end; edge++)
            {
                values[offset++] = RoundedFloat.Ratio(spectrum.Sum(plan[edge], plan[edge + 1]), spectrum.Divisor, spectrum.Exponent);
            }
        }

        private bool HasSpectrum()
        {
            for (int i = 0; i < plan.Length; i++)
            {
                if (SignalPlan.HasBands(plan[i]))
                {
                    return true;
                }
            }

            return false;
        }

        // Nothing in code for a pipeline without triangles.
        partial void Triangles(int at, float[] values, int offset);
    }
}
