namespace EdgePi;

/// <summary>A machine at rest that shakes for three seconds in every six.</summary>
internal static class SimulatedMachine
{
    internal static void Read(Span<float> sample)
    {
        double seconds = Environment.TickCount64 / 1000.0;
        double amplitude = seconds % 6 < 3 ? 0.5 : 0.01;
        sample[0] = (float)(amplitude * Math.Sin(2 * Math.PI * 20 * seconds));
        sample[1] = (float)(amplitude * Math.Cos(2 * Math.PI * 20 * seconds));
        sample[2] = (float)(1 + (amplitude * Math.Sin(2 * Math.PI * 7 * seconds)));
    }
}
