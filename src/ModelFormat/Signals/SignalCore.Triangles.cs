namespace EdgeInference.ModelFormat.Signals
{
    /// <content>What a pipeline with triangles on the spectrum has besides.</content>
    internal sealed partial class SignalCore
    {
        partial void Triangles(int at, float[] values, int offset)
        {
            bool isLog = plan[at] == (int)SignalFeature.LogMelPower;
            int first = at + 2;
            int last = first + plan[at + 1];
            long falling = 0;
            long rising;
            for (int edge = first; edge <= last; edge++)
            {
                // A triangle falls where the next one rises, and both are 1 together.
                long all = spectrum.Segment(plan[edge], plan[edge + 1], out rising);
                if (edge > first)
                {
                    int power;
                    int mantissa = RoundedFloat.Mantissa(falling + all - rising, spectrum.Divisor, out power);
                    power += spectrum.Exponent;
                    values[offset++] = isLog
                        ? RoundedFloat.Scale(FixedLogarithm.OfOnePlus(mantissa, power), -FixedLogarithm.Bits)
                        : RoundedFloat.Scale(mantissa, power);
                }

                falling = rising;
            }
        }
    }
}
